//! Consent of a customer, by purpose.

use huiyin_domain::ids::PartyId;
use huiyin_store::party::consent::{self as rows, ConsentRow};
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::view::visible;
use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::check;
use crate::policy::{self, Target, action};

/// How a consent may be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsentWay {
    /// By telephone.
    Phone,
    /// On paper.
    Paper,
    /// Face to face.
    InPerson,
    /// On a page or in an app.
    Online,
}

impl ConsentWay {
    const fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Paper => "paper",
            Self::InPerson => "in_person",
            Self::Online => "online",
        }
    }
}

/// A consent given or withdrawn.
#[derive(Clone, Debug, Deserialize)]
pub struct ConsentChange {
    /// What for, such as `contact` or `survey`.
    pub purpose: String,
    /// True when given, false when withdrawn.
    pub given: bool,
    /// How.
    pub how: ConsentWay,
}

/// Records that a customer gave or withdrew consent; gives all of them.
///
/// Nothing is removed: when a consent held must stay known.
///
/// # Errors
/// `forbidden`, `not_found`, or a field that is not acceptable.
pub fn set_consent(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: PartyId,
    change: &ConsentChange,
) -> Result<Vec<ConsentRow>, Error> {
    policy::permit(&ctx.actor, action::EditParties, Target::Anywhere)?;
    visible(tx, ctx, id)?;
    let purpose = check::code("purpose", &change.purpose)?;
    let holds = rows::of_party(tx, ctx.org(), id)?
        .iter()
        .any(|consent| consent.purpose == purpose && consent.withdrawn_at.is_none());
    if change.given && !holds {
        let new = ConsentRow {
            id: ctx.uuid(),
            purpose: purpose.clone(),
            given_at: ctx.now,
            given_how: change.how.name().to_owned(),
            withdrawn_at: None,
        };
        rows::give(tx, ctx.org(), id, &new)?;
    }
    if !change.given {
        rows::withdraw(tx, ctx.org(), id, &purpose, ctx.now)?;
    }
    let details = json!({"purpose": purpose, "given": change.given, "how": change.how.name()});
    audit::record(tx, ctx, "consent_changed", Object::new("party", id), details)?;
    Ok(rows::of_party(tx, ctx.org(), id)?)
}
