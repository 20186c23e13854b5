//! Where a page of a list ends.

use super::schema::schema;
use serde::Serialize;

/// Where a page of a list ends.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[serde(rename_all = "camelCase")]
pub struct PageInfo {
    /// Whether there is another page.
    pub has_next_page: bool,
    /// Ask for what comes after this.
    pub end_cursor: Option<String>,
}

impl PageInfo {
    /// After what the next page begins, if there is one.
    pub fn next(self) -> Option<String> {
        self.end_cursor.filter(|_| self.has_next_page)
    }
}
