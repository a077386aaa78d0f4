//! The adapters against fakes that speak the protocols, and against a real
//! Asterisk where one is prepared.
#![expect(
    clippy::disallowed_methods,
    reason = "fakes run beside the tests; the root of Asterisk comes from outside"
)]

mod ari;
mod ari_fake;
mod asterisk;
mod esl;
mod esl_fake;
mod house;
