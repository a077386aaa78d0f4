//! Finds why people are told something: the reasons of notices.
//!
//! A reason is a snake_case literal given to a parameter named `why`, a field
//! `why: "..."` of a value, or one of a statement `let why = if ...;`. Its message
//! is `why-` and the reason with `-` for `_`, or the word of that name.

use super::calls;
use super::codes::{Code, each_once, literals, product_code, product_files};
use crate::tree::Tree;

/// Finds the reasons of the product's crates, tests left out, each once.
pub(super) fn find(tree: &Tree) -> Vec<Code> {
    let sources = product_files(tree);
    let mut whys = Vec::new();
    calls::find(&sources, "why", &mut whys);
    for file in sources {
        let text = product_code(file);
        for (at, _) in text.match_indices(" why: \"") {
            let end = text[at..].find(['\n', ',']).map_or(text.len(), |end| at + end);
            literals(file, at, end, &mut whys);
        }
        for (at, _) in text.match_indices("let why = if ") {
            let end = text[at..].find(';').map_or(text.len(), |end| at + end);
            literals(file, at, end, &mut whys);
        }
    }
    each_once(whys)
}

/// Gives the keys of which one must be in each catalogue.
pub(super) fn keys(why: &Code) -> [String; 2] {
    [format!("why-{}", why.key()), format!("word-{}", why.key())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::SourceFile;

    #[test]
    fn reasons_of_notices_are_found() {
        let text = "
fn tell(to: Recipient, why: &str) -> Event { x }
impl Telling {
    pub fn new(to: Recipient, why: &'static str) -> Self { x }
}
fn f(late: bool) {
    tell(owner, \"limit_missed\");
    Telling::new(post(Post::Head), \"stocktake_overdue\");
    let notice = Notified { to, why: \"calendar_changed\".to_owned() };
    let why = if late { \"report_late\" } else { \"report_due\" };
    let error = e.with(\"why\", \"no_reason\");
}
";
        let file = SourceFile { path: "crates/app/src/a.rs".to_owned(), text: text.to_owned() };
        let found = find(&Tree { files: vec![file], ..Tree::default() });
        let names: Vec<&str> = found.iter().map(|why| why.name.as_str()).collect();
        assert_eq!(
            names,
            ["calendar_changed", "limit_missed", "report_due", "report_late", "stocktake_overdue"]
        );
    }
}
