//! What papers say of a customer, covered on lawful request.
//!
//! Papers quote residents in plain words; where the identity of one goes, it
//! goes from the papers about their cases, households and visits as well.

use huiyin_domain::ids::{OrgId, PartyId};
use huiyin_domain::people::GAP;
use huiyin_store::paper as rows;
use huiyin_store::party::{self as parties, contact};
use huiyin_store::sql::Tx;
use serde_json::Value;

use crate::error::Error;

/// Covers name, numbers and addresses of a party in every paper that is about
/// it or about one of its cases; gives how many papers changed.
///
/// To be called while the party still has them.
///
/// # Errors
/// What the store gives.
pub(crate) fn forget(tx: &mut Tx<'_>, org: OrgId, party: PartyId) -> Result<usize, Error> {
    let mut known: Vec<String> = parties::get(tx, org, party)?.and_then(|row| row.name).into_iter().collect();
    known.extend(contact::phones(tx, org, party)?);
    known.extend(contact::addresses(tx, org, party)?.into_iter().map(|address| address.text));
    known.retain(|word| word.trim().chars().count() >= 2);
    if known.is_empty() {
        return Ok(0);
    }
    known.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let mut changed = 0;
    for (id, body) in rows::about_party(tx, org, party)? {
        let mut touched = false;
        if let Some(covered) = covered(&body, &known)? {
            rows::rewrite(tx, org, id, &covered)?;
            touched = true;
        }
        for entry in rows::entries(tx, org, id)? {
            if let Some(covered) = covered(&entry.body, &known)? {
                rows::rewrite_entry(tx, org, (id, entry.seq), &covered)?;
                touched = true;
            }
        }
        changed += usize::from(touched);
    }
    for (paper, case, said, next) in rows::line::words_of_party(tx, org, party)? {
        let (mut after, mut then) = (said, next);
        if cover_text(&mut after, &known) | cover_text(&mut then, &known) {
            rows::line::rewrite_words(tx, org, (paper, case), (&after, &then))?;
        }
    }
    Ok(changed)
}

/// Gives a JSON text with every known word covered; nothing where none stands.
fn covered(json: &str, known: &[String]) -> Result<Option<String>, Error> {
    let mut value: Value = serde_json::from_str(json).map_err(Error::internal)?;
    let touched = cover(&mut value, known);
    Ok(touched.then(|| value.to_string()))
}

fn cover(value: &mut Value, known: &[String]) -> bool {
    match value {
        Value::String(text) => cover_text(text, known),
        Value::Array(items) => items.iter_mut().fold(false, |touched, item| cover(item, known) | touched),
        Value::Object(map) => map.values_mut().fold(false, |touched, item| cover(item, known) | touched),
        _ => false,
    }
}

/// Covers every known word of a text; says whether one stood there.
fn cover_text(text: &mut String, known: &[String]) -> bool {
    let mut touched = false;
    for word in known {
        if text.contains(word.as_str()) {
            *text = text.replace(word.as_str(), GAP);
            touched = true;
        }
    }
    touched
}
