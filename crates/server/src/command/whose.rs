//! Whose rules a command is about, and its way to them.

use crate::command::admin::explained;
use crate::command::import::organisation_of;
use crate::command::migrate::open_current;
use crate::command::serve::app;
use crate::place::Place;
use huiyin_app::case::Rules;
use huiyin_app::{Actor, App, Ctx, Error, Tx};
use huiyin_domain::locale::Locale;
use serde::Serialize;
use serde_json::json;
use std::io::Write;

/// Whose rules.
#[derive(Debug, Default, clap::Args)]
pub struct Whose {
    /// Code of the organisation; the only one when not said
    #[arg(long, value_name = "CODE")]
    org: Option<String>,
    /// Print the answer as JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    place: Place,
}

impl Whose {
    /// Changes the rules, as the only one at the data.
    ///
    /// # Errors
    /// That the folder is in use, or what is refused.
    pub fn change<T: Send + 'static>(
        &self,
        what: &'static str,
        change: impl FnOnce(&mut Tx<'_>, &Ctx, &Rules) -> Result<T, Error> + Send + 'static,
    ) -> anyhow::Result<T> {
        self.change_app(what, move |tx, ctx, app| change(tx, ctx, &app.rules))
    }

    /// Changes something that needs more than the rules, as the only one at the data.
    ///
    /// # Errors
    /// That the folder is in use, or what is refused.
    pub fn change_app<T: Send + 'static>(
        &self,
        what: &'static str,
        change: impl FnOnce(&mut Tx<'_>, &Ctx, &App) -> Result<T, Error> + Send + 'static,
    ) -> anyhow::Result<T> {
        let settled = self.place.settle_database()?;
        let _claim = settled.claim()?;
        let store = open_current(&settled)?;
        let app = app(&store)?;
        let (ctx, inside) = (self.context(&app, what)?, app.clone());
        let done = app.store.write_blocking(move |tx| change(tx, &ctx, &inside));
        store.close();
        done.map_err(|error| explained(&error))
    }

    /// Does work that takes its own transactions, as the only one at the data.
    ///
    /// # Errors
    /// That the folder is in use, or what the work gives.
    pub fn work<T>(
        &self,
        what: &'static str,
        work: impl FnOnce(&App, &Ctx) -> Result<T, Error>,
    ) -> anyhow::Result<T> {
        let settled = self.place.settle_database()?;
        let _claim = settled.claim()?;
        let store = open_current(&settled)?;
        let app = app(&store)?;
        let ctx = self.context(&app, what)?;
        let done = work(&app, &ctx);
        store.close();
        done.map_err(|error| explained(&error))
    }

    /// Lists rules beside a running server: as JSON, or by `line` each.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn list<T: Serialize + Send + 'static>(
        &self,
        what: &'static str,
        list: impl FnOnce(&mut Tx<'_>, &Ctx, &Rules) -> Result<Vec<T>, Error> + Send + 'static,
        line: impl Fn(&T, &mut dyn Write) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let rules = Rules::default();
        let lines = self.read(what, move |tx, ctx| list(tx, ctx, &rules))?;
        let mut out = std::io::stdout().lock();
        if self.json {
            writeln!(out, "{}", json!({ "items": lines }))?;
            return Ok(());
        }
        lines.iter().try_for_each(|one| line(one, &mut out))
    }

    /// Tells whether the data are named.
    #[must_use]
    pub const fn is_named(&self) -> bool {
        self.place.data.is_some() || self.place.database_url.is_some()
    }

    /// Reads something of the rules beside a running server.
    ///
    /// # Errors
    /// When the database cannot be read, or what is refused.
    pub fn read<T: Send + 'static>(
        &self,
        what: &'static str,
        read: impl FnOnce(&mut Tx<'_>, &Ctx) -> Result<T, Error> + Send + 'static,
    ) -> anyhow::Result<T> {
        let store = self.place.settle_database()?.open_to_show()?;
        let app = app(&store)?;
        let ctx = self.context(&app, what)?;
        let found = app.store.read_blocking(move |tx| read(tx, &ctx));
        store.close();
        found.map_err(|error| explained(&error))
    }

    fn context(&self, app: &App, what: &'static str) -> anyhow::Result<Ctx> {
        let org = organisation_of(app, self.org.clone())?;
        Ok(app.ctx(Actor::command_line(org), what, Locale::default()))
    }
}
