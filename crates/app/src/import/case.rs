//! A row becomes a case with its own times.

use std::collections::BTreeMap;

use huiyin_domain::case::body::Reply;
use huiyin_domain::case::{Carrier, CaseParty, Channel, ClosureKind, External, Kind, PartyRole, ReplyKind};
use huiyin_domain::ids::UnitId;
use huiyin_domain::pack::Pack;
use huiyin_domain::text::{Text, TextError};
use huiyin_domain::time::Timestamp;
use huiyin_store::case::read;
use huiyin_store::sql::Tx;
use huiyin_tabular::{Field, MappedRow};

use super::{Desk, Outcome};
use crate::case::{ImportedCase, ImportedReply, import};
use crate::error::{Error, FieldError};
use crate::party::{self, Reporter};

/// Takes one case over, unless it was before.
///
/// # Errors
/// What is wrong with the row, by target.
pub(super) fn take(tx: &mut Tx<'_>, desk: &mut Desk<'_>, row: &MappedRow) -> Result<Outcome, Error> {
    let (ctx, rules) = (desk.ctx, desk.rules);
    let id = row.text(Field::ExternalId).ok_or_else(|| missing("external_id"))?.to_owned();
    let external = External { source: desk.source.to_owned(), id };
    if read::by_external(tx, ctx.org(), &external.source, &external.id)?.is_some() {
        return Ok(Outcome::AlreadyThere);
    }
    let unit = desk.places.unit(tx, ctx, row.text(Field::Unit))?;
    let owner = desk.places.owner(tx, ctx, row.text(Field::Owner), unit)?;
    let kind = word(row, Field::Kind, Kind::ALL, Kind::as_str)?.ok_or_else(|| missing("kind"))?;
    let received_at = row.time(Field::ReceivedAt).ok_or_else(|| missing("received_at"))?;
    let held = rules.of(tx, ctx.org())?;
    let mut rest = Rest::default();
    let fields = rest.fields(held.in_force(tx, ctx, (unit, kind), received_at)?, kind, row)?;
    let parties = parties(tx, desk, unit, row, &mut rest)?;
    let new = ImportedCase {
        external,
        number: row.text(Field::Number).map(str::to_owned),
        kind,
        channel: word(row, Field::Channel, Channel::ALL, Channel::as_str)?
            .ok_or_else(|| missing("channel"))?,
        unit,
        owner,
        received_at,
        title: text(row, Field::Title)?,
        text: text(row, Field::Text)?.ok_or_else(|| missing("text"))?,
        anonymous: row.get(Field::Anonymous) == Some(&huiyin_tabular::MappedValue::Boolean(true)),
        category: row.text(Field::Category).map(str::to_owned),
        final_category: row.text(Field::FinalCategory).map(str::to_owned),
        fields,
        parties,
        no_usable_contact: false,
        follows: None,
        reply: reply(row)?,
        closed: closed(row)?,
        note: rest.note()?,
    };
    let taken = import(tx, ctx, rules, new)?;
    Ok(if taken.is_some() { Outcome::Imported } else { Outcome::AlreadyThere })
}

/// An answer needs its time, its words and the way it went.
fn reply(row: &MappedRow) -> Result<Option<ImportedReply>, Error> {
    let (at, words) = (row.time(Field::ReplyAt), text(row, Field::ReplyText)?);
    let (at, text) = match (at, words) {
        (None, None) => return Ok(None),
        (None, Some(_)) => return Err(missing("reply_at")),
        (Some(_), None) => return Err(missing("reply_text")),
        (Some(at), Some(text)) => (at, text),
    };
    let carrier = word(row, Field::ReplyCarrier, Carrier::ALL, Carrier::as_str)?
        .ok_or_else(|| missing("reply_carrier"))?;
    let reply = Reply {
        text,
        proof: None,
        addressee: None,
        kind: ReplyKind::Final,
        carrier,
        next: None,
        attachments: Vec::new(),
        acknowledged_phrases: Vec::new(),
    };
    Ok(Some(ImportedReply { reply, at }))
}

/// A closing needs its time and its kind; a kind alone closes nothing.
fn closed(row: &MappedRow) -> Result<Option<(ClosureKind, Timestamp)>, Error> {
    let Some(at) = row.time(Field::ClosedAt) else { return Ok(None) };
    let closure = word(row, Field::Closure, ClosureKind::ALL, ClosureKind::as_str)?
        .ok_or_else(|| missing("closure"))?;
    Ok(Some((closure, at)))
}

fn parties(
    tx: &mut Tx<'_>,
    desk: &Desk<'_>,
    unit: UnitId,
    row: &MappedRow,
    rest: &mut Rest,
) -> Result<Vec<CaseParty>, Error> {
    let phone = row.text(Field::PartyPhone).map(|phone| {
        let (number, extension) = split(phone);
        if extension.is_some() {
            rest.add("party_phone", phone);
        }
        number.to_owned()
    });
    let reporter = Reporter {
        name: text(row, Field::PartyName)?,
        phone,
        address: text(row, Field::PartyAddress)?,
        household: None,
    };
    if reporter.name.is_none() && reporter.phone.is_none() && reporter.address.is_none() {
        return Ok(Vec::new());
    }
    let party = party::for_intake(tx, desk.ctx, unit, &reporter)?;
    Ok(vec![CaseParty { party, role: PartyRole::Complainant }])
}

/// Parts a telephone number from its extension.
pub(super) fn split(phone: &str) -> (&str, Option<&str>) {
    match phone.split_once(['转', 'x', '#']) {
        Some((number, extension)) => (number.trim(), Some(extension.trim())),
        None => (phone, None),
    }
}

/// What the pack has no field for; becomes one note.
#[derive(Default)]
struct Rest(Vec<String>);

impl Rest {
    fn add(&mut self, name: &str, value: &str) {
        self.0.push(format!("{name}: {value}"));
    }

    /// Sorts what else the row says into fields of the pack and the rest.
    fn fields(&mut self, pack: &Pack, kind: Kind, row: &MappedRow) -> Result<BTreeMap<String, Text>, Error> {
        let known = [Field::Wish, Field::Feeling, Field::Demand, Field::ChannelIdentifier];
        let known = known.iter().filter_map(|field| Some((field.as_str(), row.get(*field)?)));
        let mut fields = BTreeMap::new();
        for (name, value) in known.chain(row.extras()) {
            let value = value.to_string();
            if pack.field(kind, name).is_some() {
                fields.insert(name.to_owned(), written(&format!("fields.{name}"), &value)?);
            } else {
                self.add(name, &value);
            }
        }
        Ok(fields)
    }

    fn note(self) -> Result<Option<Text>, Error> {
        if self.0.is_empty() { Ok(None) } else { written("", &self.0.join("\n")).map(Some) }
    }
}

pub(super) fn missing(path: &str) -> Error {
    Error::field(path, "missing_required")
}

pub(super) fn text(row: &MappedRow, field: Field) -> Result<Option<Text>, Error> {
    row.text(field).map(|text| written(field.as_str(), text)).transpose()
}

pub(super) fn written(path: &str, text: &str) -> Result<Text, Error> {
    Text::new(text).map_err(|error| match error {
        TextError::Blank => missing(path),
        TextError::TooLong => Error::invalid("invalid_body").with_field_error(FieldError {
            path: path.to_owned(),
            code: "too_long".to_owned(),
            params: [("limit".to_owned(), huiyin_domain::text::MAX_TEXT_BYTES.into())].into_iter().collect(),
        }),
        TextError::ControlCharacter => Error::field(path, "control_character"),
    })
}

/// Reads a word of the product, out of all there are.
pub(super) fn word<T: Copy>(
    row: &MappedRow,
    field: Field,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Result<Option<T>, Error> {
    let Some(word) = row.text(field) else { return Ok(None) };
    let found = all.iter().find(|value| name(**value) == word);
    found.map(|value| Some(*value)).ok_or_else(|| unknown(field, all.iter().map(|value| name(*value))))
}

/// Says that a cell names nothing of the product, and what it might name.
pub(super) fn unknown(field: Field, expected: impl Iterator<Item = &'static str>) -> Error {
    let expected: Vec<_> = expected.collect();
    Error::invalid("invalid_body").with_field_error(FieldError {
        path: field.as_str().to_owned(),
        code: "unknown_value".to_owned(),
        params: [("expected".to_owned(), expected.into())].into_iter().collect(),
    })
}
