//! Sign-in, sessions, passwords, one-time codes, links and API tokens.

pub(crate) mod access;
mod desk;
mod first_start;
mod hasher;
mod password;
mod rules;
mod sessions;
mod sign_in;
pub(crate) mod throttle;
pub mod token;
pub mod totp;

pub use huiyin_store::people::session::SessionRow;

pub use access::{Access, Remembered, recognise};
pub use desk::{SwitchPerson, switch_person};
pub(crate) use first_start::FIRST_POSTS;
pub use first_start::{NewAdministrator, create_admin, first_start_link, redeem_first_start};
pub use hasher::Hasher;
pub use password::{change_password, redeem_reset, reset_link, set_pin, unlock};
pub use rules::SessionRules;
pub use sessions::{list, list_of, organisations, purge, revoke, revoke_of, sign_out, switch_organisation};
pub use sign_in::{Presented, Shown, SignIn, SignedIn, by_cookie, by_token, sign_in};
