//! Tests of the life of a case; `desk` plays a small desk of nine people.

mod agreement;
mod approval;
mod bound;
mod closing;
mod desk;
mod fifth;
mod figures;
mod guide;
mod history;
mod intake;
mod major;
mod mistakes;
mod negotiation;
mod other_kinds;
mod processes;
mod promises;
mod random;
mod remedy;
mod separation;
mod sources;
mod stories;
mod table;
mod told;
mod work;
