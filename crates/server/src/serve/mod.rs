//! The parts of `huiyin serve`.

pub mod authority;
pub mod listen;
pub mod settings;
