//! Many rows in one `INSERT`, so that a bulk costs few round trips.

/// The most placeholders in one statement; the protocol counts them in 16 bits.
const PLACEHOLDERS: usize = 16_384;
/// The most rows in one statement.
const ROWS: usize = 64;

/// A plain `INSERT … VALUES (…) …`, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    head: String,
    group: String,
    tail: String,
    columns: usize,
}

impl Shape {
    /// Takes `sql` apart; `None` when it is not a plain insert.
    ///
    /// `DO UPDATE` is no plain insert: the same row twice in one statement is
    /// an error there, and one after the other it is not.
    pub(crate) fn of(sql: &str) -> Option<Self> {
        let upper = sql.to_ascii_uppercase();
        if !upper.trim_start().starts_with("INSERT") || upper.contains("DO UPDATE") || sql.contains('\'') {
            return None;
        }
        let open = upper.find("VALUES").map(|at| at + "VALUES".len())?;
        let start = open + sql[open..].find('(')?;
        let end = start + closing(&sql[start..])?;
        let (head, group, tail) = (&sql[..start], &sql[start..=end], &sql[end + 1..]);
        let columns = highest(group);
        let plain = sql[open..start].trim().is_empty()
            && !tail.trim_start().starts_with(',')
            && !head.contains('$')
            && !tail.contains('$')
            && columns > 0;
        plain.then(|| Self { head: head.into(), group: group.into(), tail: tail.into(), columns })
    }

    /// Counts the placeholders of one row.
    pub(crate) const fn columns(&self) -> usize {
        self.columns
    }

    /// Gives how many rows go into one statement at most.
    pub(crate) const fn most_rows(&self) -> usize {
        let fit = PLACEHOLDERS / self.columns;
        if fit == 0 {
            1
        } else if fit < ROWS {
            fit
        } else {
            ROWS
        }
    }

    /// Builds the statement for this many rows.
    pub(crate) fn text(&self, rows: usize) -> String {
        let groups: Vec<String> = (0..rows).map(|row| shift(&self.group, row * self.columns)).collect();
        format!("{}{}{}", self.head, groups.join(", "), self.tail)
    }
}

/// Splits a count into powers of two, so that few different statements exist.
pub(crate) fn widths(mut count: usize) -> Vec<usize> {
    let mut widths = Vec::new();
    while count > 0 {
        let width = 1 << count.ilog2();
        widths.push(width);
        count -= width;
    }
    widths
}

fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 1 => return Some(at),
            b')' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn highest(group: &str) -> usize {
    numbers(group).max().unwrap_or(0)
}

fn numbers(group: &str) -> impl Iterator<Item = usize> {
    group.split('$').skip(1).filter_map(|part| part[..digits(part)].parse().ok())
}

fn shift(group: &str, offset: usize) -> String {
    let mut parts = group.split('$');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let length = digits(part);
        let number: usize = part[..length].parse().unwrap_or(0);
        text.push_str(&format!("${}{}", number + offset, &part[length..]));
    }
    text
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_insert_grows_to_many_rows() {
        let shape = Shape::of("INSERT INTO t (a, b) VALUES ($2, lower($1)) ON CONFLICT DO NOTHING").unwrap();
        assert_eq!(
            shape.text(2),
            "INSERT INTO t (a, b) VALUES ($2, lower($1)), ($4, lower($3)) ON CONFLICT DO NOTHING"
        );
    }

    #[test]
    fn other_statements_run_row_by_row() {
        for sql in [
            "UPDATE t SET a = $1",
            "INSERT INTO t SELECT $1",
            "INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET a = 1",
            "INSERT INTO t (a) VALUES ($1), ($2)",
            "INSERT INTO t (a) VALUES ('x)' || $1)",
        ] {
            assert_eq!(Shape::of(sql), None, "{sql}");
        }
    }

    #[test]
    fn counts_split_into_powers_of_two() {
        assert_eq!(widths(64), [64]);
        assert_eq!(widths(45), [32, 8, 4, 1]);
    }
}
