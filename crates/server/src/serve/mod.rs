//! The parts of `huiyin serve`.

pub mod authority;
pub mod figures;
pub mod index;
pub mod keeping;
pub mod listen;
pub mod settings;
pub mod ways_out;
