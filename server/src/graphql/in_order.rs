//! Objects and lists whose values are there already.
//!
//! An object is otherwise answered with a boxed future for each of its fields, and a list with one for each row, all of
//! them alive at once. Where the values are in memory that is most of the work of an answer.

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{Field, Selection};
use async_graphql::registry::Registry;
use async_graphql::resolver_utils::resolve_container;
use async_graphql::{ContainerType, ContextSelectionSet, OutputType, Positioned, ServerResult, Value};
use std::borrow::Cow;

/// Rows that are answered one after the other, and each of them field by field.
pub struct InOrder<T>(pub Vec<T>);

impl<T> FromIterator<T> for InOrder<T> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        InOrder(rows.into_iter().collect())
    }
}

impl<T: ContainerType> OutputType for InOrder<T> {
    fn type_name() -> Cow<'static, str> {
        Vec::<T>::type_name()
    }

    fn qualified_type_name() -> String {
        Vec::<T>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Vec::<T>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        let mut values = Vec::with_capacity(self.0.len());
        for (index, row) in self.0.iter().enumerate() {
            let here = ctx.with_index(index);
            let value = field_by_field(&here, row).await.map_err(|error| here.set_error_path(error))?;
            values.push(value);
        }
        Ok(Value::List(values))
    }
}

/// An object that is answered field by field.
pub struct FieldByField<T>(pub T);

impl<T: ContainerType> OutputType for FieldByField<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn qualified_type_name() -> String {
        T::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        field_by_field(ctx, &self.0).await
    }
}

/// Answers the fields of an object one after the other; what is more than plain fields is left to the library.
async fn field_by_field<T: ContainerType>(ctx: &ContextSelectionSet<'_>, object: &T) -> ServerResult<Value> {
    let Some(fields) = plain(&ctx.item.node.items) else { return resolve_container(ctx, object).await };
    let mut values = IndexMap::with_capacity(fields.len());
    for field in fields {
        let here = ctx.with_field(field);
        let value = match field.node.name.node.as_str() {
            "__typename" => Ok(Some(Value::String(object.introspection_type_name().into_owned()))),
            _ => object.resolve_field(&here).await,
        };
        match value {
            Ok(value) => {
                values.insert(field.node.response_key().node.clone(), value.unwrap_or_default());
            }
            Err(error) => ctx.add_error(error),
        }
    }
    Ok(if values.is_empty() { Value::Null } else { Value::Object(values) })
}

/// The fields of a selection that has no fragments and no name twice.
fn plain(selections: &[Positioned<Selection>]) -> Option<Vec<&Positioned<Field>>> {
    let mut fields: Vec<&Positioned<Field>> = Vec::with_capacity(selections.len());
    for selection in selections {
        let Selection::Field(field) = &selection.node else { return None };
        let name = &field.node.response_key().node;
        if fields.iter().any(|other| other.node.response_key().node == *name) {
            return None;
        }
        fields.push(field);
    }
    Some(fields)
}
