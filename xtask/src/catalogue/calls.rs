//! Codes and reasons that are given as arguments.
//!
//! Every function with a parameter of a name, such as `code`, is found first, then every call
//! of it; a closure counts (`let need = |open, code| ..`), and so does a tuple
//! that is taken apart (`let (open, code) = match ..`). `new` is told apart by its type: `Reason::new(..)`, or `Self::new(..)`
//! in an implementation of it. An argument in capitals is looked up among the constants.

use super::codes::{Code, body_end, is_code, product_code};
use crate::tree::SourceFile;
use std::collections::{BTreeMap, BTreeSet};

/// Adds what is given to parameters of a name.
pub(super) fn find(sources: &[&SourceFile], name: &str, codes: &mut Vec<Code>) {
    let constants: BTreeMap<&str, &str> =
        sources.iter().flat_map(|file| constants(product_code(file))).collect();
    let takers: BTreeSet<Taker> = sources.iter().flat_map(|file| takers(product_code(file), name)).collect();
    for file in sources {
        for taker in &takers {
            calls(file, taker, &constants, codes);
        }
        tuples(file, name, codes);
    }
}

/// A function with a parameter of the name.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Taker {
    /// Type that it belongs to, for `new`; otherwise empty.
    owner: String,
    /// Name of the function.
    name: String,
    /// Place of the parameter, `self` not counted.
    index: usize,
}

impl Taker {
    /// Says whether a call right after `before` is one of this function.
    fn is_called_after(&self, before: &str) -> bool {
        if self.owner.is_empty() {
            return !before.ends_with(|c: char| c.is_alphanumeric() || c == '_') && !before.ends_with("fn ");
        }
        let qualifier = before.strip_suffix("::").unwrap_or("");
        let named: &str = qualifier.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("");
        named == self.owner || named == "Self" && enclosing_type(before) == self.owner
    }
}

/// Gives how functions with such a parameter are called, and its place.
fn takers(text: &str, wanted: &str) -> Vec<Taker> {
    let typed = format!("{wanted}:");
    let mut found = Vec::new();
    let mut implemented = "";
    let mut position = 0;
    for line in text.split_inclusive('\n') {
        let start = position;
        position += line.len();
        if line.starts_with("impl") {
            implemented = implemented_type(line);
        }
        found.extend(closure(line, &typed));
        let Some(at) = line.find("fn ") else { continue };
        if line.trim_start().starts_with("//") {
            continue;
        }
        let head = &text[start + at + 3..];
        let name: &str = head.split(['(', '<']).next().unwrap_or("");
        let Some(open) = head.find('(') else { continue };
        let parameters = arguments(&head[open + 1..]);
        let own =
            parameters.iter().filter(|p| !p.trim_end_matches("self").ends_with(['&', ' ']) && **p != "self");
        let Some(index) = own.clone().position(|p| p.starts_with(&typed)) else { continue };
        let owner = if name == "new" { implemented } else { "" };
        found.push(Taker { owner: owner.to_owned(), name: name.to_owned(), index });
    }
    found
}

/// Reads `let need = |open: bool, code: &'static str| ..`.
fn closure(line: &str, typed: &str) -> Option<Taker> {
    let (name, rest) = line.trim_start().strip_prefix("let ")?.split_once(" = |")?;
    let index = rest.split('|').next()?.split(',').position(|p| p.trim().starts_with(typed))?;
    Some(Taker { owner: String::new(), name: name.to_owned(), index })
}

/// Takes codes from tuples that `let (.., code, ..) = match ..` takes apart.
fn tuples(file: &SourceFile, wanted: &str, codes: &mut Vec<Code>) {
    let text = product_code(file);
    for (at, pattern) in text.match_indices("let (") {
        let names = arguments(&text[at + pattern.len()..]);
        let Some(index) = names.iter().position(|name| *name == wanted) else { continue };
        let Some(open) = text[at..].find(" {\n").map(|open| at + open + 2) else { continue };
        let end = body_end(text, open - 1);
        for (tuple, _) in text[open..end].match_indices('(') {
            let mut given = arguments(&text[open + tuple + 1..]);
            given.retain(|argument| !argument.is_empty());
            let literal = given.get(index).and_then(|argument| argument.strip_prefix('"')?.strip_suffix('"'));
            if let Some(name) = literal.filter(|name| given.len() == names.len() && is_code(name)) {
                let line = text[..open + tuple].matches('\n').count() + 1;
                codes.push(Code { name: name.to_owned(), path: file.path.clone(), line });
            }
        }
    }
}

/// Reads the type from `impl<T> Trait for Type<T> {`.
fn implemented_type(line: &str) -> &str {
    let line = line.trim_end().trim_end_matches('{').trim_end();
    let last = line.rsplit(" for ").next().unwrap_or(line);
    let last = last.strip_prefix("impl").map_or(last, |rest| rest.split_once("> ").map_or(rest, |(_, t)| t));
    last.trim().split('<').next().unwrap_or("")
}

/// Gives the type whose implementation a text ends in.
fn enclosing_type(before: &str) -> &str {
    before.lines().rev().find(|line| line.starts_with("impl")).map_or("", implemented_type)
}

fn calls(file: &SourceFile, taker: &Taker, constants: &BTreeMap<&str, &str>, codes: &mut Vec<Code>) {
    let text = product_code(file);
    let pattern = format!("{}(", taker.name);
    for (at, _) in text.match_indices(&pattern) {
        let before = &text[..at];
        if !taker.is_called_after(before) {
            continue;
        }
        let given = arguments(&text[at + pattern.len()..]);
        let Some(argument) = given.get(taker.index) else { continue };
        let literal = argument.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let constant = argument.rsplit("::").next().and_then(|name| constants.get(name).copied());
        if let Some(name) = literal.or(constant).filter(|name| is_code(name)) {
            let line = before.matches('\n').count() + 1;
            codes.push(Code { name: name.to_owned(), path: file.path.clone(), line });
        }
    }
}

/// Splits the text after an opening parenthesis into its arguments.
fn arguments(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut in_text, mut escaped) = (0_usize, 0, false, false);
    let mut found = Vec::new();
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' if depth == 0 => {
                found.push(text[start..at].trim());
                break;
            }
            b')' | b']' | b'}' => depth -= 1,
            b',' if depth == 0 => {
                found.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// Gives the string constants of a file.
fn constants(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines().filter_map(|line| {
        let (name, value) = line.split_once("const ")?.1.split_once(": &str = \"")?;
        Some((name, value.split('"').next()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(texts: &[&str]) -> Vec<String> {
        let file =
            |text: &&str| SourceFile { path: "crates/a/src/a.rs".to_owned(), text: (*text).to_owned() };
        let files: Vec<SourceFile> = texts.iter().map(file).collect();
        let mut codes = Vec::new();
        find(&files.iter().collect::<Vec<_>>(), "code", &mut codes);
        let mut names: Vec<String> = codes.into_iter().map(|code| code.name).collect();
        names.sort();
        names
    }

    #[test]
    fn arguments_for_a_parameter_named_code_are_found() {
        let definitions = "
impl Reason {
    pub const fn new(code: &'static str) -> Self { Self { code } }
}
impl FieldReason {
    pub fn new(path: &str, code: &'static str) -> Self { x }
    fn twice() -> Self { Self::new(\"due\", \"date_past\") }
}
impl Error {
    pub fn with_field(mut self, path: impl Into<String>, code: impl Into<String>) -> Self { self }
}
pub const STALE: &str = \"stale\";
";
        let uses = "
fn f(e: Error) {
    let a = Reason::new(\"not_owner\").params(&[(\"name\", \"b\")]);
    let b = FieldReason::new(&format!(\"a({i}\"), \"too_early\");
    let c = e.with_field(\"login\", \"login_taken\").with_field(\"name\", codes::STALE);
    let d = Other::new(\"no_code\");
    let need = |open: bool, code: &'static str| if open { Ok(()) } else { Err(code) };
    need(x.is_some_and(|y| y.ok(1)), \"not_asked\")?;
    let (open, code): (bool, &'static str) = match self {
        Self::A => (e.told(\"li\", \"wang\", 3), \"tasks_open\"),
    };
}
";
        let expected =
            ["date_past", "login_taken", "not_asked", "not_owner", "stale", "tasks_open", "too_early"];
        assert_eq!(found(&[definitions, uses]), expected);
    }
}
