//! What an organisation made of menus and prompts, as it was last read.

use huiyin_app::App;
use huiyin_app::call::{self, Answering, OwnSounds};
use huiyin_domain::ids::OrgId;
use huiyin_domain::menu::Menu;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Menus and prompts of every organisation with calls here.
///
/// Each call asks once, at its begin, whether they are still the newest, and keeps what it
/// was given.
#[derive(Debug, Default)]
pub(crate) struct Houses(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    menus: HashMap<(OrgId, String), Answering>,
    sounds: HashMap<OrgId, Arc<OwnSounds>>,
}

impl Houses {
    /// Gives the menu that answers now; the last one where the database is silent.
    pub(crate) async fn menu(&self, app: &App, org: OrgId, name: &str) -> Option<Arc<Menu>> {
        let place = (org, name.to_owned());
        let known = self.kept().menus.get(&place).cloned();
        match call::answering(app, org, name, known.clone()).await {
            Ok(Some(answering)) => {
                let menu = Arc::clone(&answering.menu);
                self.kept().menus.insert(place, answering);
                Some(menu)
            }
            Ok(None) => None,
            Err(error) => {
                tracing::error!(%org, menu = name, %error, "a menu cannot be read");
                known.map(|known| known.menu)
            }
        }
    }

    /// Gives the own prompts of an organisation as they are now.
    pub(crate) async fn sounds(&self, app: &App, org: OrgId) -> Arc<OwnSounds> {
        let known = self.kept().sounds.get(&org).cloned().unwrap_or_default();
        match call::own_sounds(app, org, Arc::clone(&known)).await {
            Ok(sounds) => {
                if !Arc::ptr_eq(&sounds, &known) {
                    self.kept().sounds.insert(org, Arc::clone(&sounds));
                }
                sounds
            }
            Err(error) => {
                tracing::error!(%org, %error, "prompts cannot be read");
                known
            }
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
