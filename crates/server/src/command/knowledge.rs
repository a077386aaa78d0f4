//! `huiyin knowledge import`: articles, fields and sheets from files.

use super::language::Language;
use super::whose::Whose;
use crate::logs::{self, LogArgs};
use crate::outcome::Usage;
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use huiyin_app::knowledge::{self, Imported, SheetFile};
use huiyin_app::{App, Ctx, Error, Tx};
use huiyin_domain::knowledge::{ArticleFile, starter};
use huiyin_i18n::text;
use serde::Deserialize;
use serde_json::{Map, json};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The largest file that is read, in bytes.
const MOST_BYTES: u64 = 8 * 1024 * 1024;

/// What to do with the knowledge base.
#[derive(Debug, Subcommand)]
pub enum KnowledgeCommand {
    /// Bring in articles, fields and sheets of estates; what people changed here stays
    Import(Box<Import>),
}

/// What to bring in.
#[derive(Debug, Args)]
pub struct Import {
    /// A TOML file, or a folder of them
    #[arg(value_name = "PATH", required_unless_present = "starter", conflicts_with = "starter")]
    path: Option<PathBuf>,
    /// The articles that the product carries
    #[arg(long)]
    starter: bool,
    /// Code of the unit that they are for, with those below it; all when not said
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
    /// Language of what is said
    #[arg(long, value_enum, default_value_t = Language::Zh)]
    language: Language,
    #[command(flatten)]
    whose: Whose,
}

/// What files hold.
#[derive(Debug, Default)]
pub struct Brought {
    articles: Vec<ArticleFile>,
    schema: Option<String>,
    sheets: Vec<SheetFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SheetsFile {
    sheet: Vec<SheetFile>,
}

impl Brought {
    /// Gives what the product carries.
    ///
    /// # Errors
    /// When its own files are faulty; a test holds that they are not.
    pub fn starter() -> anyhow::Result<Self> {
        Ok(Self { articles: starter()?, ..Self::default() })
    }

    /// Reads one file: articles, the fields of sheets, or sheets.
    ///
    /// # Errors
    /// When it is none of these, or faulty.
    pub fn take(&mut self, text: &str) -> anyhow::Result<()> {
        let table: toml::Table = toml::from_str(text)?;
        if table.contains_key("article") {
            self.articles.extend(ArticleFile::read(text)?);
        } else if table.contains_key("section") {
            if self.schema.replace(text.to_owned()).is_some() {
                bail!("another file has the fields of sheets already");
            }
        } else if table.contains_key("sheet") {
            self.sheets.extend(toml::from_str::<SheetsFile>(text)?.sheet);
        } else {
            bail!("it has none of [[article]], [[section]] and [[sheet]]");
        }
        Ok(())
    }

    /// Brings all of it in, articles for the unit of that code.
    ///
    /// # Errors
    /// What is refused; nothing is brought in then.
    pub fn bring(self, tx: &mut Tx<'_>, ctx: &Ctx, app: &App, unit: Option<&str>) -> Result<Imported, Error> {
        if let Some(schema) = &self.schema {
            knowledge::import_schema(tx, ctx, schema)?;
        }
        let mut done = knowledge::import_articles(tx, ctx, app, (self.articles, unit))?;
        for sheet in self.sheets {
            done.sheets += u32::from(knowledge::import_sheet(tx, ctx, sheet)?);
        }
        Ok(done)
    }
}

/// Runs the command.
///
/// # Errors
/// What is wrong with a file, that the folder is in use, or what is refused.
pub fn run(command: KnowledgeCommand, logs: &LogArgs) -> anyhow::Result<()> {
    let KnowledgeCommand::Import(args) = command;
    logs::start(logs).map_err(Usage)?;
    let brought = match &args.path {
        Some(path) => read(path)?,
        None => Brought::starter()?,
    };
    let unit = args.unit.clone();
    let bring = move |tx: &mut Tx<'_>, ctx: &Ctx, app: &App| brought.bring(tx, ctx, app, unit.as_deref());
    let done = args.whose.change_app("knowledge", bring)?;
    let mut out = std::io::stdout().lock();
    if args.whose.json {
        writeln!(out, "{}", serde_json::to_string(&done)?)?;
        return Ok(());
    }
    let params: Map<_, _> = [
        ("opened", done.opened),
        ("changed", done.changed),
        ("same", done.same),
        ("kept", done.kept),
        ("sheets", done.sheets),
    ]
    .into_iter()
    .map(|(name, count)| (name.to_owned(), json!(count.to_string())))
    .collect();
    writeln!(out, "{}", text(args.language.locale(), "knowledge_imported", &params))?;
    Ok(())
}

/// Reads a file, or every TOML file of a folder by name.
fn read(path: &Path) -> anyhow::Result<Brought> {
    let mut files = Vec::new();
    if path.is_dir() {
        for entry in std::fs::read_dir(path).with_context(|| path.display().to_string())? {
            let file = entry?.path();
            if file.extension().is_some_and(|ending| ending == "toml") {
                files.push(file);
            }
        }
        files.sort();
    } else {
        files.push(path.to_owned());
    }
    if files.is_empty() {
        bail!("{} holds no .toml file", path.display());
    }
    let mut brought = Brought::default();
    for file in files {
        let named = || file.display().to_string();
        if std::fs::metadata(&file).with_context(named)?.len() > MOST_BYTES {
            bail!("{} is larger than {MOST_BYTES} bytes", file.display());
        }
        let text = std::fs::read_to_string(&file).with_context(named)?;
        brought.take(&text).with_context(named)?;
    }
    Ok(brought)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 6: the product's own folder can be brought in, and what is no such
    /// file is named.
    #[test]
    fn a_folder_of_files_is_read_whole_or_refused_with_its_name() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/knowledge");
        let brought = read(&folder).expect("the product's own files");
        assert_eq!(brought.articles.len(), starter().expect("the starter").len());
        assert!(brought.schema.is_some());
        let other = tempfile::tempdir().expect("a folder");
        let empty = read(other.path()).expect_err("nothing in it");
        assert!(empty.to_string().contains("no .toml file"), "{empty}");
        std::fs::write(other.path().join("x.toml"), "[[thing]]\na = 1\n").expect("a file");
        let refused = format!("{:#}", read(other.path()).expect_err("none of ours"));
        assert!(refused.contains("x.toml") && refused.contains("[[article]]"), "{refused}");
    }
}
