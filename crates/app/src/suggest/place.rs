//! Which estate of the organisation's own tree a message is about.

use std::collections::HashMap;

use huiyin_domain::ids::{OrgId, UnitId};
use huiyin_domain::people::{Tree, UnitLevel};
use huiyin_domain::time::Timestamp;
use huiyin_store::people::unit;
use huiyin_store::sql::Tx;
use huiyin_text::folded;

/// The estates of an organisation, by unit and by name.
#[derive(Debug, Default)]
pub(super) struct Estates {
    of_unit: HashMap<UnitId, UnitId>,
    names: Vec<(String, UnitId)>,
}

/// A shorter name stands in too many texts by chance.
const SHORTEST: usize = 2;

impl Estates {
    /// Reads the tree as it stands.
    pub(super) fn read(
        tx: &mut Tx<'_>,
        org: OrgId,
        now: Timestamp,
    ) -> Result<Self, huiyin_store::StoreError> {
        Ok(Self::of(&unit::tree(tx, org)?, now))
    }

    fn of(tree: &Tree, now: Timestamp) -> Self {
        let mut estates = Self::default();
        for unit in tree.units() {
            let path = tree.path(unit.id, now);
            let is_estate =
                |id: &&UnitId| tree.unit(**id).is_some_and(|unit| unit.level == UnitLevel::Estate);
            if let Some(estate) = path.iter().find(is_estate) {
                estates.of_unit.insert(unit.id, *estate);
            }
            let name = folded(&unit.name);
            if unit.level == UnitLevel::Estate && name.chars().count() >= SHORTEST {
                estates.names.push((name, unit.id));
            }
        }
        // 云杉里三期 before 云杉里: the longer name says more
        estates.names.sort_by_key(|(name, _)| std::cmp::Reverse(name.chars().count()));
        estates
    }

    /// Says where a message is about: the one estate that it names, else that of
    /// its unit; nothing where the tree does not tell.
    pub(super) fn of_message(&self, unit: Option<UnitId>, text: &str) -> Option<String> {
        let mut rest = folded(text);
        let mut named = Vec::new();
        for (name, estate) in &self.names {
            if rest.contains(name.as_str()) {
                rest = rest.replace(name.as_str(), " ");
                named.push(*estate);
            }
        }
        named.dedup();
        let own = unit.and_then(|unit| self.of_unit.get(&unit)).copied();
        let estate = match named.as_slice() {
            [one] => Some(*one),
            _ => own,
        };
        estate.map(|estate| estate.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use huiyin_domain::people::Unit;
    use uuid::Uuid;

    /// Issue 6: places come from the organisation's own tree, else from the unit.
    #[test]
    fn a_text_names_an_estate_or_its_unit_does() {
        let id = |number: u128| UnitId(Uuid::from_u128(number));
        let now = Timestamp::from_micros(1);
        let mut tree = Tree::default();
        let all = [
            (1, None, "某物业", UnitLevel::Company),
            (2, Some(1), "云杉里", UnitLevel::Estate),
            (3, Some(1), "云杉里三期", UnitLevel::Estate),
            (4, Some(3), "工程部", UnitLevel::Department),
        ];
        for (number, parent, name, level) in all {
            let unit = Unit { id: id(number), code: number.to_string(), name: name.to_owned(), level };
            tree.add(unit, parent.map(id), Timestamp::from_micros(0)).unwrap();
        }
        let estates = Estates::of(&tree, now);
        let place = |unit: Option<u128>, text: &str| estates.of_message(unit.map(id), text);
        let is = |number: u128| Some(id(number).to_string());
        assert_eq!(place(None, "云杉里三期5栋停水"), is(3), "the longer name");
        assert_eq!(place(Some(3), "云杉里5栋停水"), is(2), "what the text names");
        assert_eq!(place(Some(4), "5栋停水"), is(3), "the estate above the department");
        assert_eq!(place(Some(1), "5栋停水"), None, "a company is no place");
        assert_eq!(place(Some(2), "从云杉里三期到云杉里都停水"), is(2), "two names tell nothing");
    }
}
