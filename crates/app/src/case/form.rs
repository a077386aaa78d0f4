//! The prescribed papers of a case, filled from it and ready to be printed.

use std::collections::BTreeMap;

use huiyin_domain::case::{Case, FormState, PartyPart, Shown, shown};
use huiyin_domain::ids::{CaseId, PersonId, UnitId};
use huiyin_domain::locale::Locale;
use huiyin_domain::pack::{FieldDef, FieldKind, FormDef, FormSource, Names};
use huiyin_domain::people::Masking;
use huiyin_domain::text::Sealed;
use huiyin_domain::time::{Timestamp, Zone};
use huiyin_store::case::read::{self, Opened};
use huiyin_store::party as parties;
use huiyin_store::people::{person, unit};
use huiyin_store::sql::Tx;

use super::rules::Rules;
use super::sight::visible;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::party;

/// A form as people read and print it.
#[derive(Clone, Debug)]
pub struct FormView {
    /// Name in the pack.
    pub name: String,
    /// Title in the reader's language.
    pub title: String,
    /// Number of the case.
    pub number: String,
    /// Where the form stands.
    pub state: FormStanding,
    /// Its fields in their order.
    pub lines: Vec<FormLine>,
    /// Who signed it by filing it, and when (ASC-4).
    pub signed: Option<(String, Timestamp)>,
    /// To whom it was handed over, and when.
    pub handed: Option<(String, Timestamp)>,
    /// When it was taken.
    pub taken_at: Option<Timestamp>,
    /// Sources that prescribe it.
    pub source: Vec<String>,
    /// The zone of the times on it.
    pub zone: Zone,
}

/// Where a form stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormStanding {
    /// Not filed; what the case knows is filled in.
    Draft,
    /// Filed and signed.
    Filed,
    /// Not needed, with a reason.
    Waived,
}

/// One field of a form.
#[derive(Clone, Debug)]
pub struct FormLine {
    /// Name in the pack.
    pub name: String,
    /// Title in the reader's language.
    pub title: String,
    /// True when the form may not be filed without it.
    pub required: bool,
    /// What stands there.
    pub value: FormValue,
}

/// What stands in a field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormValue {
    /// Nothing yet.
    Empty,
    /// A text in clear, or covered where the reader may not see it.
    Text(String),
    /// A name of the wire, to be said in the reader's language.
    Word(String),
    /// An instant.
    At(Timestamp),
}

/// Lists the forms that a case has, filled from it.
///
/// # Errors
/// `not_found` when the case is not there or not for this person to know.
pub fn forms(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules, id: CaseId) -> Result<Vec<FormView>, Error> {
    read_forms(tx, ctx, rules, id, |_| true)
}

/// Reads one form of a case.
///
/// # Errors
/// `not_found` when case or form is not there or not for this person to know.
pub fn form(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules, id: CaseId, name: &str) -> Result<FormView, Error> {
    let found = read_forms(tx, ctx, rules, id, |form| form.name == name)?;
    found.into_iter().next().ok_or_else(Error::not_found)
}

fn read_forms(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    id: CaseId,
    wanted: impl Fn(&FormDef) -> bool,
) -> Result<Vec<FormView>, Error> {
    let (loaded, view) = visible(tx, ctx, id)?;
    let held = rules.of(tx, ctx.org())?;
    let pack = held.pack(&loaded.case.pack)?;
    let texts = read::texts(tx, ctx.org(), id)?;
    let mut reader = Reader {
        ctx,
        case: &loaded.case,
        fields: &pack.fields,
        masking: view.masking(),
        texts: &texts,
        names: BTreeMap::new(),
    };
    let defs = pack.forms.iter().filter(|form| form.of.contains(&loaded.case.kind) && wanted(form));
    let mut forms = Vec::new();
    for def in defs {
        let state = loaded.case.forms.get(&def.name);
        let mut lines = Vec::new();
        for (field, required) in &def.fields {
            let value = match state.filter(|state| !state.waived) {
                Some(state) => reader.filed(field, state),
                None => reader.proposed(tx, field, pack)?,
            };
            let title = words(ctx.locale, &field.title).to_owned();
            lines.push(FormLine { name: field.name.clone(), title, required: *required, value });
        }
        forms.push(reader.whole(tx, def, lines, held.calendar().zone())?);
    }
    Ok(forms)
}

/// Opens what a form shows for one reader.
struct Reader<'a> {
    ctx: &'a Ctx,
    case: &'a Case,
    fields: &'a [FieldDef],
    masking: Masking,
    texts: &'a BTreeMap<Sealed, Opened>,
    names: BTreeMap<PersonId, String>,
}

impl Reader<'_> {
    fn whole(
        &mut self,
        tx: &mut Tx<'_>,
        def: &FormDef,
        lines: Vec<FormLine>,
        zone: &Zone,
    ) -> Result<FormView, Error> {
        let filed = self.case.forms.get(&def.name);
        let signed = match filed.and_then(|form| form.by.map(|by| (by, form.at))) {
            Some((by, at)) => Some((self.name(tx, by)?, at)),
            None => None,
        };
        let handling = filed.and_then(|form| form.handed);
        let handed = match handling {
            Some(handed) => Some((self.name(tx, handed.to)?, handed.at)),
            None => None,
        };
        Ok(FormView {
            name: def.name.clone(),
            title: words(self.ctx.locale, &def.title).to_owned(),
            number: self.case.number.clone(),
            state: match filed {
                None => FormStanding::Draft,
                Some(form) if form.waived => FormStanding::Waived,
                Some(_) => FormStanding::Filed,
            },
            lines,
            signed,
            handed,
            taken_at: handling.and_then(|handed| handed.taken_at),
            source: def.source.clone(),
            zone: zone.clone(),
        })
    }

    /// What was filed stands as it was signed.
    fn filed(&self, field: &FieldDef, state: &FormState) -> FormValue {
        let text = state.fields.get(&field.name).and_then(|sealed| self.open(sealed));
        text.map_or(FormValue::Empty, |text| self.typed(field, text))
    }

    /// What the case knows is proposed until somebody signs.
    fn proposed(
        &mut self,
        tx: &mut Tx<'_>,
        field: &FieldDef,
        pack: &huiyin_domain::pack::Pack,
    ) -> Result<FormValue, Error> {
        match &field.from {
            None => Ok(FormValue::Empty),
            Some(FormSource::Field(name)) => {
                let text = self.case.fields.get(name).and_then(|sealed| self.open(sealed));
                let of = self.fields.iter().find(|of| of.name == *name).unwrap_or(field);
                Ok(text.map_or(FormValue::Empty, |text| self.typed(of, text)))
            }
            Some(FormSource::Case(value)) => self.known(tx, shown(*value, self.case, pack)),
        }
    }

    fn known(&mut self, tx: &mut Tx<'_>, shown: Shown) -> Result<FormValue, Error> {
        Ok(match shown {
            Shown::Nothing => FormValue::Empty,
            Shown::Plain(text) => FormValue::Text(text),
            Shown::Text(sealed) => self.open(&sealed).map_or(FormValue::Empty, FormValue::Text),
            Shown::Word(word) => FormValue::Word(word.to_owned()),
            Shown::Title(names) => FormValue::Text(words(self.ctx.locale, &names).to_owned()),
            Shown::At(at) => FormValue::At(at),
            Shown::Person(person) => FormValue::Text(self.name(tx, person)?),
            Shown::Unit(id) => {
                let found = unit::get(tx, self.ctx.org(), id)?;
                found.map_or(FormValue::Empty, |unit| FormValue::Text(unit.name))
            }
            Shown::Money(money) => FormValue::Text(money.to_string()),
            Shown::Party(id, part) => {
                let Some(row) = parties::get(tx, self.ctx.org(), id)? else { return Ok(FormValue::Empty) };
                let party = party::covered(tx, self.ctx, row, &self.masking)?;
                let text = match part {
                    PartyPart::Name => party.name.unwrap_or_default(),
                    PartyPart::Telephone => party.phones.join(", "),
                    PartyPart::Address => party.addresses.join("; "),
                };
                if text.is_empty() { FormValue::Empty } else { FormValue::Text(text) }
            }
        })
    }

    fn typed(&self, field: &FieldDef, text: String) -> FormValue {
        match &field.kind {
            FieldKind::Choice(_) => match field.labels.get(&text) {
                Some(label) => FormValue::Text(words(self.ctx.locale, &label.title).to_owned()),
                None => FormValue::Word(text),
            },
            FieldKind::Flag => FormValue::Word(text),
            FieldKind::Time => Timestamp::parse(&text).map_or(FormValue::Text(text), FormValue::At),
            FieldKind::Text | FieldKind::Integer | FieldKind::Money | FieldKind::Date => {
                FormValue::Text(text)
            }
        }
    }

    fn open(&self, sealed: &Sealed) -> Option<String> {
        self.texts.get(sealed).and_then(|opened| opened.text.clone())
    }

    fn name(&mut self, tx: &mut Tx<'_>, id: PersonId) -> Result<String, Error> {
        if let Some(name) = self.names.get(&id) {
            return Ok(name.clone());
        }
        let name = person::in_org(tx, self.ctx.org(), id)?.map(|person| person.name).unwrap_or_default();
        self.names.insert(id, name.clone());
        Ok(name)
    }
}

pub(super) fn words(locale: Locale, names: &Names) -> &str {
    match locale {
        Locale::ZhCn => &names.zh,
        Locale::En => &names.en,
    }
}

/// One advice for the stage where a case stands.
#[derive(Clone, Debug)]
pub struct TipView {
    /// Name in the pack.
    pub name: String,
    /// The advice in the reader's language.
    pub text: String,
    /// Sources of the advice.
    pub source: Vec<String>,
}

/// What a pack advises about a case now.
#[derive(Clone, Debug)]
pub struct Advice {
    /// Advice for the stage and channel.
    pub tips: Vec<TipView>,
    /// The department that category or cause point to, by its name (MOB-7).
    pub department: Option<String>,
    /// The unit of that name that is nearest to the case (DEPT-5).
    pub department_unit: Option<UnitId>,
}

/// Lists the advice for a case in its present stage.
///
/// # Errors
/// `not_found` when the case is not there or not for this person to know.
pub fn tips(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules, id: CaseId) -> Result<Advice, Error> {
    let (loaded, _) = visible(tx, ctx, id)?;
    let held = rules.of(tx, ctx.org())?;
    let case = &loaded.case;
    let pack = held.pack(&case.pack)?;
    let view = |tip: &huiyin_domain::pack::TipDef| TipView {
        name: tip.name.clone(),
        text: words(ctx.locale, &tip.text).to_owned(),
        source: tip.source.clone(),
    };
    let department = pack.department_for(case.category_now(), case.cause.as_deref());
    let department_unit = super::route::department_of(tx, ctx, case, pack)?;
    Ok(Advice {
        department_unit,
        tips: pack.tips_for(case.kind, case.stage, case.channel).map(view).collect(),
        department: department.map(|names| words(ctx.locale, names).to_owned()),
    })
}
