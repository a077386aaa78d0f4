//! What a customer can get, and what money is usual.

use super::super::codes;
use super::super::fault::Faults;
use super::super::model::{GuideRule, RemedyDef};
use super::approval::amount;
use super::draft::{Draft, Placed, kinds};
use super::section::Section;
use crate::case::Liability;

pub(super) fn read_remedy(section: &Section<'_, '_>, draft: &mut Draft, faults: &mut Faults) {
    section.only(&["name", "title", "of", "gives", "department", "source"], faults);
    let (name, title) = (section.name("name", faults), section.names("title", faults));
    let gives = section.word("gives", faults);
    let (Some(name), Some(title), Some(gives)) = (name, title, gives) else { return };
    let of = kinds(section, faults);
    let department = section.maybe("department").and_then(|_| section.names("department", faults));
    let value = RemedyDef { name, title, of, gives, department, source: section.texts("source", faults) };
    draft.remedies.push(Placed { place: section.place(), value });
}

pub(super) fn read_guide(section: &Section<'_, '_>, draft: &mut Draft, faults: &mut Faults) {
    section.only(&["grade", "from", "up_to", "source"], faults);
    let grade = section.word::<Liability>("grade", faults);
    let least = section.maybe("from").map_or(Some(0), |item| amount(&item, faults));
    let most = section.maybe("up_to").map(|item| (item, amount(&item, faults)));
    let (Some(grade), Some(least_fen)) = (grade, least) else { return };
    let most_fen = match most {
        None => None,
        Some((_, None)) => return,
        Some((item, Some(most))) => {
            if most < least_fen {
                faults.at(&item.place(), codes::GUIDE_RANGE, &[("grade", grade.as_str())]);
            }
            Some(most)
        }
    };
    let value = GuideRule { grade, least_fen, most_fen, source: section.texts("source", faults) };
    draft.guide.push(Placed { place: section.place(), value });
}
