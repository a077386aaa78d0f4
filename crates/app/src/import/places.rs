//! Units and owners that rows name, looked up once per transaction.

use std::collections::HashMap;

use huiyin_domain::ids::{PersonId, UnitId};
use huiyin_store::people::{organisation, person, unit};
use huiyin_store::sql::Tx;

use crate::codes;
use crate::ctx::Ctx;
use crate::duty::who_answers;
use crate::error::Error;
use crate::people::check;

/// What was found already.
#[derive(Debug, Default)]
pub(super) struct Places {
    units: HashMap<String, UnitId>,
    people: HashMap<String, PersonId>,
    answering: HashMap<UnitId, PersonId>,
    root: Option<UnitId>,
}

impl Places {
    /// Finds a unit by its code; the organisation's first one without.
    ///
    /// # Errors
    /// `unit_unknown` at `unit`.
    pub fn unit(&mut self, tx: &mut Tx<'_>, ctx: &Ctx, code: Option<&str>) -> Result<UnitId, Error> {
        let Some(code) = code else { return self.root(tx, ctx) };
        if let Some(unit) = self.units.get(code) {
            return Ok(*unit);
        }
        let found = unit::by_code(tx, ctx.org(), code)?;
        let found = found.ok_or_else(|| Error::field("unit", codes::UNIT_UNKNOWN))?;
        self.units.insert(code.to_owned(), found.id);
        Ok(found.id)
    }

    /// Gives the organisation's first unit.
    ///
    /// # Errors
    /// `not_found` when the organisation is not there.
    pub fn root(&mut self, tx: &mut Tx<'_>, ctx: &Ctx) -> Result<UnitId, Error> {
        if let Some(root) = self.root {
            return Ok(root);
        }
        let root = organisation::get(tx, ctx.org())?.ok_or_else(Error::not_found)?.root_unit;
        self.root = Some(root);
        Ok(root)
    }

    /// Finds who owns a case: the login named, else who answers (contracts §3).
    ///
    /// # Errors
    /// `person_unknown` at `owner`, or `nobody_answers`.
    pub fn owner(
        &mut self,
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        login: Option<&str>,
        unit: UnitId,
    ) -> Result<PersonId, Error> {
        let Some(login) = login else { return self.answering(tx, ctx, unit) };
        if let Some(person) = self.people.get(login) {
            return Ok(*person);
        }
        let unknown = || Error::field("owner", codes::PERSON_UNKNOWN);
        let spelt = check::login("owner", login).map_err(|_| unknown())?;
        let found = person::by_login(tx, &spelt)?.ok_or_else(unknown)?;
        let here = person::in_org(tx, ctx.org(), found.id)?.is_some_and(|found| found.active);
        if !here {
            return Err(unknown());
        }
        self.people.insert(login.to_owned(), found.id);
        Ok(found.id)
    }

    fn answering(&mut self, tx: &mut Tx<'_>, ctx: &Ctx, unit: UnitId) -> Result<PersonId, Error> {
        if let Some(person) = self.answering.get(&unit) {
            return Ok(*person);
        }
        let person = who_answers(tx, ctx, unit)?;
        self.answering.insert(unit, person);
        Ok(person)
    }
}
