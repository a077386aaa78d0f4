//! `huiyin pack`: check an author's folder, show, compare, activate.

mod activate;
mod words;

use super::faults::{say, told};
use super::language::Language;
use crate::command::whose::Whose;
use crate::logs::LogArgs;
use anyhow::{Context, bail};
use huiyin_app::case;
use huiyin_domain::locale::Locale;
use huiyin_domain::pack::{
    MOST_BYTES, MOST_FILES, Pack, PackChange, PackFiles, diff, explain, load, shipped,
};
use serde_json::{Map, json};
use std::io::{Read, Write};
use std::path::Path;

/// A pack command with the language of what it says.
#[derive(Debug, clap::Args)]
pub struct PackArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: PackCommand,
    /// Language of what is said
    #[arg(long, value_enum, default_value_t = Language::Zh, global = true)]
    pub language: Language,
}

/// What to do with a policy pack.
#[derive(Debug, clap::Subcommand)]
pub enum PackCommand {
    /// Check a pack folder and name every fault with file and line
    Check {
        /// Folder with pack.toml, or the name of a shipped pack
        path: String,
    },
    /// Explain a pack: its moves, limits and categories with their sources
    Show {
        /// Name@version that is shipped or was activated in the data, or a folder
        pack: String,
        #[command(flatten)]
        whose: Box<Whose>,
    },
    /// List the words that a pack may use: gates, posts, approvals, limits …
    Words,
    /// List the rules in which two packs differ
    Diff {
        /// Name@version or folder
        one: String,
        /// Name@version or folder
        other: String,
    },
    /// Put a pack version into force for an organisation from a day on
    Activate(Box<activate::Activate>),
    /// List the pack versions of an organisation
    List(Box<Whose>),
}

/// Runs a pack command in its language, writing to `out`.
///
/// # Errors
/// The faults of the pack, or what could not be found or read.
pub fn run(args: &PackArgs, logs: &LogArgs, out: &mut impl Write) -> anyhow::Result<()> {
    let locale = args.language.locale();
    match &args.command {
        PackCommand::Activate(args) => activate::activate(args, locale, logs),
        PackCommand::List(whose) => activate::list(whose, logs),
        PackCommand::Check { path } => check(path, locale, out),
        PackCommand::Show { pack, whose } => show(pack, whose, locale, out),
        PackCommand::Words => words::print(locale, out),
        PackCommand::Diff { one, other } => {
            let changes = diff(&found(one, locale)?, &found(other, locale)?);
            changes.iter().try_for_each(|change| print(change, out))
        }
    }
}

/// Explains a pack; where the data are named, one that was activated there too.
fn show(name: &str, whose: &Whose, locale: Locale, out: &mut impl Write) -> anyhow::Result<()> {
    let shipped = found(name, locale);
    // a version that is shipped is the same everywhere; a bare name is the newest there
    let settled = Path::new(name).is_dir() || (name.contains('@') && shipped.is_ok());
    let pack = if whose.is_named() && !settled {
        let wanted = name.to_owned();
        let files = whose.read("pack", move |tx, ctx| case::pack_files(tx, ctx, &wanted))?;
        load(&files).map_err(|faults| anyhow::anyhow!(told(&faults, locale)))?
    } else {
        shipped?
    };
    if whose.json {
        return Ok(writeln!(out, "{}", serde_json::to_string(&pack)?)?);
    }
    Ok(write!(out, "{}", explain(&pack, locale, &|word| named(locale, word)))?)
}

fn check(path: &str, locale: Locale, out: &mut impl Write) -> anyhow::Result<()> {
    let pack = found(path, locale)?;
    let params = json!({
        "pack": pack.name, "version": pack.version.to_string(), "moves": pack.moves.len().to_string(),
        "clocks": pack.clocks.len().to_string(), "forms": pack.forms.len().to_string(),
    });
    Ok(writeln!(out, "{}", say(locale, "pack_good", &params))?)
}

fn print(change: &PackChange, out: &mut impl Write) -> anyhow::Result<()> {
    writeln!(out, "{} {}", change.section, change.name)?;
    for (sign, text) in [('-', &change.before), ('+', &change.after)] {
        if let Some(text) = text {
            writeln!(out, "  {sign} {text}")?;
        }
    }
    Ok(())
}

/// Finds a shipped pack by name or name@version, else reads a folder.
fn found(name: &str, locale: Locale) -> anyhow::Result<Pack> {
    let (bare, version) = name.split_once('@').map_or((name, None), |(bare, version)| (bare, Some(version)));
    let files = match shipped().into_iter().find(|(known, _)| *known == bare) {
        Some((_, files)) => files,
        None if Path::new(name).is_dir() => read_folder(Path::new(name), locale)?,
        None => bail!(say(locale, "pack_unknown", &json!({ "pack": name }))),
    };
    let pack = load(&files).map_err(|faults| anyhow::anyhow!(told(&faults, locale)))?;
    if version.is_some_and(|version| version != pack.version.to_string()) {
        bail!(say(locale, "pack_unknown", &json!({ "pack": name })));
    }
    Ok(pack)
}

/// Reads the files of a folder; an included file may lie one folder higher.
fn read_folder(folder: &Path, locale: Locale) -> anyhow::Result<PackFiles> {
    let mut files = PackFiles::default();
    let mut waiting = vec![(folder.to_path_buf(), String::new())];
    let mut count = 0;
    while let Some((here, prefix)) = waiting.pop() {
        for entry in std::fs::read_dir(&here).with_context(|| unreadable(&here, locale))? {
            let entry = entry?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            count += 1;
            if count > MOST_FILES {
                bail!(say(locale, "pack_too_large", &json!({ "most": MOST_FILES.to_string() })));
            }
            if entry.file_type()?.is_dir() {
                waiting.push((entry.path(), format!("{name}/")));
            } else {
                files = files.with(&name, &read_text(&entry.path(), locale)?);
            }
        }
    }
    let common = folder.join("..").join("common.toml");
    if files.get("common.toml").is_none() && common.is_file() && includes_common(&files) {
        files = files.with("common.toml", &read_text(&common, locale)?);
    }
    Ok(files)
}

/// Tells whether the main file names the common one; else it stays outside.
fn includes_common(files: &PackFiles) -> bool {
    let main = files.get(PackFiles::MAIN).unwrap_or_default();
    main.lines().any(|line| line.trim_start().starts_with("include") && line.contains("\"common\""))
}

fn read_text(path: &Path, locale: Locale) -> anyhow::Result<String> {
    let mut text = String::new();
    let limit = u64::try_from(MOST_BYTES)?.saturating_add(1);
    let file = std::fs::File::open(path).with_context(|| unreadable(path, locale))?;
    file.take(limit).read_to_string(&mut text).with_context(|| unreadable(path, locale))?;
    Ok(text)
}

fn unreadable(path: &Path, locale: Locale) -> String {
    say(locale, "pack_not_readable", &json!({ "path": path.display().to_string() }))
}

/// Names a wire word in the language, the word itself where there is no name.
fn named(locale: Locale, word: &str) -> String {
    let code = format!("word_{word}");
    let text = huiyin_i18n::text(locale, &code, &Map::new());
    if text == code { word.replace('_', " ") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::LogFormat;

    fn printed(command: PackCommand) -> Result<String, String> {
        let logs = LogArgs { log: "off".to_owned(), log_format: LogFormat::Text };
        let args = PackArgs { command, language: Language::En };
        let mut out = Vec::new();
        run(&args, &logs, &mut out).map_err(|error| format!("{error:#}"))?;
        Ok(String::from_utf8(out).unwrap())
    }

    fn folder(main: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("pack.toml"), main).unwrap();
        folder
    }

    /// PROP-64, PROP-79
    #[test]
    fn the_shipped_pack_is_in_order_and_explained() {
        let good = printed(PackCommand::Check { path: "property@1".to_owned() }).unwrap();
        assert!(good.contains("property 1"), "{good}");
        let text = printed(PackCommand::Show { pack: "property".to_owned(), whose: Box::default() }).unwrap();
        assert!(text.contains("PROP-64") && text.contains("2 working days"), "{text}");
    }

    #[test]
    fn faults_are_told_with_place_and_advice() {
        let folder = folder("pack = \"mine\"\nversion = 1\neffective = 2026-13-01\ntitel = 3\n");
        let path = folder.path().to_string_lossy().into_owned();
        let told = printed(PackCommand::Check { path }).unwrap_err();
        assert!(told.contains("pack.toml:"), "{told}");
        let unknown = printed(PackCommand::Check { path: "nowhere".to_owned() }).unwrap_err();
        assert!(unknown.contains("nowhere"), "{unknown}");
    }

    /// Issue 4, bad input: what is no TOML is told alone; advice stands apart from the
    /// fault; a name is told with the marks that it may have.
    #[test]
    fn a_fault_is_told_as_one_would_say_it() {
        let head = "version = 1\neffective = 2026-10-01\ntitle = { zh = \"甲\", en = \"a\" }\ninclude = [\"common\"]\n";
        let told = |main: &str| {
            let folder = folder(main);
            std::fs::write(folder.path().join("common.toml"), shipped()[0].1.get("common.toml").unwrap())
                .unwrap();
            printed(PackCommand::Check { path: folder.path().to_string_lossy().into_owned() }).unwrap_err()
        };
        let broken = told(&format!("pack = \"mine\"\n{head}[[move]\nfrom = \"received\"\n"));
        assert_eq!(broken.lines().count(), 1, "{broken}");
        assert!(broken.starts_with("pack.toml:6:") && broken.contains("not valid TOML"), "{broken}");
        let post =
            told(&format!("pack = \"mine\"\n{head}[[approval]]\nof = \"plan\"\nladder = [\"heda\"]\n"));
        assert!(post.contains("“heda”; did you mean head"), "{post}");
        let name = told(&format!("pack = \"My Pack\"\n{head}"));
        assert!(name.contains("digits, hyphen, dot and underscore"), "{name}");
        let field = told(&format!("pack = \"mine\"\n{head}[[field]]\nname = \"a b\"\ntype = \"text\"\n"));
        assert!(field.contains("digits, dot and underscore"), "{field}");
    }

    #[test]
    fn a_pack_does_not_differ_from_itself() {
        let same = PackCommand::Diff { one: "property".to_owned(), other: "property@1".to_owned() };
        assert_eq!(printed(same).unwrap(), "");
    }
}
