//! `huiyin text points` and `huiyin text phrases`.

use super::category::id;
use super::file::{self, cell, read};
use clap::Args;
use huiyin_tabular::SourceRow;
use huiyin_text::phrase::{Audience, Checker, handbook, own, verdict};
use huiyin_text::{point, risk};
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Texts to read, and where the findings go.
#[derive(Debug, Args)]
pub struct Points {
    /// Messages with id, title and text: JSON Lines, CSV or XLSX, packed or not
    #[arg(long, value_name = "FILE")]
    input: PathBuf,
    /// JSON Lines: id, points, warnings
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
}

/// Texts that are about to be sent, and where the findings go.
#[derive(Debug, Args)]
pub struct Phrases {
    /// Texts with id, title and text: JSON Lines, CSV or XLSX, packed or not
    #[arg(long, value_name = "FILE")]
    input: PathBuf,
    /// JSON Lines: id, verdict, hits
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    /// Everybody will read them: any hit stops
    #[arg(long)]
    public: bool,
}

/// Proposes the points of texts and flags what calls for haste or care.
pub(super) fn points(args: &Points) -> anyhow::Result<()> {
    each(
        &args.input,
        &args.output,
        |text| json!({ "points": point::points(text), "warnings": risk::warnings(text) }),
    )
}

/// Looks for what is not said to customers.
pub(super) fn phrases(args: &Phrases) -> anyhow::Result<()> {
    let checker = Checker::new(handbook().into_iter().chain(own()))?;
    let audience = if args.public { Audience::Public } else { Audience::Private };
    each(&args.input, &args.output, |text| {
        let hits = checker.check(text);
        json!({ "verdict": verdict(&hits, audience), "hits": hits })
    })
}

/// Writes what is found in each text beside its id.
fn each(input: &Path, output: &Path, find: impl Fn(&str) -> Value) -> anyhow::Result<()> {
    let texts = read(input, |row| Ok((id(row)?, whole(row)?)))?;
    file::write(output, |out| {
        for (id, text) in &texts.rows {
            let mut line = json!({ "id": id, "text": text });
            if let (Value::Object(line), Value::Object(found)) = (&mut line, find(text)) {
                line.extend(found);
            }
            writeln!(out, "{line}")?;
        }
        Ok(())
    })?;
    texts.end()
}

/// Title and text as one, which the spans of the findings count in.
fn whole(row: &SourceRow) -> anyhow::Result<String> {
    let (title, text) = (cell(row, "title")?, cell(row, "text")?);
    Ok(if title.is_empty() || text.is_empty() { title + &text } else { format!("{title}\n{text}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(texts: &str, run: impl Fn(PathBuf, PathBuf) -> anyhow::Result<()>) -> Vec<Value> {
        let folder = tempfile::tempdir().expect("a folder");
        let (input, output) = (folder.path().join("in.jsonl"), folder.path().join("out.jsonl"));
        std::fs::write(&input, texts).expect("a file");
        run(input, output.clone()).expect("every row is read");
        let text = std::fs::read_to_string(output).expect("findings");
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    /// PROP-76, PROP-42: points and warnings come with where they stand.
    #[test]
    fn points_and_warnings_are_written_beside_the_id() {
        let texts = "{\"id\":3,\"title\":\"5栋电梯困人\",\"text\":\"停车费又涨价。再不管就曝光\"}\n";
        let found = lines(texts, |input, output| points(&Points { input, output }));
        assert_eq!(found[0]["id"], 3);
        assert_eq!(
            found[0]["points"].as_array().map(Vec::len),
            Some(2),
            "the threat goes on with the fee: {found:?}"
        );
        assert_eq!(found[0]["warnings"][0]["risk"], "danger");
        assert_eq!(found[0]["warnings"][1]["word"], "曝光");
    }

    /// PHRASE-8: in public any hit stops.
    #[test]
    fn a_phrase_stops_in_public_and_asks_or_stops_elsewhere() {
        let texts = "{\"id\":1,\"text\":\"我们保证给您解决\"}\n{\"id\":2,\"text\":\"请稍等\"}\n";
        for (public, expected) in [(false, "ask"), (true, "stop")] {
            let found = lines(texts, |input, output| phrases(&Phrases { input, output, public }));
            assert_eq!(
                (found[0]["verdict"].as_str(), found[1]["verdict"].as_str()),
                (Some(expected), Some("send"))
            );
        }
    }
}
