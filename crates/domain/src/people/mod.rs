//! Organisation tree, posts, what each post sees, and who may not be both.

mod post;
mod scope;
mod unit;

pub use post::{Post, PostHeld, Reach, UnknownPost};
pub use scope::{Scope, posts_at};
pub use unit::{Placement, Unit, UnitLevel, UnknownLevel, Validity};
