//! What a house sets for its telephones, and the codes of what calls came to.

use huiyin_domain::call::rules::PhoneRules;
use huiyin_domain::call::wrap_up::{self, WrapUpCode};
use huiyin_domain::ids::OrgId;
use huiyin_store::people::organisation;
use huiyin_store::sql::Tx;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::audit::{self, Object};
use crate::case::fields_error;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// Setting: windows, recording, limits, levels.
const TELEPHONE: &str = "telephone";

/// Setting: codes of what calls came to.
const WRAP_UP: &str = "wrap_up_codes";

fn kept<T: DeserializeOwned>(tx: &mut Tx<'_>, org: OrgId, name: &str) -> Result<Option<T>, Error> {
    let text = organisation::setting(tx, org, name)?;
    text.map(|text| serde_json::from_str(&text).map_err(Error::internal)).transpose()
}

fn keep(tx: &mut Tx<'_>, ctx: &Ctx, name: &'static str, value: &impl Serialize) -> Result<(), Error> {
    let text = serde_json::to_string(value).map_err(Error::internal)?;
    organisation::set_setting(tx, ctx.org(), name, &text, ctx.now)?;
    audit::record(tx, ctx, "setting_changed", Object::new("setting", name), json!({"value": value}))
}

/// Gives what a house sets for its telephones, else what is shipped.
///
/// # Errors
/// What the store gives.
pub fn phone_rules(tx: &mut Tx<'_>, org: OrgId) -> Result<PhoneRules, Error> {
    Ok(kept(tx, org, TELEPHONE)?.unwrap_or_default())
}

/// Shows what the house sets for its telephones.
///
/// # Errors
/// `forbidden` without a post that may see calls.
pub fn telephone_settings(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<PhoneRules, Error> {
    policy::permit(&ctx.actor, action::ViewCalls, Target::Anywhere)?;
    phone_rules(tx, ctx.org())
}

/// Sets it from now on; recordings that are there keep their time.
///
/// # Errors
/// `forbidden`, or the fields that are not acceptable.
pub fn set_telephone_settings(tx: &mut Tx<'_>, ctx: &Ctx, rules: &PhoneRules) -> Result<(), Error> {
    policy::permit(&ctx.actor, action::SetCallRules, Target::Anywhere)?;
    let faults = rules.faults();
    if !faults.is_empty() {
        return Err(fields_error(&faults));
    }
    keep(tx, ctx, TELEPHONE, rules)
}

fn codes(tx: &mut Tx<'_>, org: OrgId) -> Result<Vec<WrapUpCode>, Error> {
    Ok(kept(tx, org, WRAP_UP)?.unwrap_or_else(wrap_up::shipped))
}

/// Lists the codes of what calls came to.
///
/// # Errors
/// `forbidden` without a post that may see calls.
pub fn wrap_up_codes(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<WrapUpCode>, Error> {
    policy::permit(&ctx.actor, action::ViewCalls, Target::Anywhere)?;
    codes(tx, ctx.org())
}

/// Sets the codes; one that calls have is better put out of use than left out.
///
/// # Errors
/// `forbidden`, or the fields that are not acceptable.
pub fn set_wrap_up_codes(tx: &mut Tx<'_>, ctx: &Ctx, codes: &[WrapUpCode]) -> Result<(), Error> {
    policy::permit(&ctx.actor, action::SetCallRules, Target::Anywhere)?;
    let faults = wrap_up::faults(codes);
    if !faults.is_empty() {
        return Err(fields_error(&faults));
    }
    keep(tx, ctx, WRAP_UP, &codes)
}

/// Looks whether a code may be chosen.
///
/// # Errors
/// `unknown_wrap_up_code` at `code`.
pub(super) fn choosable(tx: &mut Tx<'_>, org: OrgId, code: &str) -> Result<(), Error> {
    let known = codes(tx, org)?.iter().any(|one| one.active && one.code == code);
    if known { Ok(()) } else { Err(Error::field("code", "unknown_wrap_up_code")) }
}
