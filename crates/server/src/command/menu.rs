//! `huiyin menu`: check voice menus, and show them (CALL-4, CALL-8).

use super::faults::{say, told};
use super::language::Language;
use crate::outcome::Found;
use anyhow::{Context as _, bail};
use huiyin_domain::locale::Locale;
use huiyin_domain::menu::{Menu, Surroundings, explain, load, prompt, shipped};
use huiyin_domain::pack::PackFault;
use serde_json::json;
use std::collections::BTreeSet;
use std::io::{Read as _, Write};
use std::path::{Path, PathBuf};

/// The most that is read of a file, in bytes; what is too large, the rules say.
const MOST: u64 = 1024 * 1024;

/// A menu command with the language of what it says.
#[derive(Debug, clap::Args)]
pub struct MenuArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: MenuCommand,
    /// Language of what is said
    #[arg(long, value_enum, default_value_t = Language::Zh, global = true)]
    pub language: Language,
}

/// What to do with a voice menu.
#[derive(Debug, clap::Subcommand)]
pub enum MenuCommand {
    /// Check menu files and name every fault with file, line, column and advice
    Check(Check),
    /// Show a menu: every node with its ways and what callers hear
    Show {
        /// A file, or the name of a shipped menu
        #[arg(value_name = "FILE")]
        menu: String,
    },
}

/// What a menu is checked against.
#[derive(Debug, clap::Args)]
pub struct Check {
    /// The files
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Name of a prompt of your own, beside those that are shipped; may be repeated
    #[arg(long = "prompt", value_name = "NAME")]
    prompts: Vec<String>,
    /// Code of a queue that there is; queues are not checked without
    #[arg(long = "queue", value_name = "CODE")]
    queues: Vec<String>,
}

/// Runs a menu command in its language, writing to `out`.
///
/// # Errors
/// [`Found`] after the faults were told; what cannot be read.
pub fn run(args: &MenuArgs, out: &mut impl Write) -> anyhow::Result<()> {
    let locale = args.language.locale();
    match &args.command {
        MenuCommand::Check(args) => check(args, locale, out),
        MenuCommand::Show { menu } => {
            let (name, text) = found(menu, locale)?;
            let menu = load(&name, &text, &Surroundings::default());
            let menu = menu.map_err(|faults| anyhow::anyhow!(told(&faults, locale)))?;
            Ok(write!(out, "{}", explain(&menu, locale, &|_| None))?)
        }
    }
}

/// Checks every file, whatever the others hold.
fn check(args: &Check, locale: Locale, out: &mut impl Write) -> anyhow::Result<()> {
    let own = args.prompts.iter().cloned();
    let prompts = prompt::SHIPPED.iter().map(|prompt| prompt.name.to_owned()).chain(own).collect();
    let queues = Some(args.queues.iter().cloned().collect::<BTreeSet<_>>()).filter(|all| !all.is_empty());
    let around = Surroundings { prompts: Some(prompts), queues, ..Surroundings::default() };
    let mut faulty = 0;
    for file in &args.files {
        let text = read(file, locale)?;
        match load(&file.display().to_string(), &text, &around) {
            Ok(menu) => writeln!(out, "{}", good(&menu, locale))?,
            Err(faults) => {
                faulty += 1;
                writeln!(out, "{}", faults_told(&faults, locale))?;
            }
        }
    }
    if faulty == 0 { Ok(()) } else { Err(Found.into()) }
}

fn faults_told(faults: &[PackFault], locale: Locale) -> String {
    let count = json!({ "count": faults.len().to_string() });
    format!("{}\n{}", told(faults, locale), say(locale, "menu_faults", &count))
}

fn good(menu: &Menu, locale: Locale) -> String {
    let params = json!({
        "name": menu.name, "version": menu.version.to_string(), "nodes": menu.nodes.len().to_string(),
    });
    say(locale, "menu_good", &params)
}

/// Finds a shipped menu by its name, else reads a file.
fn found(name: &str, locale: Locale) -> anyhow::Result<(String, String)> {
    let known = |(file, _): &(&str, &str)| file.trim_end_matches(".toml") == name;
    match shipped().into_iter().find(known) {
        Some((file, text)) if !Path::new(name).exists() => Ok((file.to_owned(), text.to_owned())),
        _ => Ok((name.to_owned(), read(Path::new(name), locale)?)),
    }
}

fn read(path: &Path, locale: Locale) -> anyhow::Result<String> {
    let unreadable = || say(locale, "pack_not_readable", &json!({ "path": path.display().to_string() }));
    let mut text = String::new();
    let file = std::fs::File::open(path).with_context(unreadable)?;
    if file.metadata().with_context(unreadable)?.is_dir() {
        bail!(unreadable());
    }
    file.take(MOST).read_to_string(&mut text).with_context(unreadable)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(command: MenuCommand) -> (String, anyhow::Result<()>) {
        let mut out = Vec::new();
        let done = run(&MenuArgs { command, language: Language::En }, &mut out);
        (String::from_utf8(out).unwrap(), done)
    }

    fn check(files: Vec<PathBuf>, prompts: &[&str]) -> (String, anyhow::Result<()>) {
        let prompts = prompts.iter().map(|name| (*name).to_owned()).collect();
        printed(MenuCommand::Check(Check { files, prompts, queues: vec!["front_desk".into()] }))
    }

    fn menu(text: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("mine.toml");
        std::fs::write(&file, text).unwrap();
        (folder, file)
    }

    const GOOD: &str = r#"
menu = "mine"
version = 3
title = { zh = "我们的", en = "Ours" }
start = "hello"
person = "line"
[[node]]
name = "hello"
kind = "say"
prompts = ["our_welcome", "welcome"]
to = "line"
[[node]]
name = "line"
kind = "queue"
queue = "front_desk"
full = "end"
[[node]]
name = "end"
kind = "hang_up"
prompts = ["goodbye"]
"#;

    /// CALL-4, CALL-8: every fault of every file is told with place and advice, and the
    /// command ends with 1; what is in order is said to be.
    #[test]
    fn every_fault_is_told_with_place_and_advice() {
        let (_one, good) = menu(GOOD);
        let (told, done) = check(vec![good.clone()], &["our_welcome"]);
        assert!(done.is_ok() && told.contains("mine 3"), "{told}");
        let bad = GOOD.replace("to = \"line\"", "to = \"lime\"").replace("\"goodbye\"", "\"goodby\"");
        let (_two, bad) = menu(&bad);
        let (told, done) = check(vec![bad.clone(), good], &["our_welcome"]);
        assert!(done.unwrap_err().is::<Found>());
        let place = |line: u32| format!("{}:{line}:", bad.display());
        assert!(told.contains(&place(11)) && told.contains("did you mean line"), "{told}");
        assert!(told.contains(&place(20)) && told.contains("did you mean goodbye"), "{told}");
        assert!(
            told.contains("2 faults") && told.contains("mine 3"),
            "the other file is checked too: {told}"
        );
        let (told, done) = check(vec![bad], &[]);
        assert!(done.is_err() && told.contains("our_welcome"), "nobody recorded it: {told}");
    }

    /// CALL-8: a menu is shown with its branches and what callers hear.
    #[test]
    fn a_menu_is_shown_with_what_is_said() {
        let (_folder, file) = menu(GOOD);
        let (told, done) = printed(MenuCommand::Show { menu: file.display().to_string() });
        assert!(done.is_ok(), "{done:?}");
        for part in ["Ours", "## hello", "our_welcome", "您好", "then → line", "waits in → front_desk"]
        {
            assert!(told.contains(part), "{part}: {told}");
        }
        let (shown, _) = printed(MenuCommand::Show { menu: "front-desk".into() });
        assert!(shown.contains("front-desk@1"), "{shown}");
        let (_, missing) = printed(MenuCommand::Show { menu: "nowhere.toml".into() });
        assert!(format!("{:#}", missing.unwrap_err()).contains("nowhere.toml"));
    }
}
