//! Approvals: what is decided, when, and by which ladder.

use super::super::codes;
use super::super::fault::Faults;
use super::super::model::ApprovalRule;
use super::draft::{Draft, Placed};
use super::gate;
use super::section::{Item, Section};
use crate::approval::Rung;
use crate::money::Money;
use crate::people::Post;
use toml::de::DeValue;

/// The longest that an approval may stand, in days.
const LONGEST_VALID: u32 = 3_650;

pub(super) fn read_approval(section: &Section<'_, '_>, draft: &mut Draft, faults: &mut Faults) {
    section.only(&["of", "when", "from", "by", "ladder", "valid_days", "source"], faults);
    let of = section.word("of", faults);
    let when = section.list("when", faults);
    let when = when.iter().filter_map(|item| gate::rule(item, faults)).collect();
    let from = section.maybe("from").map_or(Some(0), |item| amount(&item, faults));
    let valid_days = section.maybe("valid_days").and_then(|item| item.count(1, LONGEST_VALID, faults));
    let ladder = ladder(section, faults);
    let source = section.texts("source", faults);
    let (Some(of), Some(ladder), Some(from_fen)) = (of, ladder, from) else { return };
    let value = ApprovalRule { of, from_fen, when, ladder, valid_days, source };
    draft.approvals.push(Placed { place: section.place(), value });
}

/// Reads `ladder = […]`, or `by = "post"` as a ladder of one rung.
fn ladder(section: &Section<'_, '_>, faults: &mut Faults) -> Option<Vec<Rung>> {
    let item = match section.maybe("by") {
        Some(by) => by,
        None => section.get("ladder", faults)?,
    };
    if let (Some(_), Some(second)) = (section.maybe("by"), section.maybe("ladder")) {
        faults.at(&second.place(), codes::DUPLICATE, &[("what", "ladder"), ("name", "by")]);
    }
    let list = item.list(faults);
    if list.is_empty() {
        item.wrong("at least one step", faults);
    }
    let rungs: Vec<Option<Rung>> = list.iter().map(|item| rung(item, faults)).collect();
    rungs.into_iter().collect::<Option<Vec<Rung>>>().filter(|rungs| !rungs.is_empty())
}

/// Reads `"head"`, `{ post = … }`, `{ any = […] }` or `{ all = […] }`, the
/// tables with `up_to` where the step has a limit.
fn rung(item: &Item<'_, '_>, faults: &mut Faults) -> Option<Rung> {
    if let DeValue::String(_) = item.value.get_ref() {
        let post = item.word::<Post>(faults)?;
        return Some(Rung { posts: vec![post], joint: false, up_to_fen: None });
    }
    let section = item.section(faults)?;
    section.only(&["post", "any", "all", "up_to"], faults);
    let (joint, posts) = match (section.maybe("post"), section.maybe("any"), section.maybe("all")) {
        (Some(post), None, None) => (false, vec![post.word::<Post>(faults)?]),
        (None, Some(_), None) => (false, section.words::<Post>("any", faults)),
        (None, None, Some(_)) => (true, section.words::<Post>("all", faults)),
        _ => {
            item.wrong("one of post, any, all", faults);
            return None;
        }
    };
    let up_to_fen = match section.maybe("up_to") {
        None => None,
        Some(limit) => Some(amount(&limit, faults)?),
    };
    if posts.is_empty() {
        item.wrong("at least one post", faults);
        return None;
    }
    Some(Rung { posts, joint, up_to_fen })
}

/// Reads yuan written as text; a number would be a float.
pub(super) fn amount(item: &Item<'_, '_>, faults: &mut Faults) -> Option<i64> {
    let text = item.text(faults)?;
    let found = Money::parse(text).ok();
    if found.is_none() {
        faults.at(&item.place(), codes::AMOUNT_WRONG, &[("amount", text)]);
    }
    found.map(Money::fen)
}
