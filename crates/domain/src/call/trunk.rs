//! How the lines to carriers stand (CALL-5).

use crate::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

crate::wire::wire_enum! {
    /// Whether a trunk can be used.
    TrunkState {
        /// 通: the carrier answers, or took the registration.
        Up = "up",
        /// 断.
        Down = "down",
        /// 未知: not tried yet, or no telephony at work here.
        Unknown = "unknown",
    }
}

crate::wire::wire_enum! {
    /// Why a trunk is down.
    TrunkFault {
        /// 地址有误: its address cannot be read, or no such host is known.
        Address = "address",
        /// 无法送达: nothing can be sent there.
        Unreachable = "unreachable",
        /// 无应答: nothing comes back.
        NoAnswer = "no_answer",
        /// 被拒绝: the carrier refuses, with a status of SIP.
        Refused = "refused",
    }
}

/// How a trunk stands now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TrunkNow {
    /// Its name.
    pub name: String,
    /// Whether it can be used.
    pub state: TrunkState,
    /// Since when it is up or down.
    pub since: Option<Timestamp>,
    /// Why it is down, where that is known.
    pub fault: Option<TrunkFault>,
    /// With which status of SIP the carrier refused last.
    pub status: Option<u16>,
    /// Calls on it now.
    pub calls: u32,
}

impl TrunkNow {
    /// A trunk of which nothing is known.
    #[must_use]
    pub const fn unknown(name: String) -> Self {
        Self { name, state: TrunkState::Unknown, since: None, fault: None, status: None, calls: 0 }
    }

    /// Gives how each trunk stands, those that are set in their order.
    ///
    /// Behind them come those that only the telephone knows, such as the lines of a PBX.
    #[must_use]
    pub fn of(set: impl IntoIterator<Item = String>, mut known: Vec<Self>) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for name in set {
            let at = known.iter().position(|one| one.name == name);
            all.push(at.map_or_else(|| Self::unknown(name), |at| known.remove(at)));
        }
        all.extend(known);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CALL-5: a trunk that is set is listed even where nothing is known of it, and says so.
    #[test]
    fn what_is_not_known_is_said_to_be_unknown() {
        let up = |name: &str| TrunkNow { state: TrunkState::Up, ..TrunkNow::unknown(name.to_owned()) };
        let all = TrunkNow::of(["b", "a"].map(str::to_owned), vec![up("pbx"), up("a")]);
        let seen: Vec<_> = all.iter().map(|one| (&*one.name, one.state)).collect();
        assert_eq!(seen, [("b", TrunkState::Unknown), ("a", TrunkState::Up), ("pbx", TrunkState::Up)]);
    }
}
