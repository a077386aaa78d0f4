//! Links with a one-time code by which a customer confirms an agreement.

use huiyin_domain::case::Command;
use huiyin_domain::case::agreement::{AgreementConfirmed, ConfirmationSent};
use huiyin_domain::ids::CaseId;
use huiyin_domain::locale::Locale;
use huiyin_domain::people::Masking;
use huiyin_domain::text::Text;
use huiyin_domain::time::Timestamp;
use huiyin_store::agreement::{self as rows, LinkRow};
use huiyin_store::case::read;
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::paper::{AgreementPaper, paper_of};
use crate::App;
use crate::case::{Acted, act};
use crate::ctx::{Actor, Ctx};
use crate::error::{Class, Error};
use crate::secret;

/// How long a link is good when nobody says: seven days, in hours.
const USUAL_HOURS: u32 = 168;
/// The longest that a link may be good: thirty days, in hours.
const MOST_HOURS: u32 = 720;
/// How often a wrong code may be given.
const MOST_ATTEMPTS: i64 = 5;
/// Digits of a code.
const DIGITS: u32 = 6;
/// Microseconds of one hour.
const HOUR: i64 = 3_600_000_000;

/// A link that is to be made.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewConfirmation {
    /// For how many hours it is good; seven days when left out.
    #[schema(minimum = 1, maximum = 720)]
    pub hours: Option<u32>,
}

/// A link that was made; link and code are told this once.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Sent {
    /// Its id, as the case's history names it.
    pub id: Uuid,
    /// The page, to be sent to the customer.
    #[schema(example = "/agreements/Zm9v…")]
    pub path: String,
    /// The code, to be told by another way than the link.
    #[schema(example = "493021")]
    pub code: String,
    /// Until when both are good.
    pub expires_at: Timestamp,
    /// Names the exact content that is confirmed.
    pub digest: String,
}

/// What came of a customer's confirmation.
#[derive(Debug)]
pub enum Confirmed {
    /// It is signed now.
    Now(Box<Acted>),
    /// The code was wrong; so many attempts are left.
    WrongCode(u32),
}

/// Makes a link for an agreement; earlier links of it are good no longer.
///
/// # Errors
/// `not_found`, `action_closed` with its reasons, or a field that is wrong.
pub fn send(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    app: &App,
    (case, agreement): (CaseId, u32),
    new: &NewConfirmation,
) -> Result<(Sent, Acted), Error> {
    let hours = new.hours.unwrap_or(USUAL_HOURS);
    if hours == 0 || hours > MOST_HOURS {
        return Err(Error::field("hours", "out_of_range").with("expected", format!("1–{MOST_HOURS}")));
    }
    let id = ctx.uuid();
    let until = Timestamp::from_micros(ctx.now.micros() + i64::from(hours) * HOUR);
    let command = Command::SendConfirmation(ConfirmationSent { agreement, link: id, until });
    let acted = act(tx, ctx, &app.rules, (case, None), command)?;
    let found = acted.case.round.agreements.iter().find(|one| one.id == agreement);
    let digest = found.ok_or_else(Error::not_found)?.digest();
    let (link, code) = (secret::new(ctx.ids.as_ref()), code(ctx));
    let row = LinkRow {
        id,
        org: ctx.org(),
        case,
        agreement,
        content: digest.clone(),
        expires_at: until,
        attempts: 0,
        used_at: None,
    };
    rows::insert(
        tx,
        &row,
        (&secret::digest(&link), &code_digest(&link, &code)),
        (ctx.now, ctx.actor.person),
    )?;
    let path = format!("/agreements/{link}");
    Ok((Sent { id, path, code, expires_at: until, digest }, acted))
}

/// Draws a code of six digits that nobody can guess.
fn code(ctx: &Ctx) -> String {
    let span = 10_u64.pow(DIGITS);
    let mut bytes = [0; 8];
    ctx.ids.fill(&mut bytes);
    format!("{:0width$}", u64::from_be_bytes(bytes) % span, width = DIGITS as usize)
}

/// A code is kept together with its link: who has the database has neither.
fn code_digest(link: &str, code: &str) -> String {
    secret::digest(&format!("agreement {link} {code}"))
}

fn closed(code: &'static str) -> Error {
    Error::new(Class::Conflict, code)
}

/// Finds a link that still means something, else says why not.
fn good(tx: &mut Tx<'_>, link: &str, now: Timestamp) -> Result<LinkRow, Error> {
    let row = rows::by_digest(tx, &secret::digest(link))?.ok_or_else(Error::not_found)?;
    if row.used_at.is_none() && now >= row.expires_at {
        return Err(closed("code_expired"));
    }
    if row.used_at.is_none() && row.attempts >= MOST_ATTEMPTS {
        return Err(closed("code_locked"));
    }
    Ok(row)
}

/// Shows the agreement behind a link to whoever has it.
///
/// # Errors
/// `not_found` for no link of ours, `code_expired` and `code_locked` in words.
pub fn look(
    tx: &mut Tx<'_>,
    app: &App,
    link: &str,
    (request_id, locale): (&str, Locale),
) -> Result<AgreementPaper, Error> {
    let now = app.clock.now();
    let row = good(tx, link, now)?;
    let ctx = app.ctx(Actor::system(row.org), request_id, locale);
    let loaded = read::case(tx, row.org, row.case)?.ok_or_else(Error::not_found)?;
    paper_of(tx, &ctx, &app.rules, (&loaded.case, row.agreement, &Masking::none()))
}

/// Signs the agreement behind a link, when the code is right.
///
/// A wrong code counts, and the count stays: it is an outcome, not an error.
///
/// # Errors
/// `not_found`, `code_expired`, `code_locked`, `agreement_signed_already`, the name that
/// is not acceptable, or `action_closed` where the case went on meanwhile.
pub fn confirm(
    tx: &mut Tx<'_>,
    app: &App,
    (link, name, code): (&str, &str, &str),
    (request_id, locale): (&str, Locale),
) -> Result<Confirmed, Error> {
    let now = app.clock.now();
    let row = good(tx, link, now)?;
    if row.used_at.is_some() {
        return Err(closed("agreement_signed_already"));
    }
    let name = Text::new(name).map_err(|_| Error::field("name", "required"))?;
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    // Counted before it is tried, so that attempts at one time cannot pass together.
    if !rows::take_attempt(tx, row.org, row.id, MOST_ATTEMPTS)? {
        return Err(closed("code_locked"));
    }
    if !rows::is_code(tx, row.org, row.id, &code_digest(link, &code))? {
        let left = MOST_ATTEMPTS - row.attempts - 1;
        return Ok(Confirmed::WrongCode(u32::try_from(left).unwrap_or(0)));
    }
    let ctx = app.ctx(Actor::system(row.org), request_id, locale);
    let body =
        AgreementConfirmed { name, agreement: row.agreement, link: row.id, digest: row.content.clone() };
    let acted = act(tx, &ctx, &app.rules, (row.case, None), Command::ConfirmAgreement(body))?;
    rows::use_up(tx, row.org, row.id, now)?;
    Ok(Confirmed::Now(Box::new(acted)))
}
