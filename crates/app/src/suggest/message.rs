//! Everything that one message says, read while it is written down.

use huiyin_domain::case::Kind;
use huiyin_domain::ids::UnitId;
use huiyin_domain::text::Text;
use huiyin_store::people::unit as units;
use huiyin_store::sql::Tx;
use huiyin_text::category::Message;
use huiyin_text::point::points;
use huiyin_text::risk::{Risk, warnings};
use serde::Serialize;
use utoipa::ToSchema;

use super::alike::{AlikeCase, nearest, shown};
use super::category::{CategoryGuess, NoGuess, guess};
use crate::App;
use crate::case::home;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// A message as far as it is written.
#[derive(Clone, Debug)]
pub struct MessageRead {
    /// The customer's words.
    pub text: Text,
    /// A short title.
    pub title: Option<Text>,
    /// The unit that it belongs to; the reader's own when not said.
    pub unit: Option<UnitId>,
    /// What it is.
    pub kind: Kind,
}

/// A word that calls for haste or care (PROP-42).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WarningRead {
    /// Of what it warns.
    pub risk: Risk,
    /// The word as written.
    pub word: String,
}

/// One point of a message (PROP-76).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PointRead {
    /// The point as written.
    pub text: String,
    /// Whether something is asked for, rather than told.
    pub is_request: bool,
}

/// What a message says by itself; a person decides what of it is so.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Suggested {
    /// Categories that it may have, likeliest first; empty where nothing is suggested.
    pub categories: Vec<CategoryGuess>,
    /// Why none is suggested.
    pub no_category: Option<NoGuess>,
    /// Words that call for haste or care.
    pub warnings: Vec<WarningRead>,
    /// What it complains of or asks for, one point after the other.
    pub points: Vec<PointRead>,
    /// Open cases, and those closed in the last 30 days, that may be about the
    /// same, likeliest first.
    pub alike: Vec<AlikeCase>,
}

/// Reads a message; changes and keeps nothing.
///
/// # Errors
/// `forbidden` without a post that records, `unknown_unit`.
pub fn suggest(tx: &mut Tx<'_>, ctx: &Ctx, app: &App, asked: &MessageRead) -> Result<Suggested, Error> {
    policy::permit(&ctx.actor, action::RecordCase, Target::Anywhere)?;
    let unit = asked.unit.map_or_else(|| home(ctx), Ok)?;
    if units::path(tx, ctx.org(), unit, ctx.now)?.is_empty() {
        return Err(Error::field("unit", "unknown_unit"));
    }
    let text = asked.text.as_str();
    let title = asked.title.as_ref().map_or("", Text::as_str);
    let message = Message { title: title.to_owned(), text: text.to_owned() };
    let held = app.rules.of(tx, ctx.org())?;
    let pack = held.in_force(tx, ctx, (unit, asked.kind), ctx.now)?;
    let (categories, no_category) = match guess(tx, ctx, (&app.models, pack), &message)? {
        Ok(found) => (found, None),
        Err(why) => (Vec::new(), Some(why)),
    };
    let whole = format!("{title}\n{text}");
    let mut told: Vec<WarningRead> = Vec::new();
    for warning in warnings(&whole) {
        let one = WarningRead { risk: warning.risk, word: warning.word };
        if !told.contains(&one) {
            told.push(one);
        }
    }
    told.sort_by_key(|one| one.risk);
    let alike = nearest(tx, ctx, &app.alikes, (message, Some(unit), None))?;
    Ok(Suggested {
        categories,
        no_category,
        warnings: told,
        points: points(text)
            .into_iter()
            .map(|point| PointRead { text: point.text, is_request: point.is_request })
            .collect(),
        alike: shown(tx, ctx, &alike)?,
    })
}
