//! The parts of `huiyin serve`.

pub mod authority;
pub mod figures;
pub mod files;
pub mod index;
pub mod keeping;
pub mod listen;
pub mod phone;
pub mod settings;
pub mod sip;
pub mod strongbox;
pub mod telephone;
pub mod voice;
pub mod ways_out;
