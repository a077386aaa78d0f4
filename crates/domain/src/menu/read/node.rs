//! One node of a menu, kind by kind.

use super::super::codes;
use super::super::model::{
    Branch, CallBack, CallOffer, Called, Choose, Days, Does, Hours, Incident, Lookup, Queue, Transfer,
    Voicemail,
};
use super::{Drafted, Named, NodeKind, Of, Reading, dialled};
use crate::pack::{Faults, Item, Section};
use crate::time::Period;
use std::collections::BTreeMap;

/// Seconds within which a key is waited for.
const PATIENCE: (u32, u32) = (1, 60);
/// Seconds that waiting in a queue or a ring may last.
const WAITING: (u32, u32) = (5, 3_600);

/// Reads a node; none where too little can be read of it.
pub(super) fn read(section: &Section<'_, '_>, faults: &mut Faults) -> Option<Drafted> {
    let name = section.get("name", faults);
    let kind = section.word::<NodeKind>("kind", faults);
    let named =
        name.and_then(|item| Some(Named { of: Of::Node, name: item.name(faults)?, place: item.place() }));
    let title = section.maybe("title").and_then(|_| section.names("title", faults));
    let kind = kind?;
    section.only(&[&["name", "kind", "title", "prompts"], keys(kind)].concat(), faults);
    let mut reading = Reading { section, faults, names: Vec::new() };
    let prompts = reading.several("prompts", Of::Prompt);
    let does = reading.does(kind);
    let names = reading.names;
    Some(Drafted { name: named?, title, prompts, does: does?, names })
}

/// Lists the keys of a kind beside those that each has.
pub(in super::super) fn keys(kind: NodeKind) -> &'static [&'static str] {
    match kind {
        NodeKind::Say => &["to", "skip"],
        NodeKind::Choose => &["option", "again", "wait", "tries", "wrong", "silent", "otherwise"],
        NodeKind::Called => &["lines", "services", "otherwise"],
        NodeKind::Hours => &["days", "periods", "open", "closed"],
        NodeKind::Customer => &["wait", "levels", "blacklisted", "known", "unknown"],
        NodeKind::Incident => &["kinds", "until", "told", "to"],
        NodeKind::NoRecording => &["to"],
        NodeKind::Duty => &["ring", "failed"],
        NodeKind::Transfer => &["number", "ring", "failed"],
        NodeKind::Queue => {
            &["queue", "skills", "priority", "music", "every", "minutes", "call_back", "longest", "full"]
        }
        NodeKind::Voicemail => &["queue", "longest", "done"],
        NodeKind::CallBack => &["queue", "ask", "wait", "done", "failed"],
        NodeKind::HangUp => &[],
    }
}

impl Reading<'_, '_, '_> {
    fn does(&mut self, kind: NodeKind) -> Option<Does> {
        Some(match kind {
            NodeKind::Say => {
                let to = self.one("to", Of::Node);
                let skip = self.section.maybe("skip").and_then(|item| item.flag(self.faults));
                Does::Say { to: to?, skip: skip.unwrap_or(true) }
            }
            NodeKind::Choose => Does::Choose(self.choose()?),
            NodeKind::Called => {
                let lines = self.branches("lines", Some(Of::Line));
                let services = self.branches("services", Some(Of::Service));
                Does::Called(Called { lines, services, otherwise: self.one("otherwise", Of::Node)? })
            }
            NodeKind::Hours => Does::Hours(self.hours()?),
            NodeKind::Customer => Does::Customer(self.lookup()?),
            NodeKind::Incident => Does::Incident(self.incident()?),
            NodeKind::NoRecording => Does::NoRecording { to: self.one("to", Of::Node)? },
            NodeKind::Duty => Does::Duty(self.transfer(None)?),
            NodeKind::Transfer => {
                let number = self.section.get("number", self.faults);
                let number = number.and_then(|item| dialled(&item, self.faults));
                let transfer = self.transfer(number.clone());
                number?;
                Does::Transfer(transfer?)
            }
            NodeKind::Queue => Does::Queue(self.queue()?),
            NodeKind::Voicemail => {
                let queue = self.one("queue", Of::Queue);
                let longest = self.seconds("longest", (5, 600), 120);
                let done = self.several("done", Of::Prompt);
                Does::Voicemail(Voicemail { queue: queue?, longest, done })
            }
            NodeKind::CallBack => Does::CallBack(self.call_back()?),
            NodeKind::HangUp => Does::HangUp,
        })
    }

    fn choose(&mut self) -> Option<Choose> {
        let again = self.section.maybe("again").and_then(|item| key(&item, self.faults));
        let mut options = BTreeMap::new();
        for option in self.section.sections("option", self.faults) {
            option.only(&["key", "title", "to"], self.faults);
            let pressed = option.get("key", self.faults);
            let pressed = pressed.and_then(|item| Some((item.place(), key(&item, self.faults)?)));
            let title = option.maybe("title").and_then(|_| option.names("title", self.faults));
            let to = option.get("to", self.faults);
            let to = to.and_then(|item| self.named(&item, Of::Node));
            let (Some((place, pressed)), Some(to)) = (pressed, to) else { continue };
            let twice = options.insert(pressed, Branch { title, to }).is_some() || again == Some(pressed);
            if twice {
                self.faults.at(&place, codes::KEY_TWICE, &[("name", &pressed.to_string())]);
            }
        }
        let wait = self.seconds("wait", PATIENCE, 5);
        let tries = self.seconds("tries", (1, 5), 3);
        let (wrong, silent) = (self.several("wrong", Of::Prompt), self.several("silent", Of::Prompt));
        let otherwise = self.one("otherwise", Of::Node)?;
        Some(Choose { options, again, wait, tries, wrong, silent, otherwise })
    }

    fn hours(&mut self) -> Option<Hours> {
        let days = self.section.maybe("days").and_then(|item| item.word(self.faults));
        let mut periods = Vec::new();
        for item in self.section.list("periods", self.faults) {
            let Some(text) = item.text(self.faults) else { continue };
            match text.parse::<Period>() {
                Ok(period) => periods.push(period),
                Err(_) => self.faults.at(&item.place(), codes::PERIOD_WRONG, &[("name", text)]),
            }
        }
        let (open, closed) = (self.one("open", Of::Node), self.one("closed", Of::Node));
        Some(Hours { days: days.unwrap_or(Days::Every), periods, open: open?, closed: closed? })
    }

    fn lookup(&mut self) -> Option<Lookup> {
        let wait = self.seconds("wait", (1, 10), 2);
        let levels = self.branches("levels", None);
        let blacklisted = self.maybe("blacklisted", Of::Node);
        let (known, unknown) = (self.one("known", Of::Node), self.one("unknown", Of::Node));
        Some(Lookup { wait, levels, blacklisted, known: known?, unknown: unknown? })
    }

    fn incident(&mut self) -> Option<Incident> {
        let mut kinds = BTreeMap::new();
        if let Some(table) = self.section.maybe("kinds").and_then(|item| item.section(self.faults)) {
            for (category, item) in table.entries() {
                let prompts = item.list(self.faults);
                kinds.insert(category.to_owned(), self.all(&prompts, Of::Prompt));
            }
        }
        let until = self.several("until", Of::Prompt);
        let (told, to) = (self.one("told", Of::Node), self.one("to", Of::Node));
        Some(Incident { kinds, until, told: told?, to: to? })
    }

    fn transfer(&mut self, number: Option<String>) -> Option<Transfer> {
        let ring = self.seconds("ring", (5, 120), 30);
        Some(Transfer { number, ring, failed: self.one("failed", Of::Node)? })
    }

    fn queue(&mut self) -> Option<Queue> {
        let queue = self.one("queue", Of::Queue);
        let skills = self.several("skills", Of::Skill);
        let priority = self.section.maybe("priority").and_then(|item| item.count(0, 9, self.faults));
        let music = self.several("music", Of::Prompt);
        let every = self.maybe_seconds("every", (10, 600));
        let minutes = self.section.is("minutes", self.faults);
        let call_back = self.offer();
        let longest = self.maybe_seconds("longest", WAITING);
        let full = self.one("full", Of::Node);
        let priority = priority.unwrap_or(0);
        Some(Queue {
            queue: queue?,
            skills,
            priority,
            music,
            every,
            minutes,
            call_back,
            longest,
            full: full?,
        })
    }

    fn offer(&mut self) -> Option<CallOffer> {
        let table = self.section.maybe("call_back")?.section(self.faults)?;
        table.only(&["key", "after", "prompts", "to"], self.faults);
        let pressed = table.get("key", self.faults).and_then(|item| key(&item, self.faults));
        let after = table.maybe("after").and_then(|item| item.count(0, 3_600, self.faults));
        let prompts = table.list("prompts", self.faults);
        let prompts = self.all(&prompts, Of::Prompt);
        let to = table.get("to", self.faults).and_then(|item| self.named(&item, Of::Node));
        if prompts.is_empty() {
            self.faults.at(&table.place(), codes::NO_PROMPT, &[("name", "call_back")]);
        }
        Some(CallOffer { key: pressed?, after: after.unwrap_or(60), prompts, to: to? })
    }

    fn call_back(&mut self) -> Option<CallBack> {
        let queue = self.one("queue", Of::Queue);
        let ask = self.section.is("ask", self.faults);
        let wait = self.seconds("wait", PATIENCE, 8);
        let done = self.several("done", Of::Prompt);
        let failed = self.one("failed", Of::Node);
        Some(CallBack { queue: queue?, ask, wait, done, failed: failed? })
    }
}

/// Reads a key of a telephone.
fn key(item: &Item<'_, '_>, faults: &mut Faults) -> Option<char> {
    let text = item.text(faults)?;
    let mut chars = text.chars();
    let found = chars.next().filter(|key| key.is_ascii_digit() || matches!(key, '*' | '#'));
    let found = found.filter(|_| chars.next().is_none());
    if found.is_none() {
        faults.at(&item.place(), codes::KEY_WRONG, &[("name", text)]);
    }
    found
}
