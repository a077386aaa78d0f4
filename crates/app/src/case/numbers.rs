//! Case numbers such as `TS-20261121-0032`, from blocks reserved ahead.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use huiyin_domain::case::Kind;
use huiyin_domain::ids::OrgId;
use huiyin_domain::time::Date;
use huiyin_store::case::number;
use huiyin_store::sql::Tx;

use crate::error::Error;

/// How many numbers a block holds.
const BLOCK: u32 = 200;

/// Blocks of numbers that this process holds.
#[derive(Clone, Default)]
pub struct Numbers {
    blocks: Arc<Mutex<HashMap<OrgId, Block>>>,
}

#[derive(Clone, Copy, Debug)]
struct Block {
    day: Date,
    next: u32,
    end: u32,
}

impl Numbers {
    /// Takes the next number of an organisation's day.
    ///
    /// Reserves a block in the caller's transaction when none is left; a
    /// transaction that fails gives its block up, so nothing is given twice.
    ///
    /// # Errors
    /// What the store gives.
    pub fn take(&self, tx: &mut Tx<'_>, org: OrgId, day: Date, kind: Kind) -> Result<String, Error> {
        self.take_as(tx, org, day, prefix(kind))
    }

    /// Takes the next number of an organisation's day under other first letters.
    ///
    /// # Errors
    /// What the store gives.
    pub fn take_as(
        &self,
        tx: &mut Tx<'_>,
        org: OrgId,
        day: Date,
        prefix: &'static str,
    ) -> Result<String, Error> {
        if let Some(number) = self.held(org, day) {
            return Ok(written(prefix, day, number));
        }
        let first = number::reserve(tx, org, day, BLOCK)?;
        Ok(written(prefix, day, first))
    }

    /// Tells that a case with this number is committed.
    ///
    /// Where the number began a block, the rest of the block is given out
    /// without asking the database again.
    pub fn keep(&self, org: OrgId, number: &str) {
        let Some((day, first)) = parts(number) else { return };
        let mut blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        let usable = first % BLOCK == 1;
        let newer = blocks.get(&org).is_none_or(|block| block.day != day || block.end < first);
        if usable && newer {
            blocks.insert(org, Block { day, next: first + 1, end: first + BLOCK });
        }
    }

    fn held(&self, org: OrgId, day: Date) -> Option<u32> {
        let mut blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        let block = blocks.get_mut(&org).filter(|block| block.day == day && block.next < block.end)?;
        block.next += 1;
        Some(block.next - 1)
    }
}

fn written(prefix: &str, day: Date, number: u32) -> String {
    let day = day.to_string().replace('-', "");
    format!("{prefix}-{day}-{number:04}")
}

/// Reads day and place out of a number.
fn parts(number: &str) -> Option<(Date, u32)> {
    let mut parts = number.rsplitn(3, '-');
    let place = parts.next()?.parse().ok()?;
    let day = parts.next().filter(|day| day.len() == 8 && day.is_ascii())?;
    let day = Date::parse(&format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..])).ok()?;
    Some((day, place))
}

/// The first letters of the kind's Chinese name.
const fn prefix(kind: Kind) -> &'static str {
    match kind {
        Kind::Complaint => "TS",
        Kind::Repair => "BX",
        Kind::Enquiry => "ZX",
        Kind::Suggestion => "JY",
        Kind::Praise => "BY",
        Kind::Media => "MT",
        Kind::Fault => "GZ",
        Kind::Other => "QT",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// domain.md §5: a block is used to its end once its first number is committed.
    #[test]
    fn a_committed_block_is_used_to_its_end() {
        let (numbers, org) = (Numbers::default(), OrgId(1));
        let day = Date::parse("2026-11-21").expect("day");
        assert_eq!(numbers.held(org, day), None);
        numbers.keep(org, "TS-20261121-0201");
        let given: Vec<_> = std::iter::from_fn(|| numbers.held(org, day)).collect();
        assert_eq!(given, (202..=400).collect::<Vec<_>>());
        assert_eq!(numbers.held(org, day.next().expect("next")), None, "another day begins anew");
        numbers.keep(org, "TS-20261121-0202");
        numbers.keep(org, "external number");
        assert_eq!(numbers.held(org, day), None, "only the first of a block opens it");
    }
}
