//! Finds the error codes of the sources.
//!
//! A code is a snake_case literal in one of these places, and only there:
//! a file `codes.rs`, a `const CODES: &[&str] = &["..."]`, the body of a
//! `fn code(...) -> &'static str`, `#[error("code: ...")]` of a domain type, a field `code: "..."` of a value, or where
//! something named `code` takes it (see [`super::calls`]).
//! Its message key is the code with `-` for `_`.

use super::calls;
use crate::tree::{SourceFile, Tree};

/// One code and where it is written.
#[derive(Debug)]
pub(crate) struct Code {
    /// The code, snake_case.
    pub(crate) name: String,
    /// File, from the root.
    pub(crate) path: String,
    /// Line in the file, from 1.
    pub(crate) line: usize,
}

impl Code {
    /// Gives the key of its message in the catalogues.
    pub(crate) fn key(&self) -> String {
        self.name.replace('_', "-")
    }
}

/// Finds the codes of the product's crates, tests left out, each once.
pub(crate) fn find(tree: &Tree) -> Vec<Code> {
    let mut codes = Vec::new();
    let sources = product_files(tree);
    for file in &sources {
        in_file(file, &mut codes);
    }
    calls::find(&sources, "code", &mut codes);
    each_once(codes)
}

/// Sorts codes by name and keeps each once.
pub(super) fn each_once(mut codes: Vec<Code>) -> Vec<Code> {
    codes.sort_by(|a, b| a.name.cmp(&b.name));
    codes.dedup_by(|a, b| a.name == b.name);
    codes
}

/// Gives the sources of the product's crates, tests left out.
pub(super) fn product_files(tree: &Tree) -> Vec<&SourceFile> {
    tree.rust().filter(|file| file.path.starts_with("crates/") && !file.is_test_file()).collect()
}

fn in_file(file: &SourceFile, codes: &mut Vec<Code>) {
    let text = product_code(file);
    if file.path.ends_with("/codes.rs") {
        literals(file, 0, text.len(), codes);
    }
    for (at, _) in text.match_indices("CODES: ") {
        // The type holds brackets too: the list begins after the `=`.
        let Some(start) = text[at..].find('=') else { continue };
        let end = text[at + start..].find("];").map_or(text.len(), |end| at + start + end);
        literals(file, at + start, end, codes);
    }
    for (at, _) in text.match_indices("fn code(") {
        let Some(head_end) = text[at..].find('{') else { continue };
        if text[at..at + head_end].contains("'static str") {
            literals(file, at + head_end, body_end(text, at + head_end), codes);
        }
    }
    if file.path.starts_with("crates/domain/") {
        told(file, text, codes);
    }
    for (at, _) in text.match_indices("code: \"") {
        let starts_a_field = !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '"');
        let line_end = text[at..].find(['\n', ',']).map_or(text.len(), |end| at + end);
        if starts_a_field {
            literals(file, at, line_end, codes);
        }
    }
}

/// Takes the code from `#[error("code: explanation")]` of domain types, which
/// become faults of fields that way.
fn told(file: &SourceFile, text: &str, codes: &mut Vec<Code>) {
    const BEGIN: &str = "#[error(\"";
    for (at, _) in text.match_indices(BEGIN) {
        let Some((name, _)) = text[at + BEGIN.len()..].split_once(": ") else { continue };
        if is_code(name) {
            let line = text[..at].matches('\n').count() + 1;
            codes.push(Code { name: name.to_owned(), path: file.path.clone(), line });
        }
    }
}

/// Gives the text of a file before its tests.
pub(super) fn product_code(file: &SourceFile) -> &str {
    file.text.split("#[cfg(test)]").next().unwrap_or("")
}

/// Finds the brace that closes the one at `open`.
pub(super) fn body_end(text: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return at,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// Says whether a text can be a code: snake_case.
pub(super) fn is_code(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Takes the snake_case string literals between two places, comments left out.
pub(super) fn literals(file: &SourceFile, start: usize, end: usize, codes: &mut Vec<Code>) {
    let first_line = file.text[..start].matches('\n').count() + 1;
    for (offset, line) in file.text[start..end].lines().enumerate() {
        let line = line.split("//").next().unwrap_or("");
        for literal in line.split('"').skip(1).step_by(2) {
            if is_code(literal) {
                codes.push(Code {
                    name: literal.to_owned(),
                    path: file.path.clone(),
                    line: first_line + offset,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Domain types say their code before the explanation.
    #[test]
    fn a_code_before_an_explanation_is_read() {
        let text = "
enum MoneyError {
    #[error(\"amount_malformed: amount must be digits\")]
    Malformed,
    #[error(\"clock is closed\")]
    Closed,
    #[error(\"Not: a code\")]
    Other,
}
";
        let file = |path: &str| SourceFile { path: path.to_owned(), text: text.to_owned() };
        let files = vec![file("crates/domain/src/money.rs"), file("crates/store/src/money.rs")];
        let codes = find(&Tree { files, ..Tree::default() });
        let found: Vec<String> = codes.iter().map(|code| format!("{}:{}", code.line, code.name)).collect();
        assert_eq!(found, ["3:amount_malformed"]);
    }

    #[test]
    fn the_shapes_are_read() {
        let text = "
pub const CODES: &[&str] = &[
    \"not_owner\", // \"no_code\"
    \"approval_stale\",
];
impl E {
    pub fn code(&self) -> &'static str {
        match self { Self::A { .. } => \"too_large\", Self::B => { \"not_found\" } }
    }
}
let e = Error { code: \"malformed_body\", title: \"other\" };
let p = json!({ \"error_code: \": \"no\" });
#[cfg(test)]
mod tests { const CODES: &[&str] = &[\"only_a_test\"]; }
";
        let file = SourceFile { path: "crates/app/src/e.rs".to_owned(), text: text.to_owned() };
        let codes = find(&Tree { files: vec![file], ..Tree::default() });
        let found: Vec<String> = codes.iter().map(|code| format!("{}:{}", code.line, code.name)).collect();
        assert_eq!(
            found,
            ["4:approval_stale", "11:malformed_body", "8:not_found", "3:not_owner", "8:too_large"]
        );
    }
}
