//! What the desk gathered into incidents, and one major complaint, as the
//! stories left them: a hot one, a known one with a measure, a demand.

use super::cast::{Cast, at};
use super::play::House;
use super::words::Centre;
use huiyin_app::case::{self, CaseFilter, CaseLine, ListQuery, Numbers};
use huiyin_app::incident::{self, MembersReply, NewIncident, NewMeasure};
use huiyin_app::{Ctx, Error};
use huiyin_domain::case::body::{DemandStated, Reply};
use huiyin_domain::case::{Carrier, ClosureKind, Command, Kind, ReplyKind, Stage};
use huiyin_domain::ids::IncidentId;
use huiyin_domain::incident::{Command as IncidentCommand, Member};
use huiyin_domain::money::Money;
use huiyin_domain::text::Text;
use huiyin_domain::time::Timestamp;
use huiyin_store::sql::Tx;
use std::collections::BTreeMap;

/// A day in microseconds.
const DAY: i64 = 86_400_000_000;

/// What somebody demands, in yuan: enough to be major (PROP-81).
const DEMAND: &str = "12000.00";

/// How many lines of a list are looked at.
const LOOKED: u32 = 200;

/// Gathers what came lately.
///
/// # Errors
/// When the stories left too little, or the rules refuse a step.
pub fn gather(tx: &mut Tx<'_>, house: &House<'_>, now: Timestamp) -> Result<(), Error> {
    let (mut many, mut known) = (0, 0);
    for centre in &house.words.company.centre {
        let ctx = at(house.app, house.cast.person(&centre.lead)?.clone(), now);
        let mut groups = alike(tx, house.cast, (&ctx, centre))?;
        if groups.first().is_some_and(|group| group.len() >= 3) {
            opened(tx, house, &ctx, &groups.remove(0))?;
            many += 1;
        }
        let waits = |group: &Vec<CaseLine>| group.len() >= 2 && group.iter().any(is_open);
        if let Some(place) = groups.iter().position(waits) {
            let id = opened(tx, house, &ctx, &groups[place])?;
            measured(tx, house, &ctx, id)?;
            known += 1;
        }
    }
    if many == 0 || known == 0 {
        return Err(Error::internal("the demo's stories leave too few alike for its incidents"));
    }
    demanded(tx, house, now)
}

fn is_open(line: &CaseLine) -> bool {
    !matches!(line.stage, Stage::Closed | Stage::Settling)
}

/// The complaints of a centre in the last weeks, by what they are about, the
/// largest group first.
fn alike(tx: &mut Tx<'_>, cast: &Cast, (ctx, centre): (&Ctx, &Centre)) -> Result<Vec<Vec<CaseLine>>, Error> {
    let filter = CaseFilter {
        kind: Some(Kind::Complaint),
        unit: Some(cast.unit(&centre.unit)?),
        received_from: Some(Timestamp::from_micros(ctx.now.micros() - 28 * DAY)),
        limit: LOOKED,
        ..CaseFilter::default()
    };
    let lines = case::list(tx, ctx, &ListQuery { filter, ..ListQuery::default() })?;
    let mut groups: BTreeMap<String, Vec<CaseLine>> = BTreeMap::new();
    for line in lines.into_iter().filter(|line| !line.closure.is_some_and(ClosureKind::is_final)) {
        groups.entry(line.title.clone().unwrap_or_default()).or_default().push(line);
    }
    let mut groups: Vec<Vec<CaseLine>> = groups.into_values().collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    Ok(groups)
}

/// Opens an incident about these cases, by the lead.
fn opened(tx: &mut Tx<'_>, house: &House<'_>, ctx: &Ctx, cases: &[CaseLine]) -> Result<IncidentId, Error> {
    let Some(first) = cases.first() else {
        return Err(Error::internal("an incident of the demo has no case"));
    };
    let title = first.title.clone().unwrap_or_default();
    let new = NewIncident {
        title: text(&title)?,
        reason: text("多户反映同一事项")?,
        members: cases.iter().map(|line| Member::case(line.id)).collect(),
        unit: Some(first.unit),
        building: None,
        category: first.category.clone(),
    };
    Ok(incident::open(tx, ctx, &house.app.rules, &Numbers::default(), new)?.0.id)
}

/// Fixes a measure and tells every member how far it is.
fn measured(tx: &mut Tx<'_>, house: &House<'_>, ctx: &Ctx, id: IncidentId) -> Result<(), Error> {
    let rules = &house.app.rules;
    let due = Timestamp::from_micros(ctx.now.micros() + 3 * DAY);
    let measure = NewMeasure {
        text: text("安排专项检修，完成后逐户告知")?, person: None, due: Some(due)
    };
    incident::act(tx, ctx, rules, (id, None), IncidentCommand::AddMeasure(measure))?;
    let reply = Reply {
        text: text("已安排专项检修，三日内再告知进展")?,
        proof: None,
        addressee: None,
        kind: ReplyKind::Progress,
        carrier: Carrier::Spoken,
        next: Some(due),
        attachments: Vec::new(),
        acknowledged_phrases: Vec::new(),
    };
    incident::reply_members(tx, ctx, rules, (id, None), MembersReply { reply, members: None }).map(drop)
}

/// One customer demands enough for a major complaint (PROP-81).
fn demanded(tx: &mut Tx<'_>, house: &House<'_>, now: Timestamp) -> Result<(), Error> {
    let Some(centre) = house.words.company.centre.first() else { return Ok(()) };
    let ctx = at(house.app, house.cast.person(&centre.lead)?.clone(), now);
    let groups = alike(tx, house.cast, (&ctx, centre))?;
    let worked =
        |line: &&CaseLine| matches!(line.stage, Stage::Accepted | Stage::Investigating | Stage::Negotiating);
    let Some(line) = groups.iter().flatten().find(worked) else { return Ok(()) };
    let amount = Money::parse(DEMAND).map_err(Error::internal)?;
    let version = u64::try_from(line.version).unwrap_or(0);
    let command = Command::StateDemand(DemandStated { amount });
    case::act(tx, &ctx, &house.app.rules, (line.id, Some(version)), command).map(drop)
}

fn text(words: &str) -> Result<Text, Error> {
    Text::new(words).map_err(Error::internal)
}
