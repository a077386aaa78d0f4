//! A customer files a matter on the public page.

use huiyin_domain::case::{Channel, Kind};
use huiyin_domain::ids::CaseId;
use huiyin_domain::people::Backoff;
use huiyin_domain::text::Text;
use huiyin_store::case::read;
use huiyin_store::sql::Tx;

use super::code::code_of;
use super::page::PublicPage;
use crate::App;
use crate::case::{self, NewCase};
use crate::ctx::{Actor, Ctx};
use crate::error::Error;
use crate::hints::{Hint, Told};
use crate::idempotency;
use crate::party::{Reporter, Room};
use crate::session::throttle;

/// Filings from one source: a whole house may sit behind it, no robot may.
const FILING_BACKOFF: Backoff = Backoff { free: 20, first: 60, longest: 3_600 };

/// What a customer says; only kind and text must be there (PROP-47).
#[derive(Clone, Debug)]
pub struct Filing {
    /// What it is about.
    pub kind: Kind,
    /// The matter, in the customer's words.
    pub text: Text,
    /// Name, where given.
    pub name: Option<Text>,
    /// Telephone number, where given.
    pub phone: Option<String>,
    /// Building and room, where both are given.
    pub room: Option<(Text, Text)>,
    /// True when the customer chose to give no name.
    pub anonymous: bool,
}

/// What filing led to.
#[derive(Clone, Debug)]
pub struct Filed {
    /// The case.
    pub id: CaseId,
    /// Its number.
    pub number: String,
    /// The code that opens it with the number.
    pub code: String,
}

/// The kinds of matter that a customer files.
pub const KINDS: [Kind; 5] = [Kind::Complaint, Kind::Repair, Kind::Enquiry, Kind::Suggestion, Kind::Praise];

/// Records what a customer filed; a repeated sending is recorded once.
///
/// # Errors
/// `too_many_attempts`, or a field that is not acceptable.
pub async fn file(
    app: &App,
    page: &PublicPage,
    ctx: Ctx,
    filing: Filing,
    source: &str,
) -> Result<Filed, Error> {
    if !KINDS.contains(&filing.kind) {
        return Err(Error::field("kind", "unknown_value"));
    }
    let (subject, now) = (throttle::filing_subject(page.org, source), ctx.now);
    app.store.write(move |tx| throttle::once_more(tx, &subject, FILING_BACKOFF, now)).await?;
    let told = Told::default();
    let (telling, inside, unit) = (told.clone(), app.clone(), page.unit);
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        let first = |tx: &mut Tx<'_>| {
            let new = matter(unit, filing);
            let (made, sight) = case::create(tx, ctx, &inside.rules, &inside.numbers, new)?;
            telling.keep(tx, ctx, Hint::case(ctx.org(), (made.id, made.version), sight))?;
            let code = code_of(tx, ctx, made.id)?;
            Ok((made.id, Filed { id: made.id, number: made.number, code }))
        };
        let again = |tx: &mut Tx<'_>, id: CaseId| {
            let loaded = read::case(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
            Ok(Filed { id, number: loaded.case.number, code: code_of(tx, ctx, id)? })
        };
        idempotency::recall(tx, ctx, 201, first, again)
    };
    let (filed, repeated) = app.write(&ctx, write).await?;
    if !repeated {
        app.numbers.keep(ctx.org(), &filed.number);
        told.publish(&app.hints);
    }
    Ok(filed)
}

/// Gives the context in which a filed case is the customer's own.
#[must_use]
pub fn inside(ctx: &Ctx, case: CaseId) -> Ctx {
    Ctx { actor: Actor::customer(ctx.org(), Some(case)), idempotency: None, ..ctx.clone() }
}

fn matter(unit: huiyin_domain::ids::UnitId, filing: Filing) -> NewCase {
    let named =
        !filing.anonymous && (filing.name.is_some() || filing.phone.is_some() || filing.room.is_some());
    let unreachable = filing.anonymous && filing.phone.is_none();
    let reporter = named.then(|| Reporter {
        name: filing.name,
        phone: filing.phone,
        address: None,
        household: filing.room.map(|(building, room)| Room { building, room }),
    });
    NewCase {
        kind: filing.kind,
        channel: Channel::Web,
        text: filing.text,
        title: None,
        source: None,
        unit: Some(unit),
        category: None,
        party: None,
        reporter,
        persons: None,
        anonymous: filing.anonymous,
        no_usable_contact: unreachable,
        fields: std::collections::BTreeMap::new(),
        received_at: None,
        collected_at: None,
        suggested: None,
        external_id: None,
    }
}
