//! How far a case is, as its customer may know it: no name, no note of the house.

use huiyin_domain::case::{Case, ClosureKind, Kind, OptionAnswer, ReplyKind, Stage};
use huiyin_domain::ids::CaseId;
use huiyin_domain::money::Money;
use huiyin_domain::time::Timestamp;
use huiyin_store::case::read;
use huiyin_store::sql::Tx;

use crate::case;
use crate::ctx::Ctx;
use crate::error::Error;

/// Something that the house told the customer.
#[derive(Clone, Debug)]
pub struct ToldAt {
    /// When.
    pub at: Timestamp,
    /// Of what kind.
    pub kind: ReplyKind,
    /// What; nothing once erased.
    pub text: Option<String>,
}

/// An option that waits for the customer's answer.
#[derive(Clone, Debug)]
pub struct OpenOption {
    /// Its number in the case.
    pub id: u32,
    /// What is offered; nothing once erased.
    pub text: Option<String>,
    /// Money in it.
    pub amount: Option<Money>,
    /// What the customer said already.
    pub answer: Option<OptionAnswer>,
}

/// A case as its customer sees it.
#[derive(Clone, Debug)]
pub struct Progress {
    /// Its number.
    pub number: String,
    /// What it is about.
    pub kind: Kind,
    /// When it reached the house.
    pub received_at: Timestamp,
    /// Where it stands.
    pub stage: Stage,
    /// How it was closed.
    pub closure: Option<ClosureKind>,
    /// The next promised moment, of a word or a visit.
    pub promised: Option<Timestamp>,
    /// What the customer was told, oldest first.
    pub told: Vec<ToldAt>,
    /// Options while they are negotiated.
    pub options: Vec<OpenOption>,
    /// True when the three questions of the return visit wait (PROP-62).
    pub asks: bool,
}

/// Tells how far a case is.
///
/// # Errors
/// `not_found` unless the actor opened it.
pub fn progress(tx: &mut Tx<'_>, ctx: &Ctx, id: CaseId) -> Result<Progress, Error> {
    let (loaded, _) = case::visible(tx, ctx, id)?;
    let case = &loaded.case;
    let mut told = Vec::new();
    for reply in &case.replies {
        let text = match &reply.text {
            Some(sealed) => read::text(tx, ctx.org(), id, sealed)?,
            None => None,
        };
        told.push(ToldAt { at: reply.at, kind: reply.kind, text });
    }
    let mut options = Vec::new();
    if case.stage == Stage::Negotiating {
        for option in &case.round.options {
            let text = read::text(tx, ctx.org(), id, &option.text)?;
            options.push(OpenOption { id: option.id, text, amount: option.amount, answer: option.answer });
        }
    }
    Ok(Progress {
        number: case.number.clone(),
        kind: case.kind,
        received_at: case.received_at,
        stage: case.stage,
        closure: case.closure,
        promised: promised(case, ctx.now),
        told,
        options,
        asks: case.stage == Stage::Visiting && case.escalation.group_at.is_none(),
    })
}

fn promised(case: &Case, now: Timestamp) -> Option<Timestamp> {
    let open = case.promises.iter().filter(|promise| promise.is_open() && promise.due > now);
    open.map(|promise| promise.due).min()
}
