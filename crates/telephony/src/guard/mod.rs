//! What stands between the network and the calls: digest, attempt limits,
//! flood limits, and answers to messages that no parser can read.

pub(crate) mod digest;
pub(crate) mod fields;
pub(crate) mod gate;
pub(crate) mod rough;
pub(crate) mod throttle;
