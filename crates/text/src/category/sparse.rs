//! Rows of few values over many columns.

/// Rows in one piece of memory: columns ascending in each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f32>,
}

/// One row: columns and their values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a> {
    pub(crate) columns: &'a [u32],
    pub(crate) values: &'a [f32],
}

impl Rows {
    /// Appends a row.
    pub(crate) fn push(&mut self, row: &[(u32, f32)]) {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        self.columns.extend(row.iter().map(|(column, _)| column));
        self.values.extend(row.iter().map(|(_, value)| value));
        self.starts.push(self.columns.len());
    }

    /// Gives one row.
    pub(crate) fn row(&self, at: usize) -> Row<'_> {
        let span = self.starts[at]..self.starts[at + 1];
        Row { columns: &self.columns[span.clone()], values: &self.values[span] }
    }
}

impl Row<'_> {
    /// Gives the pairs of column and value.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (usize, f32)> {
        self.columns.iter().zip(self.values).map(|(column, value)| (*column as usize, *value))
    }
}
