//! What waits for a person's signature, and why theirs.

use huiyin_domain::approval::{Seat, Signature, Step, Way};
use huiyin_domain::case::{Approval, ApprovalOf, Case, Facts, Kind, approval_waits, my_seats};
use huiyin_domain::ids::{AttachmentId, CaseId, PersonId, UnitId};
use huiyin_domain::money::Money;
use huiyin_domain::people::{Post, PostHeld, Scope};
use huiyin_domain::time::Timestamp;
use huiyin_store::approval::{self as rows, Place};
use huiyin_store::case::read;
use huiyin_store::people::membership;
use huiyin_store::sql::Tx;
use serde::Serialize;
use utoipa::ToSchema;

use super::house::house;
use crate::case::{Rules, actor_at, sight_of};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy;

/// How many rows are fetched at a time.
const BATCH: u32 = 100;

/// How many open approvals one page looks through at most.
const MOST_SEEN: usize = 2_000;

/// Why an approval waits for this person.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Why {
    /// By post, as a deputy, or one step up because nobody below can.
    pub way: Way,
    /// The post of the step that the signature fulfils.
    pub post: Post,
    /// For whom, as a deputy.
    pub stands_for: Option<PersonId>,
}

/// One approval that waits for the actor.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Waiting {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// Its version, on which a decision is based.
    pub version: u64,
    /// Its kind.
    pub kind: Kind,
    /// Its unit.
    pub unit: UnitId,
    /// Number of the approval in the case.
    pub approval: u32,
    /// What is to be decided.
    pub of: ApprovalOf,
    /// The exact content; null once erased.
    pub text: Option<String>,
    /// To whom it goes.
    pub addressee: Option<String>,
    /// The files that go with it.
    pub attachments: Vec<AttachmentId>,
    /// The option meant.
    pub option: Option<u32>,
    /// Money in it.
    pub amount: Option<Money>,
    /// What the party gets in the whole incident, this included.
    pub sum: Option<Money>,
    /// Names the exact content; it counts for no other.
    pub digest: String,
    /// Who asked.
    pub asked_by: Option<PersonId>,
    /// When.
    pub asked_at: Timestamp,
    /// Until when it stands.
    pub expires_at: Option<Timestamp>,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// The step that waits, from 0.
    pub step: u32,
    /// The posts that have not signed it.
    pub missing: Vec<Post>,
    /// What was signed so far.
    pub signed: Vec<Signature>,
    /// Why it waits for you, the best reason first.
    pub why: Vec<Why>,
}

/// Lists what waits for the actor, longest waiting first, and where it goes on.
///
/// # Errors
/// What the store gives.
pub fn inbox(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (after, limit): (Option<Place>, u32),
) -> Result<(Vec<Waiting>, Option<Place>), Error> {
    let scopes = scopes(tx, ctx)?;
    let (mut found, mut last, mut seen) = (Vec::new(), after, 0);
    while seen < MOST_SEEN {
        let mut places: Vec<Place> = Vec::new();
        for scope in &scopes {
            places.extend(rows::open(tx, scope, last, ctx.now, BATCH)?);
        }
        places.sort_unstable();
        places.dedup();
        places.truncate(BATCH as usize);
        let whole = places.len() == BATCH as usize;
        for place in places {
            if found.len() == limit as usize {
                return Ok((found, last));
            }
            seen += 1;
            last = Some(place);
            found.extend(waiting(tx, ctx, rules, place)?);
        }
        if !whole {
            return Ok((found, None));
        }
    }
    Ok((found, last))
}

/// Gives the actor's own scope and those of the people they stand for.
fn scopes(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<Scope>, Error> {
    let mut scopes = vec![ctx.actor.scope()];
    if ctx.actor.posts.is_empty() {
        return Ok(scopes);
    }
    for (person, deputy) in rows::standing(tx, ctx.org(), ctx.now)? {
        if deputy != ctx.actor.person {
            continue;
        }
        let places = membership::of_person(tx, ctx.org(), person)?;
        let now = places.into_iter().map(|row| row.membership).filter(|member| member.valid.holds(ctx.now));
        let held: Vec<PostHeld> = now
            .flat_map(|member| {
                let unit = member.unit;
                member.posts.into_iter().map(move |post| PostHeld { unit, post })
            })
            .collect();
        scopes.push(Scope::of(ctx.org(), person, &held));
    }
    Ok(scopes)
}

/// Looks at one open approval: is it the actor's to sign?
fn waiting(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (_, id, number): Place,
) -> Result<Option<Waiting>, Error> {
    let Some(loaded) = read::case(tx, ctx.org(), id)? else { return Ok(None) };
    let case = &loaded.case;
    let Some(approval) = case.round.approvals.iter().find(|approval| approval.id == number) else {
        return Ok(None);
    };
    let sight = sight_of(tx, ctx, case)?;
    let Ok(permit) = policy::case_permit(&ctx.actor, &sight) else { return Ok(None) };
    let held = rules.of(tx, ctx.org())?;
    let (actor, house) = (actor_at(ctx, permit.view()), house(tx, ctx, case)?);
    let facts = Facts {
        pack: held.pack(&case.pack)?,
        rebound: None,
        calendar: held.calendar(),
        actor: &actor,
        people: &std::collections::BTreeMap::new(),
        do_not_visit: false,
        house: &house,
        now: ctx.now,
    };
    let seats = my_seats(approval, case, &facts);
    if seats.is_empty() {
        return Ok(None);
    }
    let (step, missing) = approval_waits(approval, case, &house);
    shown(tx, ctx, (case, approval), (step, missing), &seats).map(Some)
}

fn shown(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (case, approval): (&Case, &Approval),
    (step, missing): (u32, Vec<Post>),
    seats: &[Seat],
) -> Result<Waiting, Error> {
    let text = read::text(tx, ctx.org(), case.id, &approval.content)?;
    let addressee = match &approval.addressee {
        Some(sealed) => read::text(tx, ctx.org(), case.id, sealed)?,
        None => None,
    };
    let why = |seat: &Seat| Why { way: seat.way, post: seat.post, stands_for: seat.stands_for };
    Ok(Waiting {
        case: case.id,
        number: case.number.clone(),
        version: case.version,
        kind: case.kind,
        unit: case.unit,
        approval: approval.id,
        of: approval.of,
        text,
        addressee,
        attachments: approval.attachments.clone(),
        option: approval.option,
        amount: approval.amount,
        sum: approval.sum_fen.filter(|fen| *fen > 0).and_then(|fen| Money::from_fen(fen).ok()),
        digest: approval.digest(),
        asked_by: approval.asked_by,
        asked_at: approval.asked_at,
        expires_at: approval.expires_at,
        steps: approval.ladder(),
        step,
        missing,
        signed: approval.signed.clone(),
        why: seats.iter().map(why).collect(),
    })
}
