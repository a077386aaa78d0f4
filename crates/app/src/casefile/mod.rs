//! The case file (案卷): everything of a case in one zip, readable and
//! verifiable without us (PROP-67, 68).
//!
//! *Invariants*: only what the reader may see goes in, and that it went out is
//! logged first; history and files pass in pieces, so that memory does not grow
//! with the case; everything can be checked by the script inside.
//!
//! *Where to start*: [`write()`].

mod chain;
mod incident;
mod pack;
mod page;

use std::fs::File;

use huiyin_domain::case::{Case, PartyRole};
use huiyin_domain::ids::CaseId;
use huiyin_domain::locale::Locale;
use huiyin_domain::pack::Pack;
use huiyin_domain::people::{Masking, Sensitive};
use huiyin_domain::time::Zone;
use huiyin_reports::Label;
use huiyin_store::attachment::{self, AttachmentRow};
use huiyin_store::case::file;
use huiyin_store::party::{self as parties, contact};
use huiyin_store::people::{person, unit};
use huiyin_store::sql::Tx;
use serde_json::json;
use std::collections::BTreeMap;

use crate::App;
use crate::audit::{self, Object};
use crate::case::visible;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Action};

pub use incident::write_incident;
pub use pack::{Bundle, BundleFailed};

/// Names a wire word in a language.
pub type Speak<'a> = &'a dyn Fn(Locale, &str) -> String;

/// What the file of a case is made of, read in one transaction.
pub(crate) struct Opening {
    /// The case at the moment of writing.
    pub case: Case,
    /// Hash of its last event.
    pub head: String,
    /// Name of the organisation.
    pub organisation: String,
    /// Name of its unit.
    pub unit: String,
    /// Who the people in it are, by id.
    pub people: BTreeMap<String, String>,
    /// Who is involved, as far as the reader may know.
    pub parties: Vec<(PartyRole, Vec<(Sensitive, String)>)>,
    /// Its attached files.
    pub attachments: Vec<AttachmentRow>,
    /// Titles of forms and their fields.
    pub forms: BTreeMap<String, (Label, Vec<(String, Label)>)>,
    /// Zone of the times.
    pub zone: Zone,
    /// Who made the file.
    pub made_by: String,
}

/// Writes the file of a case into a zip.
///
/// Blocks; call it from a thread of its own.
///
/// # Errors
/// `not_found`, `forbidden`, or when a file cannot be read or written.
pub fn write(app: &App, ctx: &Ctx, id: CaseId, speak: Speak<'_>, out: File) -> Result<File, BundleFailed> {
    let opening = take_out(app, ctx, id)?;
    let mut bundle = Bundle::begin(out)?;
    add(&mut bundle, app, ctx, &opening, speak)?;
    chain::script(&mut bundle)?;
    bundle.finish()
}

/// Reads what the file of a case is made of, for who may take it out.
///
/// # Errors
/// `not_found`, or `forbidden`.
fn take_out(app: &App, ctx: &Ctx, id: CaseId) -> Result<Opening, Error> {
    let (inside, rules) = (ctx.clone(), app.rules.clone());
    app.store.write_blocking(move |tx| {
        let (loaded, view) = visible(tx, &inside, id)?;
        let by_post = view.posts().iter().any(|post| Action::ExportCases.allowed_to(*post));
        if !(by_post || view.is_own() || inside.actor.is_system() || !inside.actor.identified()) {
            return Err(policy::denied(Action::ExportCases));
        }
        let held = rules.of(tx, inside.org())?;
        let pack = held.pack(&loaded.case.pack)?;
        let zone = held.calendar().zone().clone();
        open(tx, &inside, (loaded.case, loaded.head.hash), (&view.masking(), pack, zone))
    })
}

/// Adds pages, forms, history and attachments of one case.
fn add(
    bundle: &mut Bundle,
    app: &App,
    ctx: &Ctx,
    opening: &Opening,
    speak: Speak<'_>,
) -> Result<(), BundleFailed> {
    page::write(bundle, app, ctx, opening, speak)?;
    let case = &opening.case;
    let history =
        chain::History { id: case.id, number: &case.number, last: case.version, head: &opening.head };
    chain::write::<huiyin_domain::case::Event>(bundle, app, ctx, &history)?;
    for (place, row) in opening.attachments.iter().enumerate().filter(|(_, row)| row.erased_at.is_none()) {
        let source = app.files.place(ctx.org(), &row.digest)?;
        bundle.copy(&page::attachment_name(place, row), &source)?;
    }
    Ok(())
}

/// Reads what the file is made of, and logs that it leaves the house.
fn open(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (case, head): (Case, String),
    (masking, pack, zone): (&Masking, &Pack, Zone),
) -> Result<Opening, Error> {
    let organisation =
        huiyin_store::people::organisation::get(tx, ctx.org())?.ok_or_else(Error::not_found)?;
    let unit = unit::get(tx, ctx.org(), case.unit)?.map(|unit| unit.name).unwrap_or_default();
    let mut people = BTreeMap::new();
    for person in file::people_in(tx, ctx.org(), case.id)? {
        let name = person::get(tx, person)?.map(|row| row.name).unwrap_or_default();
        people.insert(person.to_string(), name);
    }
    let object = || Object::new("case", case.id);
    let mut involved = Vec::new();
    for party in &case.parties {
        let name = parties::get(tx, ctx.org(), party.party)?.and_then(|row| row.name);
        let phones = contact::phones(tx, ctx.org(), party.party)?;
        let addresses = contact::addresses(tx, ctx.org(), party.party)?;
        let all = name.map(|name| (Sensitive::Name, name)).into_iter();
        let all = all.chain(phones.into_iter().map(|phone| (Sensitive::Phone, phone)));
        let all = all.chain(addresses.into_iter().map(|address| (Sensitive::Address, address.text)));
        let shown = all.map(|(field, value)| (field, masking.show(field, &value))).collect();
        involved.push((party.role, shown));
    }
    for field in [Sensitive::Name, Sensitive::Phone, Sensitive::Address] {
        if masking.is_clear(field) {
            audit::exported(tx, ctx, field, object())?;
        }
    }
    let details = json!({"number": case.number, "version": case.version, "head": head});
    audit::record(tx, ctx, "case_file_written", object(), details)?;
    let titles = |form: &huiyin_domain::pack::FormDef| {
        let both = |names: &huiyin_domain::pack::Names| Label::both(&names.zh, &names.en);
        let fields = form.fields.iter().map(|(field, _)| (field.name.clone(), both(&field.title)));
        (form.name.clone(), (both(&form.title), fields.collect()))
    };
    Ok(Opening {
        head,
        organisation: organisation.name,
        unit,
        people,
        parties: involved,
        attachments: attachment::of_case(tx, ctx.org(), case.id)?,
        forms: pack.forms.iter().map(titles).collect(),
        zone,
        made_by: if ctx.actor.identified() {
            ctx.actor.name.clone()
        } else {
            ctx.actor.via.name().to_owned()
        },
        case,
    })
}
