//! Customers (客户): found or made at intake, searched by phone.

mod intake;

pub use intake::{Reporter, by_phone, exists, for_intake};
