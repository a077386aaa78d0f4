//! Organisation tree, posts, what each post sees, and who may not be both.

mod establishment;
mod ladder;
mod masking;
mod membership;
mod password;
mod post;
mod profile;
pub mod roster;
mod scope;
mod separation;
mod stripped;
mod tree;
mod unit;

pub use establishment::{DEFAULT_ESTABLISHMENT, Gap, Wanted, gaps};
pub use masking::{Masking, PartOfNumber, PhoneSearch, Sensitive};
pub use membership::{Membership, posts_held};
pub use password::{
    Backoff, LOGIN_BACKOFF, LONGEST_PASSWORD, PIN_DIGITS, PasswordFault, SHORTEST_PASSWORD, SOURCE_BACKOFF,
    check_password, check_pin,
};
pub use post::{Post, PostHeld, Reach, UnknownPost};
pub use profile::{Conditions, Education, PersonProfile, UnitProfile, YEARS_IN_TRADE};
pub use scope::{Scope, posts_at};
pub use separation::{Clash, Duty, KEPT_APART, clashes};
pub use stripped::{GAP, stripped};
pub use tree::{Ancestry, Tree, TreeError};
pub use unit::{Placement, Unit, UnitLevel, UnknownLevel, Validity};
