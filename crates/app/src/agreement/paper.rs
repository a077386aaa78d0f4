//! The agreement as a page: the pack's words, filled from the case.

use huiyin_domain::case::agreement::Agreement;
use huiyin_domain::case::{Case, PartyPart, Shown, field_text, shown};
use huiyin_domain::ids::{CaseId, UnitId};
use huiyin_domain::locale::Locale;
use huiyin_domain::money::Money;
use huiyin_domain::pack::{CaseValue, Names, Pack, Placeholder, placeholders};
use huiyin_domain::people::Masking;
use huiyin_domain::text::Sealed;
use huiyin_domain::time::{Timestamp, Zone};
use huiyin_store::case::read::{self, Opened};
use huiyin_store::party as parties;
use huiyin_store::people::{organisation, person, unit};
use huiyin_store::sql::Tx;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

use crate::case::{Rules, visible};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::party;

/// Name of the text in the pack that an agreement is rendered from.
pub const TEMPLATE: &str = "agreement";

/// How an agreement came to be signed, if it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaperState {
    /// Not signed, and the accepted option is still this one.
    Open,
    /// Signed as a scan.
    Scanned,
    /// Confirmed by link and code.
    Confirmed,
    /// Not signed, and the customer has accepted another option since.
    Stale,
}

/// One thing promised, as the paper has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PaperItem {
    /// What is done, sent or paid.
    pub what: String,
    /// The department that does it.
    pub department: Option<String>,
    /// Money in it.
    pub amount: Option<Money>,
    /// By when.
    pub due: Option<Timestamp>,
}

/// An agreement as people read and sign it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AgreementPaper {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// Number of the agreement in the case.
    pub agreement: u32,
    /// The paper's words, paragraph by paragraph, filled from the case.
    pub paragraphs: Vec<String>,
    /// The things promised.
    pub items: Vec<PaperItem>,
    /// What else is agreed; null once erased.
    pub terms: Option<String>,
    /// Names the exact content that is signed.
    pub digest: String,
    /// Whether it is signed, and how.
    pub state: PaperState,
    /// When it was signed.
    pub signed_at: Option<Timestamp>,
    /// Who confirmed it by the link, as they wrote their name.
    pub signed_by: Option<String>,
    /// Name of the house.
    pub organisation: String,
    /// When it was drawn up.
    pub at: Timestamp,
    /// Zone of the times.
    #[serde(skip)]
    pub zone: Zone,
}

/// Renders an agreement of a case for whoever may see the case.
///
/// # Errors
/// `not_found` when there is none, or not for this person to know.
pub fn paper(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (id, number): (CaseId, u32),
) -> Result<AgreementPaper, Error> {
    let (loaded, view) = visible(tx, ctx, id)?;
    paper_of(tx, ctx, rules, (&loaded.case, number, &view.masking()))
}

/// Renders an agreement of a case that was loaded, names as far as `masking` lets.
///
/// # Errors
/// `not_found` when there is none.
pub fn paper_of(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (case, number, masking): (&Case, u32, &Masking),
) -> Result<AgreementPaper, Error> {
    let rounds = case.rounds.iter().chain([&case.round]);
    let found = rounds.flat_map(|round| &round.agreements).find(|agreement| agreement.id == number);
    let agreement = found.ok_or_else(Error::not_found)?;
    let held = rules.of(tx, ctx.org())?;
    let pack = held.pack(&case.pack)?;
    let texts = read::texts(tx, ctx.org(), case.id)?;
    let zone = held.calendar().zone().clone();
    let organisation = organisation::get(tx, ctx.org())?.ok_or_else(Error::not_found)?.name;
    let open = |sealed: &Sealed| texts.get(sealed).and_then(|opened| opened.text.clone());
    let mut items = Vec::new();
    for item in &agreement.items {
        items.push(PaperItem {
            what: open(&item.what).unwrap_or_default(),
            department: unit_name(tx, ctx, item.department)?,
            amount: item.amount,
            due: item.due,
        });
    }
    let mut filler = Filler {
        ctx,
        case,
        agreement,
        pack,
        masking,
        texts: &texts,
        zone: &zone,
        organisation: &organisation,
    };
    let template = pack.texts.get(TEMPLATE).map_or_else(standard, |names| filler.word(names).to_owned());
    let paragraphs = template.lines().map(|line| filler.filled(tx, line)).collect::<Result<Vec<_>, _>>()?;
    let confirmed = agreement.confirmed.as_ref();
    Ok(AgreementPaper {
        case: case.id,
        number: case.number.clone(),
        agreement: number,
        paragraphs,
        items,
        terms: agreement.terms.as_ref().and_then(open),
        digest: agreement.digest(),
        state: match (&agreement.signed, confirmed) {
            (Some(_), _) => PaperState::Scanned,
            (None, Some(_)) => PaperState::Confirmed,
            (None, None) if agreement.stands(case) => PaperState::Open,
            (None, None) => PaperState::Stale,
        },
        signed_at: agreement.signed.map(|(_, at)| at).or(confirmed.map(|confirmed| confirmed.at)),
        signed_by: confirmed.and_then(|confirmed| open(&confirmed.name)),
        organisation: organisation.clone(),
        at: agreement.at,
        zone: zone.clone(),
    })
}

fn unit_name(tx: &mut Tx<'_>, ctx: &Ctx, id: Option<UnitId>) -> Result<Option<String>, Error> {
    let Some(id) = id else { return Ok(None) };
    Ok(unit::get(tx, ctx.org(), id)?.map(|unit| unit.name))
}

/// What a pack without words of its own prints.
fn standard() -> String {
    "{complainant}：\n就编号为 {number} 的投诉，{organisation}与您协商一致，达成如下处理协议：\n{option}\n双方签字（或经您通过确认链接和验证码确认）后生效。".to_owned()
}

/// Fills the places of one template.
struct Filler<'a> {
    ctx: &'a Ctx,
    case: &'a Case,
    agreement: &'a Agreement,
    pack: &'a Pack,
    masking: &'a Masking,
    texts: &'a BTreeMap<Sealed, Opened>,
    zone: &'a Zone,
    organisation: &'a str,
}

impl Filler<'_> {
    fn word<'n>(&self, names: &'n Names) -> &'n str {
        match self.ctx.locale {
            Locale::ZhCn => &names.zh,
            Locale::En => &names.en,
        }
    }

    fn open(&self, sealed: &Sealed) -> Option<String> {
        self.texts.get(sealed).and_then(|opened| opened.text.clone())
    }

    /// Fills one line; what is not known stays a blank to be written on.
    fn filled(&mut self, tx: &mut Tx<'_>, line: &str) -> Result<String, Error> {
        let mut filled = String::new();
        for part in placeholders(line) {
            match part {
                Placeholder::Text(text) => filled.push_str(text),
                Placeholder::Name(name) => {
                    let value = self.value(tx, name)?;
                    filled.push_str(value.as_deref().filter(|value| !value.is_empty()).unwrap_or("________"));
                }
            }
        }
        Ok(filled)
    }

    fn value(&mut self, tx: &mut Tx<'_>, name: &str) -> Result<Option<String>, Error> {
        if let Some(field) = name.strip_prefix("field.") {
            let sealed = field_text(field, self.case, self.pack);
            return Ok(sealed.and_then(|sealed| self.open(sealed)));
        }
        Ok(match name {
            "organisation" => Some(self.organisation.to_owned()),
            "unit" => unit_name(tx, self.ctx, Some(self.case.unit))?,
            "option" => self.open(&self.agreement.option.text),
            "amount" => Some(
                self.agreement.option.amount.map_or_else(|| "0.00".to_owned(), |money| money.to_string()),
            ),
            "terms" => self.agreement.terms.as_ref().and_then(|terms| self.open(terms)),
            "drawn_up_on" => Some(self.zone.date(self.agreement.at).to_string()),
            other => match other.parse::<CaseValue>() {
                Ok(value) => self.known(tx, shown(value, self.case, self.pack))?,
                Err(_) => None,
            },
        })
    }

    fn known(&mut self, tx: &mut Tx<'_>, value: Shown) -> Result<Option<String>, Error> {
        Ok(match value {
            Shown::Nothing => None,
            Shown::Plain(text) => Some(text),
            Shown::Text(sealed) => self.open(&sealed),
            Shown::Word(word) => Some(word.to_owned()),
            Shown::Title(names) => Some(self.word(&names).to_owned()),
            Shown::At(at) => Some(self.zone.date(at).to_string()),
            Shown::Person(id) => person::in_org(tx, self.ctx.org(), id)?.map(|person| person.name),
            Shown::Unit(id) => unit_name(tx, self.ctx, Some(id))?,
            Shown::Money(money) => Some(money.to_string()),
            Shown::Party(id, part) => {
                let Some(row) = parties::get(tx, self.ctx.org(), id)? else { return Ok(None) };
                let party = party::covered(tx, self.ctx, row, self.masking)?;
                Some(match part {
                    PartyPart::Name => party.name.unwrap_or_default(),
                    PartyPart::Telephone => party.phones.join(", "),
                    PartyPart::Address => party.addresses.join("; "),
                })
            }
        })
    }
}
