//! A pack as text for people: every rule with its sources.

use super::diff::target;
use super::model::{GateRule, MoveRule, Names, Pack};
use super::words::catalogue;
use crate::case::{Gate, Kind, Stage};
use crate::locale::Locale;
use std::fmt::Write as _;

/// Explains a pack in a language.
///
/// `word` gives the name of a wire word in that language, such as `received`.
#[must_use]
pub fn explain(pack: &Pack, locale: Locale, word: &dyn Fn(&str) -> String) -> String {
    let say = Speaker { locale, word };
    let mut text = format!("# {} {}@{} ({})\n", say.of(&pack.title), pack.name, pack.version, pack.effective);
    for kind in Kind::ALL.iter().filter(|kind| !pack.targets(**kind).is_empty()) {
        let _ = write!(text, "\n## {}\n", word(kind.as_str()));
        for rule in pack.moves.iter().filter(|rule| rule.of.contains(kind)) {
            say.a_move(rule, &mut text);
        }
        for rule in pack.clocks.iter().filter(|rule| rule.of.contains(kind)) {
            let channels: Vec<String> = rule.channels.iter().map(|c| word(c.as_str())).collect();
            let sources = rule.terms.source.join(", ");
            let _ = writeln!(
                text,
                "- {} [{}]: {} ({sources})",
                word(rule.terms.kind.word()),
                channels.join(", "),
                rule.terms.due
            );
        }
    }
    say.work(pack, &mut text);
    say.papers(pack, &mut text);
    if !pack.categories.is_empty() {
        text.push_str("\n## ");
        text.push_str(&word("category"));
        text.push('\n');
    }
    for category in &pack.categories {
        let _ = writeln!(text, "- {}: {}", say.of(&category.title), say.of(&category.definition));
        let _ = writeln!(text, "  + {}\n  − {}", say.of(&category.includes), say.of(&category.excludes));
    }
    text
}

struct Speaker<'a> {
    locale: Locale,
    word: &'a dyn Fn(&str) -> String,
}

impl Speaker<'_> {
    fn of<'n>(&self, names: &'n Names) -> &'n str {
        match self.locale {
            Locale::ZhCn => &names.zh,
            Locale::En => &names.en,
        }
    }

    fn a_move(&self, rule: &MoveRule, text: &mut String) {
        let stage = |stage: &Stage| (self.word)(stage.as_str());
        let from: Vec<String> = rule.from.iter().map(stage).collect();
        let to = match rule.to {
            crate::case::Target::Stage(to) => stage(&to),
            closed @ crate::case::Target::Closed(_) => {
                let name = target(closed);
                (self.word)(name.trim_start_matches("closed(").trim_end_matches(')'))
            }
        };
        let by: Vec<String> = rule.by.iter().map(|by| (self.word)(by.as_str())).collect();
        let _ =
            writeln!(text, "- {} → {to} [{}] ({})", from.join(" / "), by.join(" / "), rule.source.join(", "));
        for gate in &rule.gates {
            let _ = writeln!(text, "  · {}", self.gate(gate));
        }
        for gate in &rule.advised {
            let _ = writeln!(text, "  ~ {}", self.gate(gate));
        }
    }

    /// How tasks and reminders are watched.
    fn work(&self, pack: &Pack, text: &mut String) {
        for rule in &pack.work {
            let tasks: Vec<String> = rule.tasks.iter().map(|task| (self.word)(task.as_str())).collect();
            let escalate: Vec<String> = rule.escalate.iter().map(|post| (self.word)(post.name())).collect();
            let due = rule.due.map_or_else(|| "—".to_owned(), |due| due.to_string());
            let _ = writeln!(
                text,
                "- {} [{}]: {due} → {} ({})",
                (self.word)(rule.kind.word()),
                tasks.join(", "),
                escalate.join(" / "),
                rule.source.join(", ")
            );
        }
    }

    /// Forms with their fields, and advice by stage.
    fn papers(&self, pack: &Pack, text: &mut String) {
        for rule in &pack.before {
            let gates: Vec<String> = rule.gates.iter().map(|gate| self.gate(gate)).collect();
            let action = (self.word)(rule.action.as_str());
            let _ = writeln!(text, "- {action}: {} ({})", gates.join("; "), rule.source.join(", "));
        }
        if !pack.forms.is_empty() {
            let _ = write!(text, "\n## {}\n", (self.word)("form"));
        }
        for form in &pack.forms {
            let fields: Vec<&str> = form.fields.iter().map(|(field, _)| self.of(&field.title)).collect();
            let (title, source) = (self.of(&form.title), form.source.join(", "));
            let _ = writeln!(text, "- {title}: {} ({source})", fields.join(", "));
        }
        if !pack.remedies.is_empty() {
            let _ = write!(text, "\n## {}\n", (self.word)("remedy"));
        }
        for remedy in &pack.remedies {
            let gives = (self.word)(remedy.gives.as_str());
            let _ = writeln!(text, "- {} [{gives}] ({})", self.of(&remedy.title), remedy.source.join(", "));
        }
        for rule in &pack.guide {
            let yuan = |fen: i64| format!("{}.{:02}", fen / 100, fen % 100);
            let most = rule.most_fen.map_or_else(String::new, yuan);
            let (grade, least) = ((self.word)(rule.grade.as_str()), yuan(rule.least_fen));
            let _ = writeln!(text, "- {grade}: {least} – {most} ({})", rule.source.join(", "));
        }
        if !pack.tips.is_empty() {
            let _ = write!(text, "\n## {}\n", (self.word)("tip"));
        }
        for tip in &pack.tips {
            let stages: Vec<String> = tip.stages.iter().map(|stage| (self.word)(stage.as_str())).collect();
            let _ = writeln!(
                text,
                "- [{}] {} ({})",
                stages.join(" / "),
                self.of(&tip.text),
                tip.source.join(", ")
            );
        }
    }

    fn gate(&self, rule: &GateRule) -> String {
        let joined = |rules: &[GateRule], by: &str| {
            rules.iter().map(|rule| self.gate(rule)).collect::<Vec<_>>().join(by)
        };
        let (or, when) = match self.locale {
            Locale::ZhCn => ("；或 ", "若"),
            Locale::En => ("; or ", "if "),
        };
        match rule {
            GateRule::One(gate) => self.one(gate),
            GateRule::All(rules) => joined(rules, "; "),
            GateRule::Any(rules) => joined(rules, or),
            GateRule::When(fact, rule) => format!("{when}{}: {}", self.one(fact), self.gate(rule)),
        }
    }

    fn one(&self, gate: &Gate) -> String {
        let (word, behind) = gate.written();
        let known = catalogue().iter().find(|known| known.word == word);
        let meaning = known.map_or(word, |known| match self.locale {
            Locale::ZhCn => known.zh,
            Locale::En => known.en,
        });
        let named: Vec<String> = behind.iter().map(|word| (self.word)(&word.replace(' ', "_"))).collect();
        if named.is_empty() { meaning.to_owned() } else { format!("{meaning}: {}", named.join(", ")) }
    }
}
