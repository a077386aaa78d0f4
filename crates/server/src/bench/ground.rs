//! The installation that is measured: one organisation, one person, a token.

use super::history::Maker;
use crate::command::migrate::open_current;
use crate::command::serve::app;
use crate::place::Settled;
use anyhow::bail;
use huiyin_app::session::token::{self, NewToken};
use huiyin_app::session::{self, NewAdministrator};
use huiyin_app::{Actor, App, Ctx, Via};
use huiyin_domain::ids::{CaseId, SessionId};
use huiyin_domain::locale::Locale;
use huiyin_domain::time::Timestamp;
use huiyin_store::people::organisation;
use std::sync::Mutex;

/// The installation before its server is started.
pub struct Ground {
    /// The use cases on the open database.
    pub app: App,
    /// Somebody with every post of a desk.
    pub actor: Actor,
    /// Makes histories of this organisation.
    pub maker: Maker,
    /// The person's API token.
    pub token: String,
    /// Cases that requests may name.
    pub known: Mutex<Known>,
}

/// Cases that requests name.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Open cases to act on.
    pub open: Vec<CaseId>,
    /// Cases with fifty entries.
    pub long: Vec<CaseId>,
}

impl Ground {
    /// Lays the ground on an empty place.
    ///
    /// # Errors
    /// When the place holds data already.
    pub fn laid(place: &Settled) -> anyhow::Result<Self> {
        let store = open_current(place)?;
        let app = app(&store)?;
        if !app.store.read_blocking(organisation::all)?.is_empty() {
            bail!("the bench builds its own data: name an empty folder or database");
        }
        let secret = format!("bench-{}", app.ids.uuid(app.clock.now()));
        let new =
            NewAdministrator { organisation: None, login: "bench".into(), name: None, password: secret };
        let made = session::create_admin(&app, new);
        let (org, view) = made.map_err(|error| crate::command::admin::explained(&error))?;
        let actor = Actor {
            org: org.org,
            person: view.person.id,
            login: view.person.login,
            name: view.person.name,
            posts: view.posts,
            via: Via::Session(SessionId(app.ids.uuid(app.clock.now()))),
        };
        let ctx = app.ctx(actor.clone(), "bench", Locale::default());
        let wanted = NewToken { name: "bench".into(), expires_at: None, posts: None };
        let token = app.store.write_blocking(move |tx| token::create(tx, &ctx, &wanted));
        let (_, token) = token.map_err(|error| crate::command::admin::explained(&error))?;
        let maker = Maker::new(actor.person, org.root_unit)?;
        Ok(Self { app, actor, maker, token, known: Mutex::default() })
    }

    /// Gives the context of the person at a moment.
    pub fn ctx(&self, now: Timestamp) -> Ctx {
        Ctx { now, ..self.app.ctx(self.actor.clone(), "bench", Locale::default()) }
    }

    /// Closes the database, so that a server can have it.
    pub fn close(self) -> Known {
        self.app.store.close();
        self.known.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
