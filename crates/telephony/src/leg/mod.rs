//! One task per leg: a call that came, or one that we make, and then the
//! talk.

pub(crate) mod branch;
pub(crate) mod inbound;
pub(crate) mod outbound;
pub(crate) mod refer;
pub(crate) mod talk;
pub(crate) mod timer;
pub(crate) mod ways;

use crate::core::Core;
use crate::guard::gate::Place;
use crate::{By, Cause, LegId, Signal};
use rsipstack::dialog::invite_dialog::InviteDialog;
use std::sync::Arc;

/// Frees all that a leg holds, however its task ends, and says so once.
pub(crate) struct Guard {
    pub(crate) core: Arc<Core>,
    pub(crate) leg: LegId,
    /// Voices to close.
    pub(crate) voices: Vec<LegId>,
    /// The dialog to forget.
    pub(crate) dialog: Option<InviteDialog>,
    pub(crate) places: Vec<Place>,
    /// What `Ended` says; a failure unless the task says otherwise.
    pub(crate) end: (By, Cause),
    /// The call centre knows of this leg.
    pub(crate) told: bool,
}

impl Guard {
    pub(crate) fn new(core: Arc<Core>, leg: LegId) -> Self {
        let end = (By::Network, Cause::Failure);
        Self { core, leg, voices: Vec::new(), dialog: None, places: Vec::new(), end, told: false }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.core.legs.remove(self.leg);
        for voice in &self.voices {
            self.core.settings.media.close(*voice);
        }
        self.places.clear();
        if let Some(dialog) = self.dialog.take() {
            self.core.dialogs.remove_dialog(&dialog.id());
        }
        if self.told {
            let (by, cause) = self.end;
            let (core, leg) = (self.core.clone(), self.leg);
            self.core.spawn(async move { core.tell(Signal::Ended { leg, by, cause }).await });
        }
    }
}
