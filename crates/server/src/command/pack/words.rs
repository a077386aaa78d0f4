//! `huiyin pack words`: what an author may write, from the tables of the rules.

use super::{named, say};
use huiyin_domain::locale::Locale;
use huiyin_domain::pack::{catalogue, word_lists};
use serde_json::json;
use std::io::Write;

/// Prints gates with what they take and when they are open, then every closed set
/// of words.
///
/// # Errors
/// When nothing can be written.
pub fn print(locale: Locale, out: &mut impl Write) -> anyhow::Result<()> {
    writeln!(out, "# {}", say(locale, "pack_words_gates", &json!({})))?;
    for word in catalogue() {
        let meaning = match locale {
            Locale::ZhCn => word.zh,
            Locale::En => word.en,
        };
        let takes = word.takes();
        let written = if takes.is_empty() {
            format!("\"{}\"", word.word)
        } else {
            format!("{{ {} = {takes} }}", word.word.replace(' ', "_"))
        };
        writeln!(out, "{written}\t{meaning}")?;
    }
    for list in word_lists() {
        writeln!(out, "\n# {}", say(locale, &format!("pack_words_{}", list.what), &json!({})))?;
        for word in &list.words {
            let name = named(locale, &word.replace(' ', "_"));
            writeln!(out, "\"{word}\"\t{name}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(locale: Locale) -> String {
        let mut out = Vec::new();
        print(locale, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// Issue 4: the page for authors sends them here; every word of the tables is
    /// listed, with its meaning in both languages.
    #[test]
    fn every_word_is_listed_in_both_languages() {
        for (locale, gate, post, approval) in [
            (Locale::En, "{ done_by = ", "\"spokesperson\"\tspokesperson", "\"media statement\"\t"),
            (Locale::ZhCn, "\"owner set\"\t有首问责任人", "\"spokesperson\"\t", "\"media statement\"\t"),
        ] {
            let text = printed(locale);
            for wanted in [gate, post, approval] {
                assert!(text.contains(wanted), "{wanted}: {text}");
            }
            assert!(
                !text.contains("pack-words") && !text.contains("pack_words"),
                "every list is named: {text}"
            );
            let words = catalogue().len() + word_lists().iter().map(|list| list.words.len()).sum::<usize>();
            let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")).count();
            assert_eq!(lines, words);
        }
    }
}
