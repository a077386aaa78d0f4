//! The glossary: one English word per Chinese term, in alphabetical order.

use crate::report::Report;
use crate::tree::Tree;

const PATH: &str = "docs/glossary.md";

/// Reads the table of the glossary; order and uniqueness on both sides.
pub(crate) fn run(tree: &Tree) -> Report {
    let mut report = Report::default();
    let Some(file) = tree.file(PATH) else {
        report.violation(PATH, None, "is missing");
        return report;
    };
    let mut seen: Vec<(&str, &str)> = Vec::new();
    let rows = file.lines().filter(|(_, line)| line.starts_with("| ") && !line.starts_with("| English "));
    for (number, line) in rows {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, english, chinese, meaning, _] = cells[..] else {
            report.violation(PATH, Some(number), "a row has three cells");
            continue;
        };
        if english.is_empty() || chinese.is_empty() || meaning.is_empty() {
            report.violation(PATH, Some(number), "a cell is empty");
        }
        if seen.iter().any(|(_, known)| *known == chinese) {
            report.violation(PATH, Some(number), format!("`{chinese}` has two English words"));
        }
        if let Some((before, _)) = seen.last()
            && key(before) >= key(english)
        {
            report.violation(PATH, Some(number), format!("`{english}` belongs before `{before}`, once"));
        }
        seen.push((english, chinese));
    }
    report.note(format!("glossary: {} terms", seen.len()));
    report
}

/// Orders as a reader looks words up: blanks and dashes do not count.
fn key(english: &str) -> String {
    english.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::SourceFile;

    #[test]
    fn order_and_uniqueness_are_held() {
        let text = "| English | 中文 | What |\n|---|---|---|\n| case | 案件 | a |\n| agent | 座席 | b |\n\
                    | owner | 案件 | c |\n| task | 任务 |\n";
        let files = vec![SourceFile { path: PATH.to_owned(), text: text.to_owned() }];
        let report = run(&Tree { files, ..Tree::default() });
        let lines: Vec<&str> = report.violations().iter().filter_map(|line| line.split(' ').next()).collect();
        assert_eq!(lines, ["docs/glossary.md:4:", "docs/glossary.md:5:", "docs/glossary.md:6:"]);
    }
}
