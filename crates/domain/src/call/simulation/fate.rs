//! What comes to pass by itself, and what line or agent say.

use crate::call::floor::Happening;
use crate::call::record::OfferEnd;
use crate::ids::{CallId, PersonId};

/// What comes to pass by itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    Arrival,
    Says(CallId, Word),
    Agent(PersonId, u8),
    Restart,
    Forget(CallId),
}

/// What line or agent do with a call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Word {
    Chooses,
    Gone,
    Ended,
    Late,
    Answers(u32),
    Fails(u32, u8),
    Holds,
    Resumes,
    Consults,
    Joins,
    Returns,
    Transfers(u8),
    TakenOver,
    DialAnswers,
    DialFails(u8),
    Breaks,
    Alive,
    Talks,
    Back,
}

/// Why an offer or a dialled call fails, by its number.
pub(super) fn failure(why: u8) -> OfferEnd {
    let whys = [OfferEnd::NoAnswer, OfferEnd::Busy, OfferEnd::Unreachable, OfferEnd::Declined];
    whys.get(usize::from(why)).copied().unwrap_or(OfferEnd::NoAnswer)
}

/// Names the call that a happening is about.
pub(super) const fn concerned(happening: &Happening) -> Option<CallId> {
    match happening {
        Happening::Answered(call, _) | Happening::DialAnswered(call) => Some(*call),
        _ => None,
    }
}
