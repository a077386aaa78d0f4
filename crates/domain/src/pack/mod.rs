//! Policy packs (制度包): rules as data over a fixed catalogue (D1).
//!
//! *Where to start*: [`Pack`] is the checked form that decisions read.

mod model;

pub use model::{
    ApprovalRule, By, CategoryDef, CauseDef, ClockRule, ClockStart, FieldDef, FieldKind, FormDef, GateRule,
    MoveRule, Names, Pack,
};
