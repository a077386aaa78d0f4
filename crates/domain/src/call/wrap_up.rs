//! Codes of what a call came to, chosen in the work after it.

use crate::case::FieldReason;
use crate::paper::fault_unless;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// The most codes of a house.
const MOST: usize = 60;

/// One code (话后小结).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WrapUpCode {
    /// What is kept with the call and counted.
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z0-9_]+$")]
    pub code: String,
    /// What people read, in Chinese.
    #[schema(min_length = 1, max_length = 40)]
    pub name: String,
    /// The same in English.
    #[schema(min_length = 1, max_length = 60)]
    pub name_en: String,
    /// Whether it may still be chosen; calls keep what they have.
    pub active: bool,
}

/// Gives the codes that hold until a house has its own.
#[must_use]
pub fn shipped() -> Vec<WrapUpCode> {
    let all = [
        ("answered", "当场解答", "Answered at once"),
        ("case_made", "已登记立案", "Case recorded"),
        ("case_continued", "补充原案件", "Added to a case"),
        ("passed_on", "已转其他部门", "Passed on"),
        ("message_taken", "已代记留言", "Message taken"),
        ("call_promised", "约定回电", "Call promised"),
        ("wrong_number", "打错电话", "Wrong number"),
        ("nobody_spoke", "无人说话", "Nobody spoke"),
        ("nuisance", "骚扰推销", "Nuisance"),
    ];
    let one = |(code, name, name_en): (&str, &str, &str)| WrapUpCode {
        code: code.to_owned(),
        name: name.to_owned(),
        name_en: name_en.to_owned(),
        active: true,
    };
    all.into_iter().map(one).collect()
}

/// Lists the fields of codes that are not acceptable.
#[must_use]
pub fn faults(codes: &[WrapUpCode]) -> Vec<FieldReason> {
    let mut faults = fault_unless((1..=MOST).contains(&codes.len()), "items", "list_length");
    let mut known = BTreeSet::new();
    let within = |text: &str, most: usize| !text.trim().is_empty() && text.chars().count() <= most;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    for (at, one) in codes.iter().enumerate() {
        let coded = within(&one.code, 40) && one.code.chars().all(plain);
        faults.extend(fault_unless(coded, &format!("items[{at}].code"), "not_acceptable"));
        faults.extend(fault_unless(known.insert(&one.code), &format!("items[{at}].code"), "code_taken"));
        faults.extend(fault_unless(within(&one.name, 40), &format!("items[{at}].name"), "text_length"));
        faults.extend(fault_unless(within(&one.name_en, 60), &format!("items[{at}].name_en"), "text_length"));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 7 §6: the shipped codes are acceptable; two alike, blank or odd ones are not.
    #[test]
    fn codes_are_told_apart() {
        assert_eq!(faults(&shipped()), []);
        let mut odd = shipped();
        odd[1].code = odd[0].code.clone();
        odd[2].name = " ".into();
        odd[3].code = "Passed on".into();
        let paths: Vec<String> = faults(&odd).into_iter().map(|fault| fault.path).collect();
        assert_eq!(paths, ["items[1].code", "items[2].name", "items[3].code"]);
        assert_eq!(faults(&[])[0].code, "list_length");
    }
}
