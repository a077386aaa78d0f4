//! The organisation tree through time: who stood under whom, and when.

use std::collections::{BTreeMap, BTreeSet};

use super::unit::{Placement, Unit, Validity};
use crate::ids::UnitId;
use crate::time::Timestamp;

/// Why a change of the tree is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// There is no such unit.
    #[error("there is no such unit")]
    Unknown,
    /// The unit is in the tree already.
    #[error("the unit is in the tree already")]
    Known,
    /// The unit does not stand in the tree at that time, or not for good.
    #[error("the unit does not stand in the tree from that time on")]
    NotStanding,
    /// The unit would stand below itself.
    #[error("a unit cannot stand below itself")]
    Cycle,
    /// A unit of this level cannot stand there.
    #[error("a unit of this level cannot stand there")]
    Level,
    /// A later change is recorded already.
    #[error("a later change of this unit is recorded already")]
    LaterChange,
    /// Other units stand below it.
    #[error("other units still stand below it")]
    HasUnits,
}

/// That one unit stood under another, during a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ancestry {
    /// The upper unit.
    pub ancestor: UnitId,
    /// The lower unit; the same as the upper one at distance 0.
    pub descendant: UnitId,
    /// Steps between them.
    pub distance: u32,
    /// When it was so.
    pub valid: Validity,
}

/// All units of an organisation and where they stood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    units: BTreeMap<UnitId, Unit>,
    placements: BTreeMap<UnitId, Vec<Placement>>,
}

impl Tree {
    /// Builds the tree from what was recorded.
    #[must_use]
    pub fn new(units: Vec<Unit>, placements: Vec<Placement>) -> Self {
        let mut tree = Self::default();
        for unit in units {
            tree.units.insert(unit.id, unit);
        }
        for placement in placements {
            tree.placements.entry(placement.unit).or_default().push(placement);
        }
        for list in tree.placements.values_mut() {
            list.sort_by_key(|placement| placement.valid.from);
        }
        tree
    }

    /// Gives a unit.
    #[must_use]
    pub fn unit(&self, id: UnitId) -> Option<&Unit> {
        self.units.get(&id)
    }

    /// Gives all units, also those that no longer stand, by identity.
    pub fn units(&self) -> impl Iterator<Item = &Unit> {
        self.units.values()
    }

    /// Gives where a unit stood, oldest first.
    #[must_use]
    pub fn placements(&self, unit: UnitId) -> &[Placement] {
        self.placements.get(&unit).map_or(&[], Vec::as_slice)
    }

    /// Gives the unit's place at a moment; none when it did not stand then.
    #[must_use]
    pub fn placement(&self, unit: UnitId, at: Timestamp) -> Option<&Placement> {
        self.placements(unit).iter().find(|placement| placement.valid.holds(at))
    }

    /// Gives the way from the root to a unit at a moment, both included.
    ///
    /// Empty when the unit did not stand then.
    #[must_use]
    pub fn path(&self, unit: UnitId, at: Timestamp) -> Vec<UnitId> {
        let mut path = Vec::new();
        let mut next = Some(unit);
        while let Some(current) = next {
            let Some(placement) = self.placement(current, at) else { break };
            if path.contains(&current) {
                break;
            }
            path.push(current);
            next = placement.parent;
        }
        path.reverse();
        path
    }

    /// Gives a unit and everything below it at a moment, in no special order.
    #[must_use]
    pub fn subtree(&self, unit: UnitId, at: Timestamp) -> BTreeSet<UnitId> {
        self.units.keys().copied().filter(|below| self.path(*below, at).contains(&unit)).collect()
    }

    /// Adds a unit that stands from a moment on, below a parent or as a root.
    ///
    /// # Errors
    /// [`TreeError`] when it is there already or may not stand there.
    pub fn add(&mut self, unit: Unit, parent: Option<UnitId>, from: Timestamp) -> Result<(), TreeError> {
        if self.units.contains_key(&unit.id) {
            return Err(TreeError::Known);
        }
        self.check_parent(&unit, parent, from)?;
        let placement = Placement { unit: unit.id, parent, valid: Validity::since(from) };
        self.placements.insert(unit.id, vec![placement]);
        self.units.insert(unit.id, unit);
        Ok(())
    }

    /// Moves a unit, with everything below it, from a moment on.
    ///
    /// What stood before stays as it was: last year is not rewritten.
    ///
    /// # Errors
    /// [`TreeError`] when the move makes a cycle or breaks the order of levels.
    pub fn move_to(&mut self, unit: UnitId, parent: Option<UnitId>, at: Timestamp) -> Result<(), TreeError> {
        let moved = self.units.get(&unit).ok_or(TreeError::Unknown)?;
        self.check_parent(moved, parent, at)?;
        let last = self.open_end(unit, at)?;
        if last.parent == parent {
            return Ok(());
        }
        let before = self.placements.clone();
        let list = self.placements.entry(unit).or_default();
        if let Some(open) = list.last_mut() {
            open.valid.to = Some(at);
        }
        list.push(Placement { unit, parent, valid: Validity::since(at) });
        if self.has_cycle(unit, at) {
            self.placements = before;
            return Err(TreeError::Cycle);
        }
        Ok(())
    }

    /// Ends a unit at a moment; it keeps its past.
    ///
    /// # Errors
    /// [`TreeError::HasUnits`] while others stand below it then or later.
    pub fn end(&mut self, unit: UnitId, at: Timestamp) -> Result<(), TreeError> {
        self.open_end(unit, at)?;
        let below = self.placements.values().flatten().any(|placement| {
            placement.parent == Some(unit) && placement.valid.common(&Validity::since(at)).is_some()
        });
        if below {
            return Err(TreeError::HasUnits);
        }
        if let Some(open) = self.placements.entry(unit).or_default().last_mut() {
            open.valid.to = Some(at);
        }
        Ok(())
    }

    /// Lists every pair of units of which one stood under the other, and when.
    #[must_use]
    pub fn closure(&self) -> Vec<Ancestry> {
        let mut found = Vec::new();
        for placement in self.placements.values().flatten() {
            let itself = Ancestry {
                ancestor: placement.unit,
                descendant: placement.unit,
                distance: 0,
                valid: placement.valid,
            };
            found.push(itself);
            self.climb(itself, placement.parent, &mut found);
        }
        joined(found)
    }

    /// Adds the ancestors above `below` that hold within its stretch of time.
    fn climb(&self, below: Ancestry, parent: Option<UnitId>, found: &mut Vec<Ancestry>) {
        let Some(parent) = parent else { return };
        // A path longer than the number of units would be a cycle.
        if below.distance as usize >= self.units.len() {
            return;
        }
        for placement in self.placements(parent) {
            let Some(valid) = placement.valid.common(&below.valid) else { continue };
            let above = Ancestry { ancestor: parent, distance: below.distance + 1, valid, ..below };
            found.push(above);
            self.climb(above, placement.parent, found);
        }
    }

    fn check_parent(&self, unit: &Unit, parent: Option<UnitId>, at: Timestamp) -> Result<(), TreeError> {
        let Some(parent) = parent else { return Ok(()) };
        let above = self.units.get(&parent).ok_or(TreeError::Unknown)?;
        if parent == unit.id {
            return Err(TreeError::Cycle);
        }
        if !above.level.may_hold(unit.level) {
            return Err(TreeError::Level);
        }
        self.placement(parent, at).ok_or(TreeError::NotStanding)?;
        let for_good = self.placements(parent).last().is_some_and(|last| last.valid.to.is_none());
        if for_good { Ok(()) } else { Err(TreeError::NotStanding) }
    }

    /// Gives the last place of a unit if it is open and began before `at`.
    fn open_end(&self, unit: UnitId, at: Timestamp) -> Result<Placement, TreeError> {
        let last = self.placements(unit).last().ok_or(TreeError::Unknown)?;
        if last.valid.to.is_some() {
            return Err(TreeError::NotStanding);
        }
        if last.valid.from >= at {
            return Err(TreeError::LaterChange);
        }
        Ok(*last)
    }

    fn has_cycle(&self, unit: UnitId, at: Timestamp) -> bool {
        let later = self.placements.values().flatten().map(|placement| placement.valid.from);
        let moments: BTreeSet<Timestamp> = later.filter(|from| *from > at).chain([at]).collect();
        moments.into_iter().any(|moment| {
            // An ancestor's path that begins below `unit` never reaches a root.
            let path = self.path(unit, moment);
            path.first().and_then(|top| self.placement(*top, moment)).is_none_or(|top| top.parent.is_some())
        })
    }
}

/// Joins stretches of the same pair and distance that touch.
fn joined(mut found: Vec<Ancestry>) -> Vec<Ancestry> {
    found.sort();
    let mut result: Vec<Ancestry> = Vec::with_capacity(found.len());
    for next in found {
        match result.last_mut() {
            Some(last)
                if (last.ancestor, last.descendant, last.distance)
                    == (next.ancestor, next.descendant, next.distance)
                    && last.valid.to == Some(next.valid.from) =>
            {
                last.valid.to = next.valid.to;
            }
            _ => result.push(next),
        }
    }
    result
}

#[cfg(test)]
#[path = "tree_tests.rs"]
mod tests;
