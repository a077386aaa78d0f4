//! Customers (客户): found or made at intake, kept, shown as far as a post may
//! see, erased on lawful request.
//!
//! *Invariants*: intake is never refused because of who asks; a number
//! is searched whole or by its last four digits, and each search is logged; a
//! covered field is uncovered only by who may, and that is logged; a
//! name may stay untold.
//!
//! *Where to start*: [`for_intake`], [`list`], [`PartyView`].

mod consent;
mod edit;
mod erase;
mod household;
mod intake;
mod view;

pub use consent::{ConsentChange, ConsentWay, set_consent};
pub use edit::{NewParty, PartyChange, PartyKind, change, create};
pub use erase::{erase, replay};
pub use household::{
    HouseholdChange, HouseholdFilter, HouseholdPage, HouseholdRow, NewHousehold, change_household,
    create_household, households,
};
pub use intake::{Reporter, Room, by_phone, exists, for_intake};
pub(crate) use view::look;
pub use view::{ConsentRow, PartyPage, PartySearch, PartyView, ResidenceView, covered, get, list};
