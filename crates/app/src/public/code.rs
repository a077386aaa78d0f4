//! Lookup codes: with the number, what opens a case to its customer.
//!
//! A code is derived from the case and a key of the organisation, so it is the
//! same on every receipt and lies nowhere.

use hmac::{Hmac, KeyInit, Mac};
use huiyin_domain::case::Kind;
use huiyin_domain::ids::CaseId;
use huiyin_domain::time::{Timestamp, Zone};
use huiyin_store::attachment::key;
use huiyin_store::people::{organisation, unit};
use huiyin_store::sql::Tx;
use serde::Serialize;
use serde_json::json;
use sha2::Sha256;
use utoipa::ToSchema;

use crate::audit::{self, Object};
use crate::case::{self, Rules};
use crate::ctx::Ctx;
use crate::error::{Class, Error};
use crate::policy;
use crate::secret;

/// Name of the key in the organisation's keys.
const KEY: &str = "lookup";

/// Letters of codes: none that look alike on paper.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Letters of a code: fifty bits, behind a throttle.
const LENGTH: usize = 10;

/// What is printed on a receipt.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LookupCode {
    /// Number of the case.
    pub number: String,
    /// The code, in two groups.
    pub code: String,
}

/// Derives the code of a case.
///
/// # Errors
/// What the store gives.
pub(super) fn code_of(tx: &mut Tx<'_>, ctx: &Ctx, case: CaseId) -> Result<String, Error> {
    let mut fresh = vec![0; 32];
    ctx.ids.fill(&mut fresh);
    let secret = key(tx, ctx.org(), KEY, fresh, ctx.now)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret).map_err(Error::internal)?;
    mac.update(case.to_string().as_bytes());
    let bytes = mac.finalize().into_bytes();
    let letters = bytes.iter().take(LENGTH).map(|byte| char::from(LETTERS[usize::from(byte & 31)]));
    let code: String = letters.collect();
    Ok(format!("{}-{}", &code[..LENGTH / 2], &code[LENGTH / 2..]))
}

/// Compares what a customer typed with a code, in constant time.
pub(super) fn same(typed: &str, code: &str) -> bool {
    let plain = |text: &str| {
        let letters = text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase());
        secret::digest(&letters.collect::<String>())
    };
    plain(typed) == plain(code)
}

/// Gives number and lookup code of a case for a receipt; the trail tells who asked.
///
/// Whoever does the work does not get it: the customer's answers are the
/// customer's own (PROP-59).
///
/// # Errors
/// `not_found`, `forbidden`, or `code_not_for_handler`.
pub fn lookup_code(tx: &mut Tx<'_>, ctx: &Ctx, id: CaseId) -> Result<LookupCode, Error> {
    let (loaded, _) = case::visible(tx, ctx, id)?;
    let sight = case::sight_of(tx, ctx, &loaded.case)?;
    policy::case_permit(&ctx.actor, &sight)?;
    if ctx.actor.identified() && loaded.case.handler == Some(ctx.actor.person) {
        return Err(Error::new(Class::Denied, "code_not_for_handler"));
    }
    audit::record(tx, ctx, "lookup_code_given", Object::new("case", id), json!({}))?;
    Ok(LookupCode { number: loaded.case.number, code: code_of(tx, ctx, id)? })
}

/// What a customer takes home: the matter, its code, and where to follow it.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Number and code.
    pub code: LookupCode,
    /// What it is about.
    pub kind: Kind,
    /// When it reached us.
    pub received_at: Timestamp,
    /// The zone of the house.
    pub zone: Zone,
    /// The company.
    pub company: String,
    /// The unit that it belongs to.
    pub unit: String,
    /// Where the page of that unit is, while one is open.
    pub page: Option<String>,
}

/// Gives what is printed on the receipt of a case; the trail tells who asked.
///
/// # Errors
/// As [`lookup_code`].
pub fn receipt(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules, id: CaseId) -> Result<Receipt, Error> {
    let code = lookup_code(tx, ctx, id)?;
    let case = case::visible(tx, ctx, id)?.0.case;
    Ok(Receipt {
        code,
        kind: case.kind,
        received_at: case.received_at,
        zone: rules.of(tx, ctx.org())?.calendar().zone().clone(),
        company: organisation::get(tx, ctx.org())?.map(|row| row.name).unwrap_or_default(),
        unit: unit::get(tx, ctx.org(), case.unit)?.map(|row| row.name).unwrap_or_default(),
        page: super::page::open_at(tx, ctx.org(), case.unit)?,
    })
}

/// PROP-59: whoever may work on a case does not speak for its customer, even
/// where number and code lie before him.
///
/// # Errors
/// `staff_speaks_for_customer`, or what the store gives.
pub fn not_by_staff(tx: &mut Tx<'_>, staff: &Ctx, id: CaseId) -> Result<(), Error> {
    let loaded = match case::visible(tx, staff, id) {
        Ok((loaded, _)) => loaded,
        Err(error) if error.class() == Class::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let sight = case::sight_of(tx, staff, &loaded.case)?;
    match policy::case_permit(&staff.actor, &sight) {
        Ok(_) => Err(Error::new(Class::Denied, "staff_speaks_for_customer")),
        Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::same;

    /// Issue 5 §8: people type codes as they read them.
    #[test]
    fn a_code_is_read_as_people_type_it() {
        assert!(same("abcde fghjk", "ABCDE-FGHJK"));
        assert!(same(" ABCDEFGHJK ", "ABCDE-FGHJK"));
        assert!(!same("ABCDE-FGHJL", "ABCDE-FGHJK"));
        assert!(!same("", "ABCDE-FGHJK"));
    }
}
