//! The legs that live now, and the way to each.

use super::orders::Order;
use crate::LegId;
use rsipstack::dialog::DialogId;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use tokio::sync::mpsc;

/// All legs of the endpoint.
#[derive(Default)]
pub(crate) struct Legs {
    known: Mutex<HashMap<LegId, Known>>,
    pub(crate) ever: AtomicU64,
}

struct Known {
    orders: mpsc::Sender<Order>,
    /// The leg of the media engine: differs where one of several phones that
    /// rang took the call.
    voice: LegId,
    dialog: Option<DialogId>,
    heard: bool,
}

impl Legs {
    pub(crate) fn add(&self, leg: LegId) -> mpsc::Receiver<Order> {
        let (orders, receiver) = mpsc::channel(64);
        self.ever.fetch_add(1, Ordering::Relaxed);
        self.with(|known| {
            known.insert(leg, Known { orders, voice: leg, dialog: None, heard: false });
        });
        receiver
    }

    pub(crate) fn remove(&self, leg: LegId) {
        self.with(|known| known.remove(&leg));
    }

    pub(crate) fn len(&self) -> usize {
        self.with(|known| known.len())
    }

    pub(crate) fn all(&self) -> Vec<LegId> {
        self.with(|known| known.keys().copied().collect())
    }

    /// Hands an order to a leg; false where the leg is gone.
    pub(crate) fn order(&self, leg: LegId, order: Order) -> bool {
        let Some(orders) = self.with(|known| known.get(&leg).map(|known| known.orders.clone())) else {
            return false;
        };
        match orders.try_send(order) {
            Ok(()) => true,
            Err(fault) => {
                tracing::warn!(%leg, %fault, "a leg does not take its order");
                false
            }
        }
    }

    pub(crate) fn voice(&self, leg: LegId) -> LegId {
        self.with(|known| known.get(&leg).map_or(leg, |known| known.voice))
    }

    pub(crate) fn set_voice(&self, leg: LegId, voice: LegId) {
        self.with(|known| known.get_mut(&leg).map(|known| known.voice = voice));
    }

    /// The leg whose voice this is.
    pub(crate) fn of_voice(&self, voice: LegId) -> Option<LegId> {
        self.with(|known| match known.get(&voice) {
            Some(direct) if direct.voice == voice => Some(voice),
            _ => known.iter().find(|(_, known)| known.voice == voice).map(|(leg, _)| *leg),
        })
    }

    pub(crate) fn set_dialog(&self, leg: LegId, dialog: DialogId) {
        self.with(|known| known.get_mut(&leg).map(|known| known.dialog = Some(dialog)));
    }

    /// The leg of a dialog that a `Replaces` names: call id and both tags, in
    /// whichever order the phone sees them.
    pub(crate) fn of_dialog(&self, call_id: &str, tags: [&str; 2]) -> Option<LegId> {
        self.with(|known| {
            let fits = |dialog: &DialogId| {
                let (local, remote) = (dialog.local_tag.as_str(), dialog.remote_tag.as_str());
                dialog.call_id == call_id && (tags == [local, remote] || tags == [remote, local])
            };
            known.iter().find(|(_, known)| known.dialog.as_ref().is_some_and(fits)).map(|(leg, _)| *leg)
        })
    }

    /// The first packet of a leg came.
    pub(crate) fn heard(&self, leg: LegId) {
        self.with(|known| known.get_mut(&leg).map(|known| known.heard = true));
    }

    pub(crate) fn was_heard(&self, leg: LegId) -> bool {
        self.with(|known| known.get(&leg).is_some_and(|known| known.heard))
    }

    fn with<R>(&self, act: impl FnOnce(&mut HashMap<LegId, Known>) -> R) -> R {
        act(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
