//! API tokens: a person's posts, or some of them, without a browser.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::json;

use huiyin_domain::ids::{PersonId, TokenId};
use huiyin_domain::people::Post;
use huiyin_domain::time::Timestamp;
use huiyin_store::people::token as rows;
use huiyin_store::sql::Tx;

pub use huiyin_store::people::token::TokenRow;

use crate::audit::{self, Object};
use crate::codes;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::{check, person};
use crate::policy::{self, Target, action};
use crate::secret;

/// Begins every API token, so that a leaked one is recognised.
pub const PREFIX: &str = "hyt_";

/// A token that is to be made.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What its holder calls it.
    pub name: String,
    /// When it ends; never when not said.
    pub expires_at: Option<Timestamp>,
    /// The posts that it may use; all that the person holds when not said.
    pub posts: Option<BTreeSet<Post>>,
}

/// Makes a token for oneself; gives its secret, once.
///
/// A token made by a token is no wider than that one.
///
/// # Errors
/// `posts_missing`, `posts_not_held`, `time_order`, or a field.
pub fn create(tx: &mut Tx<'_>, ctx: &Ctx, new: &NewToken) -> Result<(TokenRow, String), Error> {
    let name = check::text("name", &new.name, 100)?;
    if new.expires_at.is_some_and(|end| end <= ctx.now) {
        return Err(Error::field("expires_at", codes::TIME_ORDER));
    }
    let row = TokenRow {
        id: TokenId(ctx.uuid()),
        org: ctx.org(),
        person: ctx.actor.person,
        name,
        posts: posts(ctx, new.posts.as_ref())?,
        created_at: ctx.now,
        expires_at: new.expires_at,
        used_at: None,
    };
    let secret = format!("{PREFIX}{}", secret::new(ctx.ids.as_ref()));
    rows::insert(tx, ctx.org(), &row, &secret::digest(&secret))?;
    let details = json!({"posts": row.posts, "expires_at": row.expires_at});
    audit::record(tx, ctx, "token_created", Object::new("token", row.id), details)?;
    Ok((row, secret))
}

fn posts(ctx: &Ctx, asked: Option<&BTreeSet<Post>>) -> Result<Option<BTreeSet<Post>>, Error> {
    let held: BTreeSet<Post> = ctx.actor.posts.iter().map(|held| held.post).collect();
    match asked {
        Some(asked) if asked.is_empty() => Err(Error::field("posts", codes::POSTS_MISSING)),
        Some(asked) if !asked.is_subset(&held) => Err(Error::field("posts", codes::POSTS_NOT_HELD)),
        Some(asked) => Ok(Some(asked.clone())),
        None if matches!(ctx.actor.via, crate::ctx::Via::Token(_)) => Ok(Some(held)),
        None => Ok(None),
    }
}

/// Lists one's own tokens in this organisation, newest first.
///
/// # Errors
/// What the store gives.
pub fn list(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<TokenRow>, Error> {
    Ok(rows::of_person(tx, ctx.org(), ctx.actor.person)?)
}

/// Lists the tokens of a person in this organisation.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn list_of(tx: &mut Tx<'_>, ctx: &Ctx, id: PersonId) -> Result<Vec<TokenRow>, Error> {
    allowed(tx, ctx, id)?;
    Ok(rows::of_person(tx, ctx.org(), id)?)
}

/// Ends a token of this organisation: one's own, or another's by a post for it.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn revoke(tx: &mut Tx<'_>, ctx: &Ctx, person: PersonId, token: TokenId) -> Result<(), Error> {
    allowed(tx, ctx, person)?;
    if !rows::revoke(tx, ctx.org(), person, token, ctx.now)? {
        return Err(Error::not_found());
    }
    audit::record(tx, ctx, "token_revoked", Object::new("token", token), json!({"person": person}))
}

fn allowed(tx: &mut Tx<'_>, ctx: &Ctx, id: PersonId) -> Result<(), Error> {
    if id != ctx.actor.person {
        policy::permit(&ctx.actor, action::ResetAccess, Target::Anywhere)?;
        person::get(tx, ctx, id)?;
    }
    Ok(())
}
