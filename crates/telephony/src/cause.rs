//! Why a leg ended or was refused, in one vocabulary for SIP and every PBX.

/// Why a leg ended, or why we refuse it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// Somebody hung up.
    Normal,
    /// The caller gave up before an answer.
    Cancelled,
    /// Another phone of the same person answered.
    AnsweredElsewhere,
    /// The line is busy.
    Busy,
    /// It rang and nobody answered in time.
    NoAnswer,
    /// The person pressed "decline".
    Declined,
    /// Nobody is registered, or the other side does not answer at all.
    Unreachable,
    /// There is no such number.
    NotFound,
    /// The caller may not call this.
    Forbidden,
    /// A limit of calls is reached.
    Congestion,
    /// No voice came for too long.
    MediaLost,
    /// The two sides share no codec.
    Incompatible,
    /// Something failed on our side.
    Failure,
}

impl Cause {
    /// The SIP status that says it.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::Normal | Self::NoAnswer => 480,
            Self::Cancelled | Self::AnsweredElsewhere => 487,
            Self::Busy => 486,
            Self::Declined => 603,
            Self::Unreachable => 480,
            Self::NotFound => 404,
            Self::Forbidden => 403,
            Self::Congestion => 503,
            Self::MediaLost => 500,
            Self::Incompatible => 488,
            Self::Failure => 500,
        }
    }

    /// What a final SIP status of the other side means.
    #[must_use]
    pub fn of_status(status: u16) -> Self {
        match status {
            200..=299 => Self::Normal,
            486 | 600 => Self::Busy,
            487 => Self::Cancelled,
            408 => Self::NoAnswer,
            480 => Self::Unreachable,
            603 | 607 | 608 => Self::Declined,
            404 | 410 | 484 | 485 | 604 => Self::NotFound,
            401 | 403 | 407 => Self::Forbidden,
            415 | 488 | 606 => Self::Incompatible,
            503 => Self::Congestion,
            _ => Self::Failure,
        }
    }

    /// The cause number of ITU-T Q.850, for the Reason header.
    #[must_use]
    pub fn q850(self) -> u8 {
        match self {
            Self::Normal | Self::Cancelled => 16,
            Self::Busy => 17,
            Self::NoAnswer => 19,
            Self::Declined | Self::Forbidden => 21,
            Self::AnsweredElsewhere => 26,
            Self::Unreachable => 20,
            Self::NotFound => 1,
            Self::Congestion => 34,
            Self::MediaLost => 41,
            Self::Incompatible => 88,
            Self::Failure => 38,
        }
    }

    /// The value of the Reason header (RFC 3326). Desk phones know the words of
    /// a call that another one took, and keep it out of their missed calls.
    #[must_use]
    pub fn reason(self) -> String {
        match self {
            Self::AnsweredElsewhere => "SIP;cause=200;text=\"Call completed elsewhere\"".to_owned(),
            other => format!("Q.850;cause={};text=\"{}\"", other.q850(), other.name()),
        }
    }

    /// Its name in records and logs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Cancelled => "cancelled",
            Self::AnsweredElsewhere => "answered_elsewhere",
            Self::Busy => "busy",
            Self::NoAnswer => "no_answer",
            Self::Declined => "declined",
            Self::Unreachable => "unreachable",
            Self::NotFound => "not_found",
            Self::Forbidden => "forbidden",
            Self::Congestion => "congestion",
            Self::MediaLost => "media_lost",
            Self::Incompatible => "incompatible",
            Self::Failure => "failure",
        }
    }
}
