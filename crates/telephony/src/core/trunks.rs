//! Trunks: which there are, how they stand, which a call takes (CALL-5).

use super::Core;
use super::keeper::{Begun, Keeper, keep};
use crate::guard::gate::Caller;
use crate::settings::Wire;
use crate::{Network, Signal, Trunk, TrunkFault, TrunkMode, TrunkStanding};
use rsipstack::dialog::authenticate::Credential;
use rsipstack::sip::{Auth, HostWithPort, Param, Scheme, Transport, Uri};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Name of the trunk that a demo's loopback is.
pub(crate) const DEMO: &str = "demo";

/// The trunks that there are now.
#[derive(Default)]
pub(crate) struct Trunks(Mutex<Vec<Kept>>);

struct Kept {
    trunk: Trunk,
    known: Known,
    keeper: Keeper,
}

/// What is known of a trunk.
#[derive(Default)]
struct Known {
    up: Option<bool>,
    fault: Option<TrunkFault>,
    addresses: Vec<IpAddr>,
}

impl Trunks {
    fn all(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with what is known of a keeper's trunk, if it is still one.
    fn with<R>(&self, keeper: &Keeper, act: impl FnOnce(&mut Known) -> R) -> Option<R> {
        self.all().iter_mut().find(|kept| kept.keeper.is(keeper)).map(|kept| act(&mut kept.known))
    }

    /// Notes from where a carrier's calls may come.
    pub(crate) fn found_at(&self, keeper: &Keeper, addresses: Vec<IpAddr>) {
        self.with(keeper, |known| known.addresses = addresses);
    }

    /// Takes other trunks from now on; says which tasks are to begin.
    ///
    /// A trunk whose line stays the same goes on as it is; the task of any other ends.
    fn replace(&self, trunks: Vec<Trunk>) -> Vec<Begun> {
        let mut all = self.all();
        let mut old = std::mem::take(&mut *all);
        let mut begun = Vec::new();
        for trunk in trunks {
            let same = |kept: &Kept| kept.trunk.name == trunk.name && kept.trunk.is_same_line(&trunk);
            if let Some(at) = old.iter().position(same) {
                let kept = old.swap_remove(at);
                all.push(Kept { trunk, ..kept });
            } else {
                let keeper = Keeper::default();
                begun.push(Begun { trunk: trunk.clone(), keeper: keeper.clone(), after: Vec::new() });
                all.push(Kept { trunk, known: Known::default(), keeper });
            }
        }
        drop(all);
        let after: Vec<_> = old.iter().map(|kept| kept.keeper.end()).collect();
        begun.into_iter().map(|one| Begun { after: after.clone(), ..one }).collect()
    }
}

impl Core {
    /// Takes other trunks from now on; calls go on.
    ///
    /// What changed is registered and watched anew, and a registration that is no more
    /// wanted is taken back.
    pub(crate) fn set_trunks(self: &Arc<Self>, trunks: Vec<Trunk>) {
        self.gate.trust(trusted(&trunks, self.settings.demo));
        for begun in self.trunks.replace(trunks) {
            self.spawn(keep(self.clone(), begun));
        }
    }

    /// The trunk from which a call of this address comes.
    pub(crate) fn trunk_at(&self, from: IpAddr) -> Option<Trunk> {
        let fits = |kept: &&Kept| {
            let within = kept.trunk.networks.iter().any(|network| network.contains(from));
            within || kept.known.addresses.contains(&from)
        };
        let named = self.trunks.all().iter().find(fits).map(|kept| kept.trunk.clone());
        named.or_else(|| (self.settings.demo && is_loopback(from)).then(demo))
    }

    /// Trunks for a call out of a house, the best first; dead ones last.
    pub(crate) fn trunks_for(&self, only: Option<&str>, house: Option<&str>) -> Vec<Trunk> {
        let theirs = |trunk: &Trunk| match (&trunk.house, house) {
            (Some(of), Some(house)) => of == house,
            _ => true,
        };
        let all = self.trunks.all();
        let wanted = |kept: &&Kept| only.is_none_or(|only| only == kept.trunk.name) && theirs(&kept.trunk);
        let mut found: Vec<&Kept> = all.iter().filter(wanted).collect();
        found.sort_by_key(|kept| (kept.known.up == Some(false), kept.trunk.order));
        found.into_iter().map(|kept| kept.trunk.clone()).collect()
    }

    /// How the trunks stand, in their order.
    pub(crate) fn trunk_standing(&self) -> Vec<TrunkStanding> {
        let all = self.trunks.all();
        let mut found: Vec<&Kept> = all.iter().collect();
        found.sort_by_key(|kept| kept.trunk.order);
        let standing = |kept: &Kept| TrunkStanding {
            name: kept.trunk.name.clone(),
            house: kept.trunk.house.clone(),
            up: kept.known.up,
            fault: kept.known.fault,
            calls: self.gate.held(&Caller::Trunk(kept.trunk.name.clone())),
        };
        found.into_iter().map(standing).collect()
    }

    /// A call found nobody at a trunk: its keeper looks now rather than when it is due.
    pub(crate) fn doubt(&self, trunk: &str) {
        if let Some(kept) = self.trunks.all().iter().find(|kept| kept.trunk.name == trunk) {
            kept.keeper.wake();
        }
    }

    /// Notes how a trunk was found, and tells when it came up or went down.
    pub(crate) async fn trunk_is(&self, keeper: &Keeper, name: &str, fault: Option<TrunkFault>) {
        let up = fault.is_none();
        let before = self.trunks.with(keeper, |known| {
            known.fault = fault;
            known.up.replace(up)
        });
        if before.is_some_and(|before| before != Some(up)) {
            tracing::info!(trunk = name, up, ?fault, "trunk");
            self.tell(Signal::Trunk { name: name.to_owned(), up }).await;
        }
    }
}

/// Networks without limits by address.
pub(crate) fn trusted(trunks: &[Trunk], demo: bool) -> Vec<Network> {
    let mut trusted: Vec<_> = trunks.iter().flat_map(|trunk| trunk.networks.clone()).collect();
    trusted.extend(demo.then(loopback));
    trusted
}

/// The loopback of a demo as a trunk without limits.
fn demo() -> Trunk {
    Trunk {
        name: DEMO.to_owned(),
        house: None,
        order: 0,
        address: "127.0.0.1".to_owned(),
        wire: Wire::Udp,
        mode: TrunkMode::Peer,
        networks: vec![loopback()],
        limits: crate::Limits::default(),
        caller_id: None,
        dialled: crate::NumberRule::default(),
        callers: crate::NumberRule::default(),
    }
}

/// 127.0.0.0/8.
fn loopback() -> Network {
    Network::new(IpAddr::from([127, 0, 0, 1]), 8)
}

fn is_loopback(ip: IpAddr) -> bool {
    loopback().contains(ip)
}

impl Trunk {
    /// Its address as the target of a request, with or without a user.
    pub(crate) fn uri(&self, user: Option<&str>) -> Option<Uri> {
        let host = HostWithPort::try_from(self.address.as_str()).ok()?;
        let params = match self.wire {
            Wire::Udp => Vec::new(),
            Wire::Tcp => vec![Param::Transport(Transport::Tcp)],
            Wire::Tls => vec![Param::Transport(Transport::Tls)],
        };
        let auth = user.map(|user| Auth { user: user.to_owned(), password: None });
        Some(Uri { scheme: Some(Scheme::Sip), auth, host_with_port: host, params, headers: Vec::new() })
    }

    /// What it answers challenges with.
    pub(crate) fn credential(&self) -> Option<Credential> {
        match &self.mode {
            TrunkMode::Peer => None,
            TrunkMode::Register { user, password, .. } => Some(Credential {
                username: user.clone(),
                password: password.clone(),
                realm: None,
                auth_username: None,
            }),
        }
    }

    /// Whether the way to the carrier is the same, whatever else changed.
    fn is_same_line(&self, other: &Self) -> bool {
        (&self.address, self.wire, &self.mode) == (&other.address, other.wire, &other.mode)
    }
}
