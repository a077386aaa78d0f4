//! `huiyin pack activate` and `huiyin pack list`: what an organisation goes by.

use super::{named, read_folder, say, told};
use crate::command::whose::Whose;
use crate::logs::{self, LogArgs};
use crate::outcome::Usage;
use huiyin_app::case::{self, ActivatedPack, DeskWarning};
use huiyin_domain::locale::Locale;
use huiyin_domain::pack::load;
use huiyin_domain::time::Date;
use serde_json::json;
use std::io::Write as _;
use std::path::Path;

/// Which pack, from when, where.
#[derive(Debug, clap::Args)]
pub struct Activate {
    /// Name@version of a pack that is shipped or known, or a folder with pack.toml
    pack: String,
    /// First day on which received cases are bound by it
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Date,
    #[command(flatten)]
    whose: Whose,
}

fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).map_err(|error| error.to_string())
}

/// Puts a pack into force; a faulty one changes nothing.
///
/// # Errors
/// The faults of the pack, that the folder is in use, or what is refused.
pub fn activate(args: &Activate, locale: Locale, logs: &LogArgs) -> anyhow::Result<()> {
    logs::start(logs).map_err(Usage)?;
    let folder = Path::new(&args.pack);
    let own = if folder.is_dir() { Some(read_folder(folder, locale)?) } else { None };
    if let Some(files) = &own {
        load(files).map_err(|faults| anyhow::anyhow!(told(&faults, locale)))?;
    }
    let (name, from) = (args.pack.clone(), args.from);
    let done = args.whose.change("pack", move |tx, ctx, rules| {
        let files = own.map_or_else(|| case::pack_files(tx, ctx, &name), Ok)?;
        case::activate_pack(tx, ctx, rules, &files, from)
    })?;
    print(&done, args.whose.json, locale)
}

fn print(done: &ActivatedPack, json: bool, locale: Locale) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string(done)?)?;
        return Ok(());
    }
    let params = json!({
        "pack": done.name, "version": done.version.to_string(), "date": done.effective.to_string(),
    });
    writeln!(out, "{}", say(locale, "pack_activated", &params))?;
    let mut notes = std::io::stderr().lock();
    if !done.bound {
        writeln!(notes, "{}", say(locale, "pack_not_bound", &params))?;
    }
    for warning in &done.warnings {
        writeln!(notes, "{}", warned(warning, locale))?;
    }
    Ok(())
}

fn warned(warning: &DeskWarning, locale: Locale) -> String {
    let missing = &warning.missing;
    let posts: Vec<String> = missing.posts.iter().map(|post| named(locale, post.name())).collect();
    let params = json!({
        "unit": warning.unit, "kind": named(locale, missing.kind.as_str()), "posts": posts.join(" / "),
        "duty": named(locale, &missing.duty),
        "other": missing.taken_by.map(|duty| named(locale, &duty.to_string())),
    });
    let code = if missing.taken_by.is_some() { "pack_not_apart" } else { "pack_nobody_there" };
    say(locale, code, &params)
}

/// Lists the pack versions of an organisation, beside a running server.
///
/// # Errors
/// When the database cannot be read.
pub fn list(whose: &Whose, logs: &LogArgs) -> anyhow::Result<()> {
    logs::start(logs).map_err(Usage)?;
    whose.list("pack", case::packs, |line, out| {
        let state = match (line.in_force, line.activated_at) {
            (true, _) => "in force",
            (false, Some(_)) => "activated",
            (false, None) => "shipped",
        };
        writeln!(out, "{}@{}\t{}\t{state}", line.name, line.version, line.effective)?;
        Ok(())
    })
}
