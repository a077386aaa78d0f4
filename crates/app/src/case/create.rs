//! Recording a message: a case begins and somebody owns it (PROP-11…14).

use std::collections::BTreeMap;

use huiyin_domain::case::{
    Case, CaseActor, CaseParty, Channel, External, Facts, Intake, Kind, PartyRole, Source, receive,
};
use huiyin_domain::ids::{CaseId, PartyId, PersonId, UnitId};
use huiyin_domain::people::Post;
use huiyin_domain::text::{Sealer, Text};
use huiyin_domain::time::Timestamp;
use huiyin_store::people::unit;
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::act::refusal;
use super::commit::{Decided, commit, record, seed};
use super::numbers::Numbers;
use super::rules::Rules;
use crate::ctx::{Ctx, Via};
use crate::duty::who_answers;
use crate::error::Error;
use crate::party::Reporter;
use crate::people::check;
use crate::policy::{self, CaseSight};
use crate::suggest::{self, SuggestionShown};

/// A message as somebody records it; only kind, channel and text must be there.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "complaint", "channel": "phone", "text": "五号楼电梯又停了"}))]
pub struct NewCase {
    /// What it is about.
    pub kind: Kind,
    /// How it reached us.
    pub channel: Channel,
    /// The message, in the customer's words.
    pub text: Text,
    /// A short title.
    #[serde(default)]
    pub title: Option<Text>,
    /// Who or what brought it (PROP-10).
    #[serde(default)]
    pub source: Option<Source>,
    /// The unit it belongs to; the recorder's own when not said.
    #[serde(default)]
    pub unit: Option<UnitId>,
    /// Category as the customer put it.
    #[serde(default)]
    pub category: Option<String>,
    /// A known party that complains or asks.
    #[serde(default)]
    pub party: Option<PartyId>,
    /// Who complains or asks, when not known yet.
    #[serde(default)]
    pub reporter: Option<Reporter>,
    /// How many persons complain together; 1 when not said (PROP-83).
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100000)]
    pub persons: Option<u32>,
    /// True when the customer chose to give no name.
    #[serde(default)]
    pub anonymous: bool,
    /// True when no usable contact is known (PROP-60).
    #[serde(default)]
    pub no_usable_contact: bool,
    /// Fields of the pack, such as `wish` and `feeling` (PROP-46).
    #[serde(default)]
    pub fields: BTreeMap<String, Text>,
    /// When it reached us, if earlier than now.
    #[serde(default)]
    pub received_at: Option<Timestamp>,
    /// When an employee collected it in the field (PROP-12).
    #[serde(default)]
    pub collected_at: Option<Timestamp>,
    /// The category that was suggested while it was written down, so that it can
    /// be counted how often people agree; changes nothing.
    #[serde(default)]
    pub suggested: Option<SuggestionShown>,
    /// Its id in another system; the same id is not recorded twice.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub external_id: Option<String>,
}

/// What recording a message led to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Created {
    /// Id of the case.
    pub id: CaseId,
    /// Its human number.
    pub number: String,
    /// Its version, for `If-Match`.
    pub version: u64,
    /// Who owns it (PROP-14).
    pub owner: PersonId,
    /// Where it stands: always `received`.
    pub stage: &'static str,
    /// When it reached us.
    pub received_at: Timestamp,
    /// The earliest limit that runs.
    pub due_at: Option<Timestamp>,
    /// True when it was recorded on a later day than collected (PROP-12).
    pub late: bool,
}

/// How long ago a message may have reached us: ten years, in microseconds.
const OLDEST: i64 = 10 * 366 * 86_400_000_000;

/// Records a message.
///
/// # Errors
/// `forbidden` without a post at the unit, or fields that are not acceptable.
#[expect(clippy::too_many_lines, reason = "the path of one message, read from top to bottom")]
pub fn create(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    numbers: &Numbers,
    new: NewCase,
) -> Result<(Created, CaseSight), Error> {
    let unit = match new.unit {
        Some(unit) => unit,
        None => home(ctx)?,
    };
    let path = unit::path(tx, ctx.org(), unit, ctx.now)?;
    if path.is_empty() {
        return Err(Error::field("unit", "unknown_unit"));
    }
    let received_at = received_at(ctx, &new)?;
    let external_id = check::optional("external_id", new.external_id.as_deref(), 200)?;
    let posts = ctx.actor.posts_at(&path);
    let owner = if posts.iter().any(|post| receives(*post))
        && matches!(ctx.actor.via, Via::Session(_) | Via::Token(_))
    {
        ctx.actor.person
    } else {
        who_answers(tx, ctx, unit)?
    };
    let mut people = vec![owner];
    people.extend(ctx.actor.identified().then_some(ctx.actor.person));
    let opened = ctx.actor.via == Via::Customer(None);
    let sight = CaseSight { paths: vec![path], people, opened };
    let permit = policy::case_permit(&ctx.actor, &sight)?;
    let held = rules.of(tx, ctx.org())?;
    let pack = held.in_force(tx, ctx, (unit, new.kind), received_at)?;
    let day = held.calendar().zone().date(received_at);
    let number = numbers.take(tx, ctx.org(), day, new.kind)?;
    let parties = parties(tx, ctx, unit, &new)?;
    let late = new
        .collected_at
        .is_some_and(|at| held.calendar().zone().date(at) < held.calendar().zone().date(ctx.now));
    let actor = match ctx.actor.via {
        Via::System | Via::CommandLine => CaseActor::default(),
        Via::Customer(_) => CaseActor { customer: true, ..CaseActor::default() },
        Via::Session(_) | Via::Token(_) => {
            let posts = posts.into_iter().collect();
            CaseActor { person: Some(ctx.actor.person), posts, customer: false }
        }
    };
    let people = BTreeMap::new();
    let facts = Facts {
        pack,
        rebound: None,
        calendar: held.calendar(),
        actor: &actor,
        people: &people,
        do_not_visit: false,
        house: &huiyin_domain::approval::NOBODY,
        now: received_at,
    };
    let mut sealer = Sealer::new(seed(ctx));
    let words = new.title.clone().unwrap_or_else(|| new.text.clone());
    let intake = Intake {
        number,
        kind: new.kind,
        channel: new.channel,
        source: new.source,
        unit,
        owner,
        collected_at: new.collected_at,
        title: new.title,
        text: new.text,
        parties,
        persons: new.persons.unwrap_or(1),
        anonymous: new.anonymous,
        no_usable_contact: new.no_usable_contact,
        category: new.category,
        fields: new.fields,
        external: external_id.map(|id| External { source: "api".to_owned(), id }),
    };
    let kind = huiyin_domain::case::CommandKind::Note;
    let events = receive(intake, &facts, &mut sealer).map_err(|refused| refusal(&refused, kind))?;
    let events = record(ctx, 0, received_at, events);
    let case = fold(CaseId(ctx.uuid()), &events)?;
    let decided = Decided {
        before: None,
        after: case,
        events,
        sealed: sealer.into_sealed(),
        action: "receive",
        tell: true,
    };
    commit(tx, ctx, &permit, &decided).map_err(taken)?;
    let case = &decided.after;
    if let Some(shown) = &new.suggested {
        suggest::note(tx, ctx, pack, (case.id, shown))?;
    }
    if case.persons > 1 {
        crate::incident::open_collective(tx, ctx, (rules, numbers), case, &words)?;
    }
    let due_at = case.clocks.iter().filter(|clock| clock.is_open()).map(|clock| clock.due_at).min();
    let created = Created {
        id: case.id,
        number: case.number.clone(),
        version: case.version,
        owner: case.owner,
        stage: case.stage.as_str(),
        received_at: case.received_at,
        due_at,
        late,
    };
    Ok((created, sight))
}

/// Folds a new case's first events.
pub(super) fn fold(id: CaseId, events: &[huiyin_domain::case::Recorded]) -> Result<Case, Error> {
    huiyin_domain::case::replay(id, events)
        .ok_or_else(|| Error::internal("a case must begin with its receipt"))
}

/// PROP-14: whoever works at the desk owns what he receives; other employees
/// record it and pass it on (PROP-51).
const fn receives(post: Post) -> bool {
    matches!(post, Post::Agent | Post::Lead | Post::Head | Post::Supervisor | Post::ShiftLeader)
}

/// The unit at which the recorder works.
pub(crate) fn home(ctx: &Ctx) -> Result<UnitId, Error> {
    let mut held: Vec<_> = ctx.actor.posts.iter().collect();
    held.sort_by_key(|held| !receives(held.post));
    held.first().map(|held| held.unit).ok_or_else(|| Error::field("unit", "required"))
}

fn received_at(ctx: &Ctx, new: &NewCase) -> Result<Timestamp, Error> {
    let at = new.received_at.unwrap_or(ctx.now);
    if at > ctx.now {
        return Err(Error::field("received_at", "in_the_future"));
    }
    if ctx.now.micros() - at.micros() > OLDEST {
        return Err(Error::field("received_at", "out_of_range"));
    }
    if new.collected_at.is_some_and(|collected| collected > ctx.now) {
        return Err(Error::field("collected_at", "in_the_future"));
    }
    Ok(at)
}

fn parties(tx: &mut Tx<'_>, ctx: &Ctx, unit: UnitId, new: &NewCase) -> Result<Vec<CaseParty>, Error> {
    let party = match (new.party, &new.reporter) {
        (Some(_), Some(_)) => return Err(Error::field("reporter", "party_or_reporter")),
        (Some(party), None) => {
            if !crate::party::exists(tx, ctx, party)? {
                return Err(Error::field("party", "unknown_party"));
            }
            Some(party)
        }
        (None, Some(reporter)) => Some(crate::party::for_intake(tx, ctx, unit, reporter)?),
        (None, None) => None,
    };
    Ok(party.map(|party| CaseParty { party, role: PartyRole::Complainant }).into_iter().collect())
}

/// Names what the database found to be there already.
pub(super) fn taken(error: Error) -> Error {
    if error.is_unique("cases_external") {
        return Error::conflict("recorded_already").with_field("external_id", "recorded_already");
    }
    error
}
