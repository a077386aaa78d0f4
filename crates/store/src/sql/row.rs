//! One row of an answer.

use super::{FromValue, StoreError, Value};

/// One row; columns are read by their place, from 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    values: Vec<Value>,
}

impl Row {
    pub(crate) const fn new(values: Vec<Value>) -> Self {
        Self { values }
    }

    /// Reads the column at `index`, counted from 0.
    ///
    /// # Errors
    /// [`StoreError::Type`] when there is no such column or it holds something else.
    pub fn get<T: FromValue>(&self, index: usize) -> Result<T, StoreError> {
        let value = self.value(index)?;
        T::from_value(value).ok_or_else(|| StoreError::Type {
            context: format!("column {index} holds {} where {} is expected", value.kind(), T::KIND),
        })
    }

    /// Borrows the text of the column at `index`, for large texts.
    ///
    /// # Errors
    /// [`StoreError::Type`] when there is no such column or it is not text.
    pub fn text(&self, index: usize) -> Result<&str, StoreError> {
        match self.value(index)? {
            Value::Text(text) => Ok(text),
            other => Err(StoreError::Type {
                context: format!("column {index} holds {} where text is expected", other.kind()),
            }),
        }
    }

    /// Gives all values in the order of the columns.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    fn value(&self, index: usize) -> Result<&Value, StoreError> {
        self.values
            .get(index)
            .ok_or_else(|| StoreError::Type { context: format!("there is no column {index}") })
    }
}
