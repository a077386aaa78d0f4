//! Statements put together from fixed pieces, for optional filters and pages.

use super::{StoreError, Value};

/// The most values one `IN` list may have.
pub const MAX_IN: usize = 1_024;

/// A statement built from `&'static str` pieces and bound values.
///
/// Each piece numbers its own placeholders from `$1`; they are renumbered when
/// the piece is added, so no text from outside can ever reach the statement.
///
/// ```
/// use huiyin_store::{Query, values};
/// let mut query = Query::new("SELECT id FROM cases WHERE org = $1", values![7]);
/// query.bind(" AND status = $1", values!["open"]);
/// query.bind_in(" AND kind IN ", values!["repair", "fault"]);
/// query.push(" ORDER BY id");
/// assert_eq!(
///     query.text(),
///     "SELECT id FROM cases WHERE org = $1 AND status = $2 AND kind IN ($3, $4) ORDER BY id"
/// );
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    text: String,
    values: Vec<Value>,
    mistake: Option<StoreError>,
}

impl Query {
    /// Starts with a piece and the values of its placeholders.
    #[must_use]
    pub fn new(piece: &'static str, values: impl Into<Vec<Value>>) -> Self {
        let mut query = Self::default();
        query.bind(piece, values);
        query
    }

    /// Adds a piece without placeholders.
    pub fn push(&mut self, piece: &'static str) -> &mut Self {
        self.bind(piece, Vec::new())
    }

    /// Adds a piece whose `$1`, `$2`… stand for `values`, in that order.
    pub fn bind(&mut self, piece: &'static str, values: impl Into<Vec<Value>>) -> &mut Self {
        let values = values.into();
        match renumber(piece, self.values.len()) {
            Some((text, used)) if used == values.len() => {
                self.text.push_str(&text);
                self.values.extend(values);
            }
            _ => self.refuse(format!("placeholders and values do not match in: {piece}")),
        }
        self
    }

    /// Adds `piece` and a list in brackets: `" AND kind IN "`.
    ///
    /// An empty list matches nothing. Lists are filled up with their last value
    /// to a power of two, so that few different statements are prepared; only
    /// `IN` is right here, never `NOT IN`.
    pub fn bind_in(&mut self, piece: &'static str, values: impl Into<Vec<Value>>) -> &mut Self {
        let mut values = values.into();
        if values.len() > MAX_IN {
            self.refuse(format!("{} values in a list of at most {MAX_IN}: {piece}", values.len()));
            return self;
        }
        self.push(piece);
        let Some(last) = values.last().cloned() else { return self.push("(NULL)") };
        values.resize(values.len().next_power_of_two(), last);
        let first = self.values.len() + 1;
        let places: Vec<String> = (first..first + values.len()).map(|number| format!("${number}")).collect();
        self.text.push_str(&format!("({})", places.join(", ")));
        self.values.extend(values);
        self
    }

    /// Gives the statement so far.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Gives the values so far, `$1` first.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    pub(crate) fn parts(&self) -> Result<(&str, &[Value]), StoreError> {
        self.mistake.clone().map_or(Ok((&self.text, &self.values)), Err)
    }

    fn refuse(&mut self, context: String) {
        self.mistake.get_or_insert(StoreError::Other { context });
    }
}

/// Adds `offset` to each placeholder; gives the text and the highest number found.
fn renumber(piece: &str, offset: usize) -> Option<(String, usize)> {
    let mut text = String::with_capacity(piece.len() + 8);
    let mut highest = 0;
    let mut quoted = false;
    let mut rest = piece;
    while let Some(at) = rest.find(['$', '\'']) {
        text.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        if rest.as_bytes()[at] == b'\'' || quoted {
            quoted ^= rest.as_bytes()[at] == b'\'';
            text.push_str(&rest[at..=at]);
            rest = tail;
            continue;
        }
        let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
        let number: usize = tail[..digits].parse().ok().filter(|number| *number > 0)?;
        highest = highest.max(number);
        text.push_str(&format!("${}", number + offset));
        rest = &tail[digits..];
    }
    text.push_str(rest);
    Some((text, highest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values;

    #[test]
    fn pieces_are_renumbered_in_any_order_and_outside_quotes() {
        let mut query = Query::new("a = $2 AND b = $1", values![1, 2]);
        query.bind(" AND c = '$1''s' AND d = $1", values![3]);
        assert_eq!(query.text(), "a = $2 AND b = $1 AND c = '$1''s' AND d = $3");
        assert_eq!(query.values(), values![1, 2, 3]);
    }

    #[test]
    fn lists_are_filled_to_a_power_of_two_and_bounded() {
        let mut query = Query::new("x = $1 AND y", values![0]);
        query.bind_in(" IN ", values![1, 2, 3]);
        assert_eq!(query.text(), "x = $1 AND y IN ($2, $3, $4, $5)");
        assert_eq!(query.values(), values![0, 1, 2, 3, 3]);
        let mut empty = Query::new("y", []);
        empty.bind_in(" IN ", []);
        assert_eq!(empty.text(), "y IN (NULL)");
        let mut long = Query::new("y", []);
        long.bind_in(" IN ", vec![Value::Int(1); MAX_IN + 1]);
        assert!(long.parts().is_err());
    }

    #[test]
    fn values_that_do_not_match_the_placeholders_are_a_mistake() {
        assert!(Query::new("a = $1", []).parts().is_err());
        assert!(Query::new("a = $1", values![1, 2]).parts().is_err());
        assert!(Query::new("a = $x", values![1]).parts().is_err());
    }
}
