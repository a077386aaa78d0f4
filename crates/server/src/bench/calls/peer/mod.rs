//! Telephones and customers that the bench plays itself, in plain SIP over UDP.

mod callers;
mod desk_phones;
mod message;
mod wire;

pub use callers::Callers;
pub use desk_phones::{DeskPhones, Extension, Picked};
