//! What differs between two versions of a pack, rule by rule.

use super::model::{By, MoveRule, Pack};
use crate::case::Target;
use serde::Serialize;
use std::collections::BTreeMap;

/// One rule that came, went or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PackChange {
    /// Section of the pack, such as `move`.
    pub section: &'static str,
    /// What the rule is called there.
    pub name: String,
    /// As it was; nothing where it is new.
    pub before: Option<String>,
    /// As it is; nothing where it is gone.
    pub after: Option<String>,
}

type Rules = BTreeMap<(&'static str, String), String>;

/// Lists the rules that differ, by section and name.
#[must_use]
pub fn diff(one: &Pack, other: &Pack) -> Vec<PackChange> {
    let (before, after) = (rules(one), rules(other));
    let mut changes = Vec::new();
    for (key, text) in &before {
        let now = after.get(key);
        if now != Some(text) {
            changes.push(change(key, Some(text), now));
        }
    }
    let new = after.iter().filter(|(key, _)| !before.contains_key(*key));
    changes.extend(new.map(|(key, text)| change(key, None, Some(text))));
    changes.sort_by(|a, b| (a.section, &a.name).cmp(&(b.section, &b.name)));
    changes
}

fn change(
    (section, name): &(&'static str, String),
    before: Option<&String>,
    after: Option<&String>,
) -> PackChange {
    PackChange { section, name: name.clone(), before: before.cloned(), after: after.cloned() }
}

/// Writes every rule of a pack as one line under its name.
fn rules(pack: &Pack) -> Rules {
    let mut rules = Rules::new();
    let mut add = |section: &'static str, name: String, text: String| {
        // Several rules may lead from one stage to another: they are counted.
        let mut key = (section, name.clone());
        let mut number = 2;
        while rules.contains_key(&key) {
            key.1 = format!("{name} #{number}");
            number += 1;
        }
        rules.insert(key, text);
    };
    add("pack", "effective".to_owned(), pack.effective.to_string());
    for rule in &pack.moves {
        for kind in &rule.of {
            let from: Vec<&str> = rule.from.iter().map(|stage| stage.as_str()).collect();
            add("move", format!("{kind}: {} → {}", from.join(", "), target(rule.to)), conditions(rule));
        }
    }
    for rule in &pack.clocks {
        let kinds: Vec<&str> = rule.of.iter().map(|kind| kind.as_str()).collect();
        let channels: Vec<&str> = rule.channels.iter().map(|channel| channel.as_str()).collect();
        let name = format!("{} {} {}", rule.terms.kind.word(), kinds.join(", "), channels.join(", "));
        add("clock", name.trim_end().to_owned(), json(rule));
    }
    for rule in &pack.work {
        let tasks: Vec<&str> = rule.tasks.iter().map(|task| task.as_str()).collect();
        let name = format!("{} {} {}", rule.kind.word(), kinds(&rule.of), tasks.join(", "));
        add("work", name.trim_end().to_owned(), json(rule));
    }
    pack.closing.iter().for_each(|rule| add("closing", kinds(&rule.of), json(rule)));
    for rule in &pack.approvals {
        add("approval", format!("{} from {}", rule.of, rule.from_fen), json(rule));
    }
    pack.fields.iter().for_each(|field| add("field", field.name.clone(), json(field)));
    pack.forms.iter().for_each(|form| add("form", form.name.clone(), json(form)));
    pack.categories.iter().for_each(|category| add("category", category.code.clone(), json(category)));
    pack.causes.iter().for_each(|cause| add("cause", cause.code.clone(), json(cause)));
    for (kind, stage) in &pack.reopen {
        add("reopen", kind.to_string(), stage.to_string());
    }
    for rule in &pack.before {
        let gates: Vec<String> = rule.gates.iter().map(super::model::GateRule::to_words).collect();
        let text = format!("{} ({})", gates.join("; "), rule.source.join(", "));
        let replies: Vec<&str> = rule.replies.iter().map(|kind| kind.as_str()).collect();
        let name = format!("{}: {} {}", kinds(&rule.of), rule.action.as_str(), replies.join(", "));
        add("before", name.trim_end().to_owned(), text);
    }
    pack.tips.iter().for_each(|tip| add("tip", tip.name.clone(), json(tip)));
    pack.tops.iter().for_each(|top| add("top", top.name.clone(), json(top)));
    pack.emotions.iter().for_each(|emotion| add("emotion", emotion.name.clone(), json(emotion)));
    add("visit", "visit".to_owned(), json(&pack.visit));
    add("major", "major".to_owned(), json(&pack.major));
    pack.remedies.iter().for_each(|remedy| add("remedy", remedy.name.clone(), json(remedy)));
    pack.guide.iter().for_each(|rule| add("guide", rule.grade.to_string(), json(rule)));
    add("hot", "hot".to_owned(), json(&pack.hot));
    pack.texts.iter().for_each(|(name, text)| add("text", name.clone(), json(text)));
    rules
}

fn kinds(of: &[crate::case::Kind]) -> String {
    of.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ")
}

fn json(rule: &impl Serialize) -> String {
    crate::case::canonical_json(rule)
}

/// Writes who may make a move and what stands before it.
pub(super) fn conditions(rule: &MoveRule) -> String {
    let by: Vec<&str> = rule.by.iter().map(|by: &By| by.as_str()).collect();
    let gates: Vec<String> = rule.gates.iter().map(super::model::GateRule::to_words).collect();
    let reason = if rule.reason { "; reason" } else { "" };
    let advised: Vec<String> = rule.advised.iter().map(super::model::GateRule::to_words).collect();
    let advised =
        if advised.is_empty() { String::new() } else { format!("; advised {}", advised.join("; ")) };
    format!("{}: {}{advised}{reason} ({})", by.join(", "), gates.join("; "), rule.source.join(", "))
}

/// Writes a target as authors do.
pub(super) fn target(target: Target) -> String {
    match target {
        Target::Stage(stage) => stage.to_string(),
        Target::Closed(kind) => format!("closed({kind})"),
    }
}
