//! A list whose rows are there already.

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{ContextSelectionSet, OutputType, Positioned, ServerResult, Value};
use std::borrow::Cow;

/// Rows that are answered one after the other. A list is otherwise answered with a future for each row, all of them alive
/// at once; where the rows are in memory that is work for nothing.
pub struct InOrder<T>(pub Vec<T>);

impl<T> FromIterator<T> for InOrder<T> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        InOrder(rows.into_iter().collect())
    }
}

impl<T: OutputType> OutputType for InOrder<T> {
    fn type_name() -> Cow<'static, str> {
        Vec::<T>::type_name()
    }

    fn qualified_type_name() -> String {
        Vec::<T>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Vec::<T>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let mut values = Vec::with_capacity(self.0.len());
        for (index, row) in self.0.iter().enumerate() {
            let here = ctx.with_index(index);
            let value = row.resolve(&here, field).await.map_err(|error| here.set_error_path(error))?;
            values.push(value);
        }
        Ok(Value::List(values))
    }
}
