//! `huiyin admin`: administrators made on the machine itself.

use crate::command::import::organisation_of;
use crate::command::migrate::open_current;
use crate::command::serve::app;
use crate::logs::{self, LogArgs};
use crate::outcome::Usage;
use crate::place::Place;
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use huiyin_app::App;
use huiyin_app::session::{self, NewAdministrator};
use huiyin_i18n::{Locale, text};
use huiyin_store::people::organisation;
use std::io::{BufRead as _, Write as _};

/// What to do with administrators.
#[derive(Debug, Subcommand)]
pub enum Admin {
    /// Make an administrator; an empty folder becomes an installation
    Create(Create),
}

/// The administrator to make.
#[derive(Debug, Args)]
pub struct Create {
    #[command(flatten)]
    place: Place,
    /// Login name
    #[arg(long, value_name = "NAME")]
    login: String,
    /// The name that people see; the login when not said
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Read the password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
    /// Code of the organisation; the only one when not said
    #[arg(long, value_name = "CODE")]
    org: Option<String>,
}

/// Does what was asked.
///
/// # Errors
/// When the folder is in use, or the login or password is not acceptable.
pub fn run(command: Admin, logs: &LogArgs) -> anyhow::Result<()> {
    logs::start(logs).map_err(Usage)?;
    match command {
        Admin::Create(args) => create(args),
    }
}

fn create(args: Create) -> anyhow::Result<()> {
    if !args.password_stdin {
        bail!(Usage("give the password on standard input: --password-stdin".into()));
    }
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password).context("cannot read the password")?;
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    let settled = args.place.settle()?;
    let _claim = settled.claim()?;
    let store = open_current(&settled)?;
    let app = app(&store)?;
    let org = named(&app, args.org)?;
    let new = NewAdministrator { organisation: org, login: args.login, name: args.name, password };
    let made = session::create_admin(&app, new);
    store.close();
    let (organisation, view) = made.map_err(|error| explained(&error))?;
    let login = view.person.login;
    writeln!(std::io::stdout(), "administrator {login} of organisation {}", organisation.code)?;
    Ok(())
}

/// Insists on a code where several organisations are; an empty place needs none.
fn named(app: &App, org: Option<String>) -> anyhow::Result<Option<String>> {
    if app.store.read_blocking(organisation::all)?.is_empty() {
        return Ok(org);
    }
    organisation_of(app, org.clone())?;
    Ok(org)
}

/// Says a refusal in words; its cause goes along for the operator.
pub fn explained(error: &huiyin_app::Error) -> anyhow::Error {
    let mut said: Vec<_> = error
        .fields()
        .iter()
        .map(|field| format!("{}: {}", field.path, text(Locale::En, &field.code, &field.params)))
        .collect();
    if said.is_empty() {
        said.push(text(Locale::En, error.code(), error.params()));
    }
    if let Some(cause) = std::error::Error::source(error) {
        said.push(cause.to_string());
    }
    anyhow::anyhow!(said.join("; "))
}
