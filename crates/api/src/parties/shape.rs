//! Customers on the wire.

use huiyin_app::party::{ConsentWay, PartyKind, PartyView, ResidenceView};
use huiyin_domain::ids::{HouseholdId, PartyId, UnitId};
use huiyin_domain::knowledge::Manner;
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A customer as your posts let you see them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Party)]
pub(super) struct PartyOut {
    id: PartyId,
    /// `person`, `household` or `organisation`.
    kind: String,
    /// Covered where your posts may not see it; null when unknown or erased.
    name: Option<String>,
    /// The one to call first in front; covered where your posts may not see them.
    phones: Vec<String>,
    /// Covered where your posts may not see them.
    addresses: Vec<String>,
    /// Where they live.
    residences: Vec<ResidenceOut>,
    /// What helps to serve them; null where your posts may not see the name.
    note: Option<String>,
    unit: Option<UnitId>,
    /// Nobody may visit them.
    do_not_visit: bool,
    do_not_visit_why: Option<String>,
    /// Withdrawn ones too, oldest first.
    consents: Vec<ConsentOut>,
    /// The customer that stands for both, when this one was entered twice.
    duplicate_of: Option<PartyId>,
    /// How they listen, act and are; null where your posts may not see the name.
    manner: Manner,
    /// Others with the same number, who may be the same.
    same_phone: Vec<PartyId>,
    /// Whether anything is covered.
    masked: bool,
    /// When the identity was erased on lawful request.
    erased_at: Option<Timestamp>,
    created_at: Timestamp,
    pub(super) version: i64,
}

/// Where a customer lives.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Residence)]
pub(crate) struct ResidenceOut {
    household: HouseholdId,
    unit: UnitId,
    building: String,
    room: String,
    /// `owner`, `tenant`, `family` or `other`.
    role: String,
}

/// A consent to one purpose.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Consent)]
pub(super) struct ConsentOut {
    id: Uuid,
    purpose: String,
    given_at: Timestamp,
    /// `phone`, `paper`, `in_person` or `online`.
    given_how: String,
    withdrawn_at: Option<Timestamp>,
}

impl From<huiyin_app::party::ConsentRow> for ConsentOut {
    fn from(row: huiyin_app::party::ConsentRow) -> Self {
        Self {
            id: row.id,
            purpose: row.purpose,
            given_at: row.given_at,
            given_how: row.given_how,
            withdrawn_at: row.withdrawn_at,
        }
    }
}

impl From<ResidenceView> for ResidenceOut {
    fn from(home: ResidenceView) -> Self {
        let ResidenceView { household, unit, building, room, role } = home;
        Self { household, unit, building, room, role }
    }
}

impl From<PartyView> for PartyOut {
    fn from(view: PartyView) -> Self {
        Self {
            id: view.id,
            kind: view.kind,
            name: view.name,
            phones: view.phones,
            addresses: view.addresses,
            residences: view.residences.into_iter().map(ResidenceOut::from).collect(),
            note: view.note,
            unit: view.unit,
            do_not_visit: view.do_not_visit,
            do_not_visit_why: view.do_not_visit_why,
            consents: view.consents.into_iter().map(ConsentOut::from).collect(),
            duplicate_of: view.duplicate_of,
            manner: view.manner,
            same_phone: view.same_phone,
            masked: view.masked,
            erased_at: view.erased_at,
            created_at: view.created_at,
            version: view.version,
        }
    }
}

/// A page of customers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PartyPageOut {
    /// In the order of entry.
    pub items: Vec<PartyOut>,
    /// Where the list goes on; null at its end.
    pub next_cursor: Option<String>,
}

/// All consents of a customer.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Consents {
    /// Oldest first, withdrawn ones too.
    pub items: Vec<ConsentOut>,
}

/// An address of a customer.
#[derive(ToSchema)]
#[schema(value_type = String, min_length = 1, max_length = 500, pattern = r"\S")]
#[expect(dead_code, reason = "describes the text; the value is checked by the use case")]
struct AddressText(String);

/// A customer to enter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewParty)]
pub(super) struct NewPartyBody {
    #[serde(default)]
    pub kind: PartyKind,
    #[schema(max_length = 100)]
    pub name: Option<String>,
    /// Up to 20, the one to call first in front.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub phones: Vec<String>,
    /// Up to 20.
    #[serde(default)]
    #[schema(value_type = Vec<AddressText>, max_items = 20)]
    pub addresses: Vec<String>,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub households: Vec<HouseholdId>,
    #[schema(max_length = 2000)]
    pub note: Option<String>,
    pub unit: Option<UnitId>,
}

/// What to change; what is not said stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PartyChange)]
pub(super) struct PartyChangeBody {
    pub kind: Option<PartyKind>,
    /// Blank removes it.
    #[schema(max_length = 100)]
    pub name: Option<String>,
    /// All numbers.
    #[schema(max_items = 20)]
    pub phones: Option<Vec<String>>,
    /// All addresses.
    #[schema(value_type = Option<Vec<AddressText>>, max_items = 20)]
    pub addresses: Option<Vec<String>>,
    /// All households.
    #[schema(max_items = 20)]
    pub households: Option<Vec<HouseholdId>>,
    /// Blank removes it.
    #[schema(max_length = 2000)]
    pub note: Option<String>,
    pub unit: Option<UnitId>,
    /// Needs `do_not_visit_why` when it changes.
    pub do_not_visit: Option<bool>,
    #[schema(max_length = 500)]
    pub do_not_visit_why: Option<String>,
    pub duplicate_of: Option<PartyId>,
    /// How they listen, act and are, all of it.
    pub manner: Option<Manner>,
    /// The version seen, unless `If-Match` says it.
    pub version: Option<i64>,
}

/// A consent given or withdrawn.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConsentBody {
    /// What for, such as `contact` or `survey`.
    #[schema(min_length = 1, max_length = 64, pattern = r"^[\p{L}\p{N}._-]+$")]
    pub purpose: String,
    /// True when given, false when withdrawn.
    pub given: bool,
    /// By which way the customer said it.
    pub how: ConsentWay,
}

/// Why an identity is erased.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ErasureBody {
    /// The lawful request it rests on.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S")]
    pub basis: String,
}

/// Which customers.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PartyQuery {
    /// A whole number or its last four digits; each search is logged.
    pub phone: Option<String>,
    /// Exactly this name, where your posts see names; each search is logged.
    pub name: Option<String>,
    /// Of this household.
    pub household: Option<HouseholdId>,
    /// Of this unit.
    pub unit: Option<UnitId>,
    /// With or without the flag that nobody may visit them.
    pub do_not_visit: Option<bool>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Rows of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u32>,
}
