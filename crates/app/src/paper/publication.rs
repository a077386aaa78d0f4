//! Publications: what may go into one, and what residents may read.
//!
//! *Invariants*: an entry comes from a case that is eligible and that its author
//! may see; no name, number or address of the people of that case, and nothing
//! that looks like one, stands in it; only what is up shows to the public.

use huiyin_domain::case::{Case, Flag, Kind, ReplyKind};
use huiyin_domain::count::Month;
use huiyin_domain::ids::{CaseId, UnitId};
use huiyin_domain::pack::Pack;
use huiyin_domain::paper::publication::{Drafted, Item, Publication, PublicationOf, PublicationStep};
use huiyin_domain::people::stripped;
use huiyin_domain::text::Text;
use huiyin_domain::time::{Timestamp, Zone};
use huiyin_store::case::export::{self, ExportedCase};
use huiyin_store::case::{CaseFilter, read};
use huiyin_store::paper as rows;
use huiyin_store::party::{self as parties, contact};
use huiyin_store::people::{organisation, unit};
use huiyin_store::sql::Tx;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::around::Around;
use super::context::visible;
use crate::App;
use crate::case::{self, Rules};
use crate::ctx::Ctx;
use crate::error::{Error, FieldError};

/// The most cases that are looked through for one publication.
const MOST_CASES: usize = 2_000;
/// How many publications the public page of an estate shows.
const MOST_SHOWN: u32 = 24;
/// The longest proposal, in characters.
const LONGEST: usize = 400;

/// A case that may be published, with a proposal that tells nobody.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PublicationProposal)]
pub struct Proposal {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// Category of the statistics.
    pub category: Option<String>,
    /// What it was about, names and numbers taken out.
    pub matter: String,
    /// What was done, names and numbers taken out.
    pub handling: String,
}

/// Lists what may go into a publication, newest first (PROP-77).
///
/// Complaints and suggestions of the month and estate, of a category that the
/// pack publishes, answered or closed, not sensitive.
///
/// # Errors
/// `not_found` when the paper is not there or not for this person to know.
pub fn eligible(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules, id: Uuid) -> Result<Vec<Proposal>, Error> {
    let (_, paper, _) = visible::<Publication>(tx, ctx, id)?;
    let held = rules.of(tx, ctx.org())?;
    let mut found = Vec::new();
    for one in candidates(tx, ctx, &paper, held.calendar().zone())? {
        let pack = held.pack(&one.case.pack)?;
        if !fits(&one.case, &paper, pack) {
            continue;
        }
        let known = known(tx, ctx, &one.case)?;
        let shown = |text: &str| stripped(text, &known).chars().take(LONGEST).collect::<String>();
        let matter = one.title.clone().or(one.text.clone()).unwrap_or_default();
        let handling = answer(tx, ctx, &one.case)?.unwrap_or_default();
        found.push(Proposal {
            case: one.case.id,
            number: one.case.number.clone(),
            category: one.case.category_now().map(str::to_owned),
            matter: shown(&matter),
            handling: shown(&handling),
        });
    }
    Ok(found)
}

/// Reads the cases of the estate and month, or the one that it is about.
fn candidates(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    paper: &Publication,
    zone: &Zone,
) -> Result<Vec<ExportedCase>, Error> {
    let mut filter = CaseFilter { unit: Some(paper.unit), limit: export::PAGE, ..CaseFilter::default() };
    if let Some((from, to)) = paper.month.as_deref().and_then(|month| bounds(month, zone)) {
        (filter.received_from, filter.received_before) = (Some(from), Some(to));
    }
    let mut found: Vec<ExportedCase> = Vec::new();
    loop {
        let page = export::page(tx, &ctx.actor.scope(), &filter, ctx.now)?;
        let whole = page.len() == export::PAGE as usize;
        filter.after = page.last().map(|last| (last.case.received_at, last.case.id));
        found.extend(page.into_iter().filter(|one| paper.case.is_none_or(|case| case == one.case.id)));
        if !whole || found.len() >= MOST_CASES {
            return Ok(found);
        }
    }
}

/// Gives the first instant of a month and the first after it.
fn bounds(month: &str, zone: &Zone) -> Option<(Timestamp, Timestamp)> {
    let first = huiyin_domain::time::Date::parse(&format!("{month}-01")).ok()?;
    Some(Month::of(first).period(1)?.bounds(zone))
}

/// PROP-77: common matters, public parts, public interest, resident disputes.
fn fits(case: &Case, paper: &Publication, pack: &Pack) -> bool {
    let dropped = case.closure.is_some_and(huiyin_domain::case::ClosureKind::is_final);
    if dropped || case.has(Flag::Sensitive) {
        return false;
    }
    if paper.of == PublicationOf::Progress {
        return paper.case == Some(case.id);
    }
    let kind = matches!(case.kind, Kind::Complaint | Kind::Suggestion);
    let listed = case.category_now().and_then(|code| pack.category(code));
    let answered =
        case.closed_at.is_some() || case.replies.iter().any(|reply| reply.kind != ReplyKind::Acknowledge);
    kind && answered && listed.is_some_and(|category| category.published)
}

/// Gives what tells who the people of a case are.
fn known(tx: &mut Tx<'_>, ctx: &Ctx, case: &Case) -> Result<Vec<String>, Error> {
    let mut known = vec![case.number.clone()];
    for party in &case.parties {
        known.extend(parties::get(tx, ctx.org(), party.party)?.and_then(|row| row.name));
        known.extend(contact::phones(tx, ctx.org(), party.party)?);
        known.extend(contact::addresses(tx, ctx.org(), party.party)?.into_iter().map(|address| address.text));
    }
    Ok(known)
}

/// Gives the last answer that the customer got in substance.
fn answer(tx: &mut Tx<'_>, ctx: &Ctx, case: &Case) -> Result<Option<String>, Error> {
    let told = |kind: ReplyKind| matches!(kind, ReplyKind::Measures | ReplyKind::Final | ReplyKind::Progress);
    let last = case.replies.iter().rev().find(|reply| told(reply.kind)).and_then(|reply| reply.text.as_ref());
    match last {
        Some(sealed) => Ok(read::text(tx, ctx.org(), case.id, sealed)?),
        None => Ok(None),
    }
}

impl Around for Publication {
    fn before_step(
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        app: &App,
        (_, paper): (Uuid, &Self),
        step: &PublicationStep,
    ) -> Result<PublicationStep, Error> {
        if let PublicationStep::Draft(body) = step {
            tells_nobody(tx, ctx, app, paper, body)?;
        }
        Ok(step.clone())
    }
}

/// Refuses a draft with a case that is not eligible, or words that tell who.
///
/// # Errors
/// The fields that are not acceptable.
fn tells_nobody(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    app: &App,
    paper: &Publication,
    body: &Drafted,
) -> Result<(), Error> {
    let held = app.rules.of(tx, ctx.org())?;
    let mut error = Error::invalid("invalid_body");
    let mut wrong = false;
    for (at, item) in body.items.iter().enumerate() {
        let mut fault = |path: &str, code: &str| {
            wrong = true;
            let (path, code) = (format!("items[{at}].{path}"), code.to_owned());
            let field = FieldError { path, code, params: crate::error::Params::new() };
            error = std::mem::replace(&mut error, Error::invalid("invalid_body")).with_field_error(field);
        };
        let Ok((loaded, _)) = case::visible(tx, ctx, item.case) else {
            fault("case", "unknown_case");
            continue;
        };
        if !fits(&loaded.case, paper, held.pack(&loaded.case.pack)?) {
            fault("case", "not_publishable");
        }
        let known = known(tx, ctx, &loaded.case)?;
        for (path, text) in [("matter", &item.matter), ("handling", &item.handling)] {
            if stripped(text.as_str(), &known) != text.as_str() {
                fault(path, "tells_who");
            }
        }
    }
    let plain =
        |text: &Option<Text>| text.as_ref().is_none_or(|text| stripped(text.as_str(), &[]) == text.as_str());
    for (path, text) in [("title", &body.title), ("remark", &body.remark)] {
        if !plain(text) {
            wrong = true;
            let field =
                FieldError { path: path.into(), code: "tells_who".into(), params: Default::default() };
            error = error.with_field_error(field);
        }
    }
    if wrong { Err(error) } else { Ok(()) }
}

/// A publication as residents read it: nothing of the house's own in it.
#[derive(Clone, Debug)]
pub struct Notice {
    /// What is published.
    pub of: PublicationOf,
    /// The month that it covers.
    pub month: Option<String>,
    /// The heading, where it has one of its own.
    pub title: Option<String>,
    /// What it was about, and what was done.
    pub items: Vec<(String, String)>,
    /// A word to all.
    pub remark: Option<String>,
    /// When it was put up.
    pub published_at: Option<Timestamp>,
}

/// What an estate publishes.
#[derive(Clone, Debug)]
pub struct Board {
    /// Name of the house.
    pub organisation: String,
    /// Name of the estate.
    pub unit: String,
    /// What is up, the latest first.
    pub notices: Vec<Notice>,
    /// Zone of the times.
    pub zone: Zone,
}

fn notice(paper: &Publication) -> Notice {
    let text = |text: &Option<Text>| text.as_ref().map(|text| text.as_str().to_owned());
    let item = |item: &Item| (item.matter.as_str().to_owned(), item.handling.as_str().to_owned());
    Notice {
        of: paper.of,
        month: paper.month.clone(),
        title: text(&paper.title),
        items: paper.items.iter().map(item).collect(),
        remark: text(&paper.remark),
        published_at: paper.published_at,
    }
}

/// Reads one publication as a sheet for the notice board (PROP-78).
///
/// # Errors
/// `not_found` when it is not there or not for this person to know.
pub fn sheet(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules, id: Uuid) -> Result<Board, Error> {
    let (_, paper, _) = visible::<Publication>(tx, ctx, id)?;
    board(tx, ctx, rules, paper.unit, vec![notice(&paper)])
}

/// Reads what an estate has put up on its page, for anybody.
///
/// The page is found by the codes of organisation and estate; one that never
/// put anything there is not found.
///
/// # Errors
/// `not_found`.
pub fn board_of(tx: &mut Tx<'_>, app: &App, (org, estate): (&str, &str)) -> Result<Board, Error> {
    let found = organisation::by_code(tx, org)?.ok_or_else(Error::not_found)?;
    let actor = crate::ctx::Actor::system(found.org);
    let ctx = app.ctx(actor, "board", huiyin_domain::locale::Locale::default());
    let unit = unit::by_code(tx, found.org, estate)?.ok_or_else(Error::not_found)?;
    let mut notices = Vec::new();
    for body in rows::up(tx, found.org, unit.id, MOST_SHOWN)? {
        let paper: Publication = serde_json::from_str(&body).map_err(Error::internal)?;
        if paper.places.contains(&huiyin_domain::paper::authority_file::PublicationPlace::Page) {
            notices.push(notice(&paper));
        }
    }
    if notices.is_empty() {
        return Err(Error::not_found());
    }
    board(tx, &ctx, &app.rules, unit.id, notices)
}

fn board(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    at: UnitId,
    notices: Vec<Notice>,
) -> Result<Board, Error> {
    let organisation = organisation::get(tx, ctx.org())?.ok_or_else(Error::not_found)?.name;
    let unit = unit::get(tx, ctx.org(), at)?.map(|unit| unit.name).unwrap_or_default();
    Ok(Board { organisation, unit, notices, zone: rules.of(tx, ctx.org())?.calendar().zone().clone() })
}
