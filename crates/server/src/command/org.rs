//! `huiyin org`: the organisations (tenants) of one installation.

use crate::command::admin::explained;
use crate::command::migrate::open_current;
use crate::command::serve::app;
use crate::logs::{self, LogArgs};
use crate::outcome::Usage;
use crate::place::Place;
use clap::{Args, Subcommand};
use huiyin_app::people::organisation::{self, NewOrganisation, Organisation};
use huiyin_app::{Actor, App, Ctx};
use huiyin_domain::ids::OrgId;
use huiyin_domain::locale::Locale;
use huiyin_domain::people::UnitLevel;
use serde_json::{Value, json};
use std::io::Write as _;

/// What to do with organisations.
#[derive(Debug, Subcommand)]
pub enum Org {
    /// Found an organisation with its first unit; then `admin create --org CODE`
    Create(Create),
    /// List the organisations
    List(List),
}

/// The organisation to found.
#[derive(Debug, Args)]
pub struct Create {
    /// Its code, by which the outside names it
    code: String,
    /// The name that people see; the code when not said
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// IANA zone of its dates
    #[arg(long, value_name = "ZONE", default_value = "Asia/Shanghai")]
    zone: String,
    /// Name of its working calendar
    #[arg(long, value_name = "NAME", default_value = "CN")]
    calendar: String,
    /// Name of the pack of its cases
    #[arg(long, value_name = "NAME", default_value = huiyin_domain::pack::STANDARD)]
    pack: String,
    /// The rung of its first unit, such as group or company
    #[arg(long, value_name = "LEVEL", default_value = "company", value_parser = level)]
    level: UnitLevel,
    #[command(flatten)]
    asked: List,
}

/// Where the data live, and how to answer.
#[derive(Debug, Args)]
pub struct List {
    /// Print the answer as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

fn level(text: &str) -> Result<UnitLevel, String> {
    text.parse().map_err(|_| format!("no unit has the level {text}"))
}

/// Does what was asked.
///
/// # Errors
/// When the folder is in use, or code, zone, calendar or pack are not acceptable.
pub fn run(command: Org, logs: &LogArgs) -> anyhow::Result<()> {
    logs::start(logs).map_err(Usage)?;
    match command {
        Org::Create(args) => create(args),
        Org::List(args) => list(&args),
    }
}

fn machine(app: &App) -> Ctx {
    app.ctx(Actor::command_line(OrgId(0)), "org", Locale::default())
}

fn create(args: Create) -> anyhow::Result<()> {
    let settled = args.asked.place.settle_database()?;
    let _claim = settled.claim()?;
    let store = open_current(&settled)?;
    let app = app(&store)?;
    let Create { code, name, zone, calendar, pack, level, .. } = args;
    let new =
        NewOrganisation { name: name.unwrap_or_else(|| code.clone()), code, zone, calendar, pack, level };
    let ctx = machine(&app);
    let made = app.store.write_blocking(move |tx| organisation::create(tx, &ctx, &new));
    store.close();
    let made = made.map_err(|error| explained(&error))?;
    let mut out = std::io::stdout().lock();
    if args.asked.json {
        writeln!(out, "{}", shown(&made))?;
    } else {
        writeln!(out, "organisation {} ({})", made.code, made.name)?;
        writeln!(std::io::stderr(), "next: huiyin admin create --org {} --login NAME …", made.code)?;
    }
    Ok(())
}

fn list(args: &List) -> anyhow::Result<()> {
    let store = args.place.settle_database()?.open_to_show()?;
    let app = app(&store)?;
    let ctx = machine(&app);
    let all = app.store.read_blocking(move |tx| organisation::list(tx, &ctx));
    store.close();
    let all = all.map_err(|error| explained(&error))?;
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{}", json!({"items": all.iter().map(shown).collect::<Vec<_>>()}))?;
        return Ok(());
    }
    for org in all {
        writeln!(out, "{}\t{}\t{}\t{}\t{}", org.code, org.name, org.zone, org.calendar, org.pack)?;
    }
    Ok(())
}

fn shown(org: &Organisation) -> Value {
    let Organisation { code, name, zone, calendar, pack, .. } = org;
    json!({"code": code, "name": name, "zone": zone, "calendar": calendar, "pack": pack})
}
