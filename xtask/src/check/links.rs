//! Links between the pages: each relative one leads to a file that exists, and
//! to each page of `docs/` some other page leads.

use crate::report::Report;
use crate::tree::Tree;
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// Follows every relative link of every page.
pub(crate) fn run(tree: &Tree) -> Report {
    let mut report = Report::default();
    let mut count = 0_usize;
    let mut linked = BTreeSet::new();
    for page in tree.files.iter().filter(|file| file.path.ends_with(".md")) {
        let folder = Path::new(&page.path).parent().unwrap_or(Path::new(""));
        for (number, line) in page.lines() {
            for target in targets(line) {
                count += 1;
                let path = normal(&folder.join(target));
                if path != Path::new(&page.path) {
                    linked.insert(path.clone());
                }
                if !tree.root.join(&path).exists() {
                    report.violation(&page.path, Some(number), format!("link to `{target}` leads nowhere"));
                }
            }
        }
    }
    for page in tree.files.iter().filter(|file| file.path.starts_with("docs/") && file.path.ends_with(".md"))
    {
        if !linked.contains(Path::new(&page.path)) {
            report.violation(&page.path, None, "no page links to it: name it where a reader looks for it");
        }
    }
    report.note(format!("links: {count} between the pages"));
    report
}

/// Gives the relative link targets of a line, without their fragments.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| {
        let target = rest.split(')').next()?.split('#').next()?;
        let is_relative = !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:");
        is_relative.then_some(target)
    })
}

fn normal(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                result.pop();
            }
            Component::CurDir => {}
            other => result.push(other),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::SourceFile;

    #[test]
    fn only_relative_links_are_followed() {
        let line = "see [a](docs/a.md#top), [b](https://example.org/b), [c](#here) and [d](../d.md)";
        assert_eq!(targets(line).collect::<Vec<_>>(), ["docs/a.md", "../d.md"]);
    }

    #[test]
    fn an_unlinked_page_and_a_dead_link_are_named() {
        let file = |path: &str, text: &str| SourceFile { path: path.to_owned(), text: text.to_owned() };
        let files = vec![
            file("README.md", "[one](docs/one.md)"),
            file("docs/one.md", "[me](one.md)"),
            file("docs/two.md", "[me](two.md)"),
        ];
        let report = run(&Tree { files, ..Tree::default() });
        let text = report.violations().join("\n");
        assert!(text.contains("docs/two.md: no page links to it"), "{text}");
        assert!(!text.contains("docs/one.md: no page"), "{text}");
        assert!(text.contains("README.md:1: link to `docs/one.md` leads nowhere"), "{text}");
    }

    #[test]
    fn parents_are_resolved() {
        assert_eq!(normal(Path::new("docs/ops/../../README.md")), Path::new("README.md"));
    }
}
