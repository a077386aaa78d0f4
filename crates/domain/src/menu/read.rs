//! From TOML to nodes with the places of what they name.

use super::codes;
use super::model::{Days, Does, Menu, Node};
use crate::pack::{Faults, Item, Names, PackFault, Section, Source, Vocabulary, near, parse, vocabularies};
use std::collections::BTreeMap;

mod node;
#[cfg(test)]
pub(super) use node::keys;

/// The most nodes of a menu.
const MOST_NODES: usize = 200;
/// The longest file, in bytes.
const MOST_BYTES: usize = 256 * 1024;
/// The most prompts said in a row.
const MOST_PROMPTS: usize = 20;

crate::wire::wire_enum! {
    /// What an author calls the kinds of nodes.
    NodeKind {
        /// 播报.
        Say = "say",
        /// 按键选择.
        Choose = "choose",
        /// 按被叫号码.
        Called = "called",
        /// 按时间.
        Hours = "hours",
        /// 按客户.
        Customer = "customer",
        /// 已知事件播报.
        Incident = "incident",
        /// 免录音.
        NoRecording = "no_recording",
        /// 转值班人.
        Duty = "duty",
        /// 转号码.
        Transfer = "transfer",
        /// 排队.
        Queue = "queue",
        /// 留言.
        Voicemail = "voicemail",
        /// 回呼登记.
        CallBack = "call_back",
        /// 挂机.
        HangUp = "hang_up",
    }
}

vocabularies! {
    NodeKind "kind" as_str,
    Days "days" as_str,
}

/// What a name in a menu stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Node,
    Prompt,
    Queue,
    Line,
    Service,
    Skill,
}

/// A name with the place where it is written.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) of: Of,
    pub(super) name: String,
    place: crate::pack::Place,
}

impl Named {
    /// Says that nothing has the name, with what was probably meant.
    pub(super) fn unknown<'n>(&self, known: impl IntoIterator<Item = &'n str>, faults: &mut Faults) {
        let code = match self.of {
            Of::Node => codes::NODE_UNKNOWN,
            Of::Prompt => codes::PROMPT_UNKNOWN,
            Of::Queue => codes::QUEUE_UNKNOWN,
            Of::Line => codes::LINE_UNKNOWN,
            Of::Service => codes::SERVICE_UNKNOWN,
            Of::Skill => codes::SKILL_UNKNOWN,
        };
        let known: Vec<&str> = known.into_iter().collect();
        // advice comes as written, which names with `_` are not in the words of packs
        let meant = near(&self.name, known.iter().copied());
        let written = |word: &String| known.iter().find(|name| name.replace('_', " ") == *word);
        let meant = meant.iter().filter_map(written).map(|name| (*name).to_owned()).collect();
        faults.add(PackFault::new(&self.place, code, &[("name", &self.name)]).near(meant));
    }

    pub(super) fn fault(&self, code: &'static str, faults: &mut Faults) {
        faults.at(&self.place, code, &[("name", &self.name)]);
    }
}

/// A node as written.
#[derive(Debug)]
pub(super) struct Drafted {
    pub(super) name: Named,
    pub(super) title: Option<Names>,
    pub(super) prompts: Vec<String>,
    pub(super) does: Does,
    pub(super) names: Vec<Named>,
}

/// A menu as written.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) name: Option<String>,
    pub(super) version: Option<u32>,
    pub(super) title: Option<Names>,
    pub(super) start: Option<Named>,
    pub(super) person: Option<Named>,
    pub(super) nodes: Vec<Drafted>,
}

/// Reads a file; every fault is collected, nothing stops the reading.
pub(super) fn draft(file: &str, text: &str, faults: &mut Faults) -> Draft {
    let source = Source { name: file, text };
    if text.len() > MOST_BYTES {
        let params = [("most", &*MOST_BYTES.to_string()), ("bytes", &text.len().to_string())];
        faults.at(&source.place(&(0..0)), crate::pack::codes::TOO_LARGE, &params);
        return Draft::default();
    }
    let Some(table) = parse(source, faults) else { return Draft::default() };
    let main = Section::whole(source, &table);
    main.only(&["menu", "version", "title", "start", "person", "node"], faults);
    let sections = main.sections("node", faults);
    if sections.len() > MOST_NODES {
        faults.at(&main.place(), crate::pack::codes::TOO_LARGE, &[("most", &MOST_NODES.to_string())]);
    }
    Draft {
        name: main.get("menu", faults).and_then(|item| item.pack_name(faults)),
        version: main.get("version", faults).and_then(|item| item.count(1, 1_000_000, faults)),
        title: main.names("title", faults),
        start: to_node(&main, "start", faults),
        person: to_node(&main, "person", faults),
        nodes: sections.iter().take(MOST_NODES).filter_map(|section| node::read(section, faults)).collect(),
    }
}

fn to_node(section: &Section<'_, '_>, key: &'static str, faults: &mut Faults) -> Option<Named> {
    let item = section.get(key, faults)?;
    Some(Named { of: Of::Node, name: item.name(faults)?, place: item.place() })
}

impl Draft {
    /// Gives the menu; none where something is missing.
    pub(super) fn into_menu(self) -> Option<Menu> {
        let node = |node: Drafted| {
            let Drafted { name, title, prompts, does, .. } = node;
            (name.name.clone(), Node { name: name.name, title, prompts, does })
        };
        Some(Menu {
            name: self.name?,
            version: self.version?,
            title: self.title?,
            start: self.start?.name,
            person: self.person?.name,
            nodes: self.nodes.into_iter().map(node).collect::<BTreeMap<_, _>>(),
        })
    }
}

/// Reads the keys of one node and remembers what they name.
struct Reading<'r, 'd, 't> {
    section: &'r Section<'d, 't>,
    faults: &'r mut Faults,
    names: Vec<Named>,
}

impl<'d, 't> Reading<'_, 'd, 't> {
    fn named(&mut self, item: &Item<'d, 't>, of: Of) -> Option<String> {
        let name = match of {
            Of::Node | Of::Prompt | Of::Skill | Of::Service => item.name(self.faults)?,
            Of::Queue => title(item, self.faults)?,
            Of::Line => dialled(item, self.faults)?,
        };
        self.names.push(Named { of, name: name.clone(), place: item.place() });
        Some(name)
    }

    fn one(&mut self, key: &'static str, of: Of) -> Option<String> {
        let item = self.section.get(key, self.faults)?;
        self.named(&item, of)
    }

    fn maybe(&mut self, key: &str, of: Of) -> Option<String> {
        let item = self.section.maybe(key)?;
        self.named(&item, of)
    }

    fn several(&mut self, key: &str, of: Of) -> Vec<String> {
        let items = self.section.list(key, self.faults);
        self.all(&items, of)
    }

    fn all(&mut self, items: &[Item<'d, 't>], of: Of) -> Vec<String> {
        if let Some(beyond) = items.get(MOST_PROMPTS) {
            let most = MOST_PROMPTS.to_string();
            self.faults.at(&beyond.place(), crate::pack::codes::TOO_LARGE, &[("most", &most)]);
        }
        items.iter().take(MOST_PROMPTS).filter_map(|item| self.named(item, of)).collect()
    }

    /// Reads seconds, or gives what holds where nothing is written.
    fn seconds(&mut self, key: &str, (least, most): (u32, u32), usual: u32) -> u32 {
        let read = self.section.maybe(key).and_then(|item| item.count(least, most, self.faults));
        read.unwrap_or(usual)
    }

    fn maybe_seconds(&mut self, key: &str, (least, most): (u32, u32)) -> Option<u32> {
        self.section.maybe(key).and_then(|item| item.count(least, most, self.faults))
    }

    /// Reads a table of names to nodes.
    fn branches(&mut self, key: &str, of: Option<Of>) -> BTreeMap<String, String> {
        let Some(table) = self.section.maybe(key).and_then(|item| item.section(self.faults)) else {
            return BTreeMap::new();
        };
        let mut found = BTreeMap::new();
        for (word, item) in table.entries() {
            let word = match of {
                Some(Of::Line) => crate::phone::digits(word),
                _ => Some(word.to_owned()),
            };
            let Some(word) = word else {
                self.faults.at(&item.place(), codes::NUMBER_WRONG, &[("name", "")]);
                continue;
            };
            if let Some(of) = of {
                self.names.push(Named { of, name: word.clone(), place: item.place() });
            }
            if let Some(to) = self.named(&item, Of::Node) {
                found.insert(word, to);
            }
        }
        found
    }
}

/// Reads what people call a queue.
fn title(item: &Item<'_, '_>, faults: &mut Faults) -> Option<String> {
    let text = item.text(faults)?;
    let fits = (1..=64).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if !fits {
        faults.at(&item.place(), crate::pack::codes::NAME_SHAPE, &[("name", text), ("may", "plain")]);
    }
    fits.then(|| text.to_owned())
}

fn dialled(item: &Item<'_, '_>, faults: &mut Faults) -> Option<String> {
    let text = item.text(faults)?;
    let found = crate::phone::digits(text);
    if found.is_none() {
        faults.at(&item.place(), codes::NUMBER_WRONG, &[("name", text)]);
    }
    found
}
