//! Finds the tests of the tree and the requirement ids above them.

use super::proofs::ids_in;
use crate::tree::{SourceFile, Tree};

/// One test, and what it says it proves.
#[derive(Debug)]
pub(crate) struct FoundTest {
    /// Name of the function.
    pub(crate) name: String,
    /// File, from the root.
    pub(crate) path: String,
    /// Requirement ids of its doc comment.
    pub(crate) ids: Vec<String>,
}

/// Attributes that make a function a test; the last segment of the path counts.
const TEST_ATTRIBUTES: &[&str] = &["test", "both_engines"];

/// Finds every test of the product, by path and line.
///
/// The generators prove nothing of the product, and their own tests quote tests.
pub(crate) fn find(tree: &Tree, areas: &[String]) -> Vec<FoundTest> {
    let product = tree.rust().filter(|file| file.path.starts_with("crates/"));
    product.flat_map(|file| in_file(file, areas)).collect()
}

/// Reads one file line by line: doc comment and attributes gather until the
/// function they belong to.
fn in_file(file: &SourceFile, areas: &[String]) -> Vec<FoundTest> {
    let mut tests = Vec::new();
    let (mut comment, mut is_test) = (String::new(), false);
    for (_, line) in file.lines() {
        let line = line.trim();
        if let Some(text) = line.strip_prefix("///") {
            comment.push_str(text);
            comment.push('\n');
        } else if line.starts_with("#[") {
            is_test |= is_test_attribute(line);
        } else if let Some(name) = function_name(line) {
            if is_test {
                let ids = ids_in(&comment, areas);
                tests.push(FoundTest { name, path: file.path.clone(), ids });
            }
            comment.clear();
            is_test = false;
        } else if !is_inside_attribute(line) {
            comment.clear();
            is_test = false;
        }
    }
    tests
}

fn is_test_attribute(line: &str) -> bool {
    let path = line.trim_start_matches("#[").split(['(', ']', ' ']).next().unwrap_or("");
    path.rsplit("::").next().is_some_and(|last| TEST_ATTRIBUTES.contains(&last))
}

/// Says whether a line goes on with an attribute, or is a plain comment.
fn is_inside_attribute(line: &str) -> bool {
    line.starts_with("//") || line.starts_with(")]") || line.starts_with("reason =") || line.ends_with("\",")
}

fn function_name(line: &str) -> Option<String> {
    let (before, after) = line.split_once("fn ")?;
    let is_head = before.split_whitespace().all(|word| matches!(word, "pub" | "async" | "pub(crate)"));
    let name: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (is_head && !name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, Vec<String>)> {
        let file = SourceFile { path: "crates/domain/src/a.rs".to_owned(), text: text.to_owned() };
        let areas = ["PROP".to_owned(), "X".to_owned()];
        in_file(&file, &areas).into_iter().map(|test| (test.name, test.ids)).collect()
    }

    #[test]
    fn the_comment_right_above_a_test_is_read() {
        let text = "
            /// PROP-64 and X-13: dissatisfied goes back
            #[test]
            fn dissatisfied() {}
            /// PROP-1
            fn no_test() {}
            #[tokio::test(flavor = \"multi_thread\")]
            async fn without_an_id() {}
            /// PROP-2

            #[test]
            fn a_comment_further_up_does_not_count() {}
            #[both_engines]
            /// PROP-3
            fn on_both(store: Store) {}
        ";
        let tests = found(text);
        let names: Vec<_> = tests.iter().map(|(name, ids)| format!("{name}: {}", ids.join(" "))).collect();
        let expected = [
            "dissatisfied: PROP-64 X-13",
            "without_an_id: ",
            "a_comment_further_up_does_not_count: ",
            "on_both: PROP-3",
        ];
        assert_eq!(names, expected);
    }
}
