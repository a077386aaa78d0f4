//! `huiyin text train` and `huiyin text classify`.

use super::file::{self, cell, read};
use anyhow::{Context as _, bail};
use clap::Args;
use huiyin_tabular::{SourceCell, SourceRow};
use huiyin_text::category::{self, Example, Message, Model};
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Instant;

/// Messages to learn from, and where the model goes.
#[derive(Debug, Args)]
pub struct Train {
    /// Messages with label, title and text: JSON Lines, CSV or XLSX, packed or not
    #[arg(long, value_name = "FILE")]
    input: PathBuf,
    /// More of them of which only the words are left: label and tokens
    #[arg(long, value_name = "FILE")]
    extra: Option<PathBuf>,
    /// The model to write
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
}

/// Messages to classify, and where the answers go.
#[derive(Debug, Args)]
pub struct Classify {
    /// The model that `huiyin text train` wrote
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// Messages with id, title and text: JSON Lines, CSV or XLSX, packed or not
    #[arg(long, value_name = "FILE")]
    input: PathBuf,
    /// JSON Lines: id, label, score, second_label, second_score
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    /// Add the words that decided to each line
    #[arg(long)]
    reasons: bool,
}

/// Learns a model and writes it.
pub(super) fn train(args: &Train) -> anyhow::Result<()> {
    let begun = Instant::now();
    let known = read(&args.input, example)?;
    let extra = args.extra.as_ref().map(|path| read(path, example)).transpose()?;
    let extra_rows = extra.as_ref().map_or(&[][..], |extra| extra.rows.as_slice());
    let examples = [known.rows.as_slice(), extra_rows].concat();
    let model = category::train(&examples)?;
    let bytes = model.to_bytes()?;
    file::write(&args.model, |out| Ok(out.write_all(&bytes)?))?;
    let (count, labels, size) = (examples.len(), model.labels().len(), bytes.len());
    let seconds = begun.elapsed().as_secs_f32();
    writeln!(
        std::io::stderr().lock(),
        "learned {labels} labels from {count} messages in {seconds:.1} s, {size} bytes"
    )?;
    extra.map_or(Ok(()), |extra| extra.end())?;
    known.end()
}

/// Classifies messages and writes the answers.
pub(super) fn classify(args: &Classify) -> anyhow::Result<()> {
    let place = args.model.display();
    let bytes = std::fs::read(&args.model).with_context(|| format!("cannot read {place}"))?;
    let model = Model::from_bytes(&bytes).with_context(|| format!("cannot use {place}"))?;
    drop(bytes);
    let messages = read(&args.input, |row| Ok((id(row)?, message(row)?)))?;
    huiyin_text::warm();
    let begun = Instant::now();
    file::write(&args.output, |out| {
        for (id, message) in &messages.rows {
            let mut line = json!({ "id": id });
            let answer = serde_json::to_value(model.classify(message))?;
            if let (Value::Object(line), Value::Object(answer)) = (&mut line, answer) {
                line.extend(answer);
                if args.reasons {
                    line.insert("reasons".to_owned(), serde_json::to_value(model.explain(message))?);
                }
            }
            writeln!(out, "{line}")?;
        }
        Ok(())
    })?;
    let (count, millis) = (messages.rows.len(), begun.elapsed().as_secs_f64() * 1e3);
    let each = millis / count.max(1) as f64;
    writeln!(std::io::stderr().lock(), "classified {count} messages, {each:.3} ms each")?;
    messages.end()
}

fn example(row: &SourceRow) -> anyhow::Result<Example> {
    let label = cell(row, "label")?;
    if label.is_empty() {
        bail!("it has no label");
    }
    Ok(Example { message: message(row)?, label })
}

/// Reads title and text; where one is lost, what its words say.
fn message(row: &SourceRow) -> anyhow::Result<Message> {
    let or_tokens = |column: &str, tokens: &str| -> anyhow::Result<String> {
        let whole = cell(row, column)?;
        if whole.is_empty() { Ok(cell(row, tokens)?.replace(' ', "")) } else { Ok(whole) }
    };
    Ok(Message { title: or_tokens("title", "title_tokens")?, text: or_tokens("text", "tokens")? })
}

/// Gives the id as it stands in the file: a number stays a number.
pub(super) fn id(row: &SourceRow) -> anyhow::Result<Value> {
    let column = if row.get("id").is_some() { "id" } else { "source_id" };
    match row.get(column) {
        Some(SourceCell::Number(number)) => {
            Ok(serde_json::from_str(number).unwrap_or_else(|_| number.as_str().into()))
        }
        Some(SourceCell::Text(id)) => Ok(id.as_str().into()),
        _ => bail!("it has no id"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Found;
    use std::path::Path;

    fn written(folder: &Path, name: &str, lines: &[String]) -> PathBuf {
        let path = folder.join(name);
        std::fs::write(&path, lines.concat()).expect("a file");
        path
    }

    fn known() -> Vec<String> {
        let row = |at: usize| {
            let (label, text) = [("噪音", "楼上半夜装修太吵"), ("停水", "家里停水水压太低")][at % 2];
            format!(
                "{{\"id\":{at},\"label\":\"{label}\",\"title\":\"{at}栋\",\"text\":\"{text}第{at}次\"}}\n"
            )
        };
        (0..20).map(row).collect()
    }

    fn learned(folder: &Path) -> PathBuf {
        let (input, model) = (written(folder, "known.jsonl", &known()), folder.join("model"));
        train(&Train { input, extra: None, model: model.clone() }).expect("it can learn");
        model
    }

    #[test]
    fn answers_keep_the_id_and_a_broken_row_is_left_out_and_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let (model, output) = (learned(folder.path()), folder.path().join("answers.jsonl"));
        let lines = [
            "{\"id\":7,\"title\":\"5栋\",\"text\":\"装修太吵\"}\n",
            "{\"id\":\"W-8\",\"text\":\"又停水了\"}\n",
            "{\"id\":9,\"text\":\n",
            "{\"text\":\"没有编号\"}\n",
            "{\"id\":10,\"text\":\"\"}\n",
        ]
        .map(str::to_owned);
        let input = written(folder.path(), "new.jsonl", &lines);
        let ended = classify(&Classify { model, input, output: output.clone(), reasons: true });
        assert!(ended.expect_err("rows were left out").is::<Found>());
        let answers: Vec<Value> = std::fs::read_to_string(output)
            .expect("answers")
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        let told: Vec<_> = answers.iter().map(|a| (a["id"].clone(), a["label"].clone())).collect();
        assert_eq!(told[..2], [(json!(7), json!("噪音")), (json!("W-8"), json!("停水"))]);
        assert_eq!(answers.len(), 3, "the empty text is answered, too");
        for key in ["score", "second_score"] {
            assert!(answers.iter().all(|answer| answer[key].as_f64().is_some_and(|s| s > 0.0 && s <= 1.0)));
        }
        assert!(answers[0]["reasons"].as_array().is_some_and(|reasons| !reasons.is_empty()));
    }

    #[test]
    fn a_model_that_was_cut_is_refused_and_no_output_appears() {
        let folder = tempfile::tempdir().expect("a folder");
        let (model, output) = (learned(folder.path()), folder.path().join("answers.jsonl"));
        let bytes = std::fs::read(&model).expect("the model");
        std::fs::write(&model, &bytes[..bytes.len() - 5]).expect("a cut model");
        let input = written(folder.path(), "new.jsonl", &known());
        let refused = classify(&Classify { model, input, output: output.clone(), reasons: false });
        let told = format!("{:#}", refused.expect_err("the model is cut"));
        assert!(told.contains("it was cut or added to"), "{told}");
        assert!(!output.exists());
    }
}
