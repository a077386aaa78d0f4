//! Measures the category model by cross-validation: see `docs/text.md`.
//!
//! `cargo run --release -p huiyin-text --example category -- TRAIN [EXTRA] [PARTS]`

use flate2::read::MultiGzDecoder;
use huiyin_text::category::{Answer, Example, Message, Model, measure, split, train};
use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [known, rest @ ..] = arguments.as_slice() else { return Err("which file?".into()) };
    let examples = read(known)?;
    let extra = rest.first().map(|path| read(path)).transpose()?.unwrap_or_default();
    let parts: usize = rest.get(1).map_or(Ok(5), |parts| parts.parse())?;
    let part_of = split(&examples, parts);
    let (mut answers, mut truths): (Vec<Answer>, Vec<String>) = (Vec::new(), Vec::new());
    for part in 0..parts {
        let held = |at: &usize| part_of[*at] == part;
        let seen = (0..examples.len()).filter(|at| !held(at)).map(|at| examples[at].clone());
        let begun = Instant::now();
        let model = train(&seen.chain(extra.iter().cloned()).collect::<Vec<_>>())?;
        let trained = begun.elapsed();
        let bytes = model.to_bytes()?;
        let model = Model::from_bytes(&bytes)?;
        let before = answers.len();
        let mut spent = Duration::ZERO;
        for at in (0..examples.len()).filter(held) {
            // the best of three: others use the machine, too
            let times = [(); 3].map(|()| {
                let begun = Instant::now();
                let answer = model.classify(&examples[at].message);
                (begun.elapsed(), answer)
            });
            spent += times.iter().map(|(time, _)| *time).min().unwrap_or_default();
            answers.extend(times.into_iter().next().map(|(_, answer)| answer));
            truths.push(examples[at].label.clone());
        }
        let each = spent / u32::try_from(answers.len() - before)?;
        println!("part {part}: trained in {trained:.1?}, {each:?} a text, {} bytes", bytes.len());
        println!("  {:.4}", measure(&answers[before..], &truths[before..]).macro_f1);
    }
    println!("{:#.4?}", measure(&answers, &truths));
    Ok(())
}

fn read(path: &str) -> Result<Vec<Example>, Box<dyn Error>> {
    let lines = BufReader::new(MultiGzDecoder::new(std::fs::File::open(path)?)).lines();
    lines
        .map(|line| {
            let row: serde_json::Value = serde_json::from_str(&line?)?;
            let text = |key: &str| row[key].as_str().map(str::to_owned);
            let title = text("title").or_else(|| text("title_tokens").map(|t| t.replace(' ', "")));
            let message = match text("text") {
                Some(text) => Message { title: title.unwrap_or_default(), text },
                None => Message {
                    title: String::new(),
                    text: text("tokens").ok_or("neither text nor tokens")?.replace(' ', ""),
                },
            };
            Ok(Example { message, label: text("label").ok_or("no label")? })
        })
        .collect()
}
