//! A row becomes an online post with its complaint, or follows one up (PROP-71).
//!
//! The same thread is one item (PROP-91): a row of a thread that is recorded is a
//! follow-up, whose new points become a case of their own; a later reading of
//! replies and views is kept as its heat.

use std::collections::BTreeMap;

use huiyin_domain::case::{Channel, External, Kind};
use huiyin_domain::ids::{CaseId, UnitId};
use huiyin_domain::paper::PaperKind;
use huiyin_domain::paper::online_post::{Followed, HeatSeen, NewOnlinePost, OnlinePost, OnlinePostStep};
use huiyin_domain::text::Text;
use huiyin_domain::time::Timestamp;
use huiyin_store::case::read;
use huiyin_store::paper as rows;
use huiyin_store::sql::Tx;
use huiyin_tabular::{Field, MappedRow};
use uuid::Uuid;

use super::case::{missing, text, written};
use super::person::required;
use super::{Desk, Outcome};
use crate::case::{ImportedCase, import};
use crate::error::{Error, FieldError};
use crate::paper::{act_untold, open_untold};

/// The most points that one post or follow-up may bring.
const MOST_POINTS: usize = 50;

/// The most replies and views of a thread that anybody would believe.
const MOST_SEEN: i64 = 1_000_000_000;

/// What a row says.
struct Row {
    external: External,
    unit: UnitId,
    /// The address under which the thread is recorded.
    thread: String,
    url: String,
    text: Text,
    posted_at: Timestamp,
    points: Vec<Text>,
    category: Option<String>,
}

/// Takes one post over, unless it was before; a newer heat is taken anyway.
///
/// # Errors
/// What is wrong with the row, by target.
pub(super) fn take(tx: &mut Tx<'_>, desk: &mut Desk<'_>, row: &MappedRow) -> Result<Outcome, Error> {
    let (org, heat) = (desk.ctx.org(), heat(desk, row)?);
    let found = read_row(tx, desk, row)?;
    let known = read::by_external(tx, org, &found.external.source, &found.external.id)?.is_some();
    let thread = rows::of_period(tx, org, PaperKind::OnlinePost, (found.unit, &found.thread))?;
    let (id, post, news) = match thread {
        None if known => return Ok(Outcome::AlreadyThere),
        None => {
            let (id, post) = begin(tx, desk, row, &found)?;
            (id, post, true)
        }
        Some(thread) => {
            let post: OnlinePost = serde_json::from_str(&thread.body).map_err(Error::internal)?;
            let news = !known && !is_there(&post, &found);
            if news {
                follow(tx, desk, row, (thread.id, &post), &found)?;
            }
            (thread.id, post, news)
        }
    };
    let warmed = match heat {
        Some(heat) if is_newer(&post, &heat, news) => {
            act_untold::<OnlinePost>(tx, desk.ctx, desk.app, (id, None), &OnlinePostStep::MeasureHeat(heat))?;
            true
        }
        _ => false,
    };
    Ok(if news || warmed { Outcome::Imported } else { Outcome::AlreadyThere })
}

fn read_row(tx: &mut Tx<'_>, desk: &mut Desk<'_>, row: &MappedRow) -> Result<Row, Error> {
    let ctx = desk.ctx;
    let url = required(row, Field::Url)?.to_owned();
    let posted_at = row.time(Field::PostedAt).ok_or_else(|| missing("posted_at"))?;
    if posted_at > ctx.now {
        return Err(Error::field("posted_at", "in_the_future"));
    }
    let points: Result<Vec<Text>, Error> =
        row.list(Field::Points).iter().map(|point| written("points", point)).collect();
    let points = points?;
    if points.len() > MOST_POINTS {
        return Err(Error::field("points", "list_length"));
    }
    Ok(Row {
        external: External {
            source: desk.source.to_owned(),
            id: required(row, Field::ExternalId)?.to_owned(),
        },
        unit: desk.places.unit(tx, ctx, row.text(Field::Unit))?,
        thread: row.text(Field::Thread).map_or_else(|| url.clone(), str::to_owned),
        url,
        text: text(row, Field::Text)?.ok_or_else(|| missing("text"))?,
        posted_at,
        points,
        category: row.text(Field::Category).map(str::to_owned),
    })
}

/// Reads replies and views; without the moment of reading they count as of now.
fn heat(desk: &Desk<'_>, row: &MappedRow) -> Result<Option<HeatSeen>, Error> {
    let (replies, views) = (counted(row, Field::Replies)?, counted(row, Field::Views)?);
    let seen_at = row.time(Field::SeenAt);
    if seen_at.is_some_and(|at| at > desk.ctx.now) {
        return Err(Error::field("seen_at", "in_the_future"));
    }
    match replies {
        Some(replies) => Ok(Some(HeatSeen { at: seen_at.unwrap_or(desk.ctx.now), replies, views })),
        None if views.is_some() => Err(missing("replies")),
        None => Ok(None),
    }
}

fn counted(row: &MappedRow, field: Field) -> Result<Option<u32>, Error> {
    let Some(number) = row.integer(field) else { return Ok(None) };
    let read = u32::try_from(number).ok().filter(|_| number <= MOST_SEEN);
    read.map(Some).ok_or_else(|| {
        Error::invalid("invalid_body").with_field_error(FieldError {
            path: field.as_str().to_owned(),
            code: "out_of_range".to_owned(),
            params: [("expected".to_owned(), format!("0 – {MOST_SEEN}").into())].into_iter().collect(),
        })
    })
}

/// A reading is news once: later than the last, or the first of what is new.
fn is_newer(post: &OnlinePost, heat: &HeatSeen, news: bool) -> bool {
    match post.heat.last() {
        None => heat.at >= post.posted_at,
        Some(last) if last.at < heat.at => news || (last.replies, last.views) != (heat.replies, heat.views),
        Some(_) => false,
    }
}

/// The post that began the thread, and follow-ups that brought nothing new, have
/// no case of their own by which they would be known.
fn is_there(post: &OnlinePost, found: &Row) -> bool {
    let same = |at: Timestamp, text: &Text| at == found.posted_at && *text == found.text;
    same(post.posted_at, &post.text) || post.follow_ups.iter().any(|one| same(one.at, &one.text))
}

fn begin(
    tx: &mut Tx<'_>,
    desk: &mut Desk<'_>,
    row: &MappedRow,
    found: &Row,
) -> Result<(Uuid, OnlinePost), Error> {
    let case = complaint(tx, desk, row, found, (found.text.clone(), None))?;
    let new = NewOnlinePost {
        unit: found.unit,
        case: Some(case),
        platform: text(row, Field::Platform)?.ok_or_else(|| missing("platform"))?,
        url: found.thread.clone(),
        author: text(row, Field::Author)?,
        text: found.text.clone(),
        posted_at: found.posted_at,
        replies: None,
        points: found.points.clone(),
    };
    let opened = open_untold::<OnlinePost>(tx, desk.ctx, desk.app, new)?;
    Ok((opened.id, opened.paper))
}

fn follow(
    tx: &mut Tx<'_>,
    desk: &mut Desk<'_>,
    row: &MappedRow,
    (id, post): (Uuid, &OnlinePost),
    found: &Row,
) -> Result<(), Error> {
    if found.posted_at < post.posted_at {
        return Err(Error::field("posted_at", "time_order"));
    }
    let news: Vec<&str> = found.points.iter().map(Text::as_str).collect();
    let case = match Text::new(&news.join("\n")) {
        Ok(text) => Some(complaint(tx, desk, row, found, (text, post.case))?),
        Err(_) => None,
    };
    let body = Followed {
        text: found.text.clone(),
        url: (found.url != found.thread).then(|| found.url.clone()),
        at: found.posted_at,
        new_points: found.points.clone(),
        case,
    };
    act_untold::<OnlinePost>(tx, desk.ctx, desk.app, (id, None), &OnlinePostStep::FollowUp(body)).map(drop)
}

/// PROP-75: the clocks of the complaint count from the moment of posting.
fn complaint(
    tx: &mut Tx<'_>,
    desk: &mut Desk<'_>,
    row: &MappedRow,
    found: &Row,
    (text, follows): (Text, Option<CaseId>),
) -> Result<CaseId, Error> {
    let (ctx, rules) = (desk.ctx, desk.rules);
    let new = ImportedCase {
        external: found.external.clone(),
        number: None,
        kind: Kind::Complaint,
        channel: Channel::Online,
        unit: found.unit,
        owner: desk.places.owner(tx, ctx, row.text(Field::Owner), found.unit)?,
        received_at: found.posted_at,
        title: None,
        text,
        anonymous: false,
        no_usable_contact: true,
        category: found.category.clone(),
        final_category: None,
        fields: BTreeMap::new(),
        parties: Vec::new(),
        follows,
        reply: None,
        closed: None,
        note: None,
    };
    import(tx, ctx, rules, new)?.ok_or_else(|| Error::internal("a post's case was there already"))
}
