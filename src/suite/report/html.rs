//! A report as one page.

use super::Report;
use crate::suite::outcome::{CaseResult, Totals};

/// The page as it grows.
#[derive(Debug, Default)]
pub(crate) struct Page {}

impl Report for Page {
    fn case(&mut self, _case: &CaseResult) {}

    fn end(self: Box<Self>, _totals: &Totals) -> Vec<u8> {
        Vec::new()
    }
}
