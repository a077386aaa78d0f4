//! The lines to carriers: handed to the telephone, and how they stand (CALL-5).

use huiyin_app::App;
use huiyin_app::call::{self, TrunkRow};
use huiyin_domain::call::trunk::{TrunkFault, TrunkNow, TrunkState, TrunkWire};
use huiyin_domain::ids::OrgId;
use huiyin_domain::time::Timestamp;
use huiyin_telephony::{
    Limits, Network, NumberRule, Standing, Trunk, TrunkFault as Fault, TrunkMode, TrunkStanding, Wire,
};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::board::Board;

/// How long a registration at a carrier holds.
const AT_CARRIER: Duration = Duration::from_secs(600);

/// Names an organisation to the telephone.
pub(crate) fn house(org: OrgId) -> String {
    org.to_string()
}

/// Gives the trunks as the organisations set them, for the telephone.
///
/// # Errors
/// When they cannot be read.
pub async fn trunks(app: &App) -> Result<Vec<Trunk>, huiyin_app::Error> {
    let all = call::trunk_secrets(app).await?;
    let all = all.into_iter().filter(|(_, row, _)| row.active);
    Ok(all.map(|(org, row, secret)| trunk(org, row, secret)).collect())
}

fn trunk(org: OrgId, row: TrunkRow, secret: String) -> Trunk {
    let wire = match row.transport {
        TrunkWire::Udp => Wire::Udp,
        TrunkWire::Tcp => Wire::Tcp,
        TrunkWire::Tls => Wire::Tls,
    };
    let mode = match row.user.filter(|_| row.register) {
        Some(user) => TrunkMode::Register { user, password: secret, expires: AT_CARRIER },
        None => TrunkMode::Peer,
    };
    Trunk {
        // two organisations may call theirs the same
        name: format!("{}:{}", house(org), row.name),
        house: Some(house(org)),
        order: row.order,
        address: row.server,
        wire,
        mode,
        networks: row.from.iter().filter_map(|text| Network::parse(text)).collect(),
        limits: Limits { calls: row.most, calls_per_second: 0 },
        caller_id: None,
        dialled: NumberRule::default(),
        callers: NumberRule::default(),
    }
}

/// Since when each trunk is up or down.
#[derive(Debug, Default)]
pub(crate) struct Since(Mutex<HashMap<String, (bool, Timestamp)>>);

impl Since {
    /// Notes that a trunk came up or went down.
    pub(crate) fn note(&self, name: String, up: bool, at: Timestamp) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name, (up, at));
    }

    /// Gives how the trunks of an organisation stand, and those of nobody.
    pub(crate) fn of(&self, org: OrgId, standing: Standing) -> Vec<TrunkNow> {
        let house = house(org);
        let theirs = |one: &TrunkStanding| one.house.as_ref().is_none_or(|of| *of == house);
        standing.trunks.into_iter().filter(theirs).map(|one| self.now(one)).collect()
    }

    fn now(&self, one: TrunkStanding) -> TrunkNow {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&one.name).copied();
        let since = noted.filter(|(up, _)| Some(*up) == one.up).map(|(_, at)| at);
        let (fault, status) = match one.fault {
            None => (None, None),
            Some(Fault::Address) => (Some(TrunkFault::Address), None),
            Some(Fault::Unreachable) => (Some(TrunkFault::Unreachable), None),
            Some(Fault::NoAnswer) => (Some(TrunkFault::NoAnswer), None),
            Some(Fault::Refused(status)) => (Some(TrunkFault::Refused), Some(status)),
        };
        let state = match one.up {
            Some(true) => TrunkState::Up,
            Some(false) => TrunkState::Down,
            None => TrunkState::Unknown,
        };
        let own =
            one.house.and_then(|house| Some(one.name.strip_prefix(&house)?.strip_prefix(':')?.to_owned()));
        let calls = u32::try_from(one.calls).unwrap_or(u32::MAX);
        TrunkNow { name: own.unwrap_or(one.name), state, since, fault, status, calls }
    }
}

impl Board {
    /// Hands the trunks to the telephone as they are set now.
    pub(crate) async fn take_trunks(&self) {
        // one after the other: who reads last hands over last
        let _turn = self.0.trunks_turn.lock().await;
        match trunks(&self.0.app).await {
            Ok(trunks) => self.0.control.set_trunks(trunks),
            Err(error) => tracing::error!(%error, "trunks cannot be read; they stay as they were"),
        }
    }
}
