//! Who may register: the telephones in the database, remembered for some seconds.

use huiyin_app::App;
use huiyin_app::call::ExtensionRow;
use huiyin_domain::ids::{OrgId, PersonId};
use huiyin_telephony::{Directory, Extension, Limits, Secrets};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a telephone is remembered; so soon a barred one falls silent.
const REMEMBERED: Duration = Duration::from_secs(5);

/// The most telephones that are remembered.
const MOST: usize = 10_000;

/// Calls of one telephone at once, and new ones a second.
const LIMITS: Limits = Limits { calls: 6, calls_per_second: 4 };

/// The telephones.
pub struct Phones {
    app: App,
    known: Mutex<HashMap<String, (Instant, Option<ExtensionRow>)>>,
}

impl Phones {
    /// Makes the list.
    #[must_use]
    pub fn of(app: App) -> Self {
        Self { app, known: Mutex::default() }
    }

    /// Gives whose a telephone is.
    #[must_use]
    pub fn holder(&self, name: &str) -> Option<(OrgId, Option<PersonId>)> {
        self.row(name).map(|row| (row.org, row.person))
    }

    /// Forgets a telephone that was changed; it is looked up again.
    pub(crate) fn forget(&self, name: &str) {
        self.known().remove(name);
    }

    fn row(&self, name: &str) -> Option<ExtensionRow> {
        let fresh = |known: &(Instant, Option<ExtensionRow>)| known.0.elapsed() < REMEMBERED;
        if let Some((_, row)) = self.known().get(name).filter(|known| fresh(known)) {
            return row.clone();
        }
        let wanted = name.to_owned();
        let found =
            self.app.store.read_blocking(move |tx| huiyin_store::call::settings::extension(tx, &wanted));
        let row = found.inspect_err(|error| tracing::error!(%error, "telephones cannot be read")).ok()?;
        let row = row.filter(|row| row.active);
        let mut known = self.known();
        if known.len() >= MOST {
            known.retain(|_, known| fresh(known));
        }
        if known.len() < MOST {
            known.insert(name.to_owned(), (Instant::now(), row.clone()));
        }
        row
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<String, (Instant, Option<ExtensionRow>)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Directory for Phones {
    fn extension(&self, name: &str) -> Option<Extension> {
        let row = self.row(name)?;
        Some(Extension {
            name: row.name,
            display_name: None,
            secrets: Secrets { md5: row.ha1_md5, sha256: Some(row.ha1_sha256) },
            limits: LIMITS,
        })
    }
}
