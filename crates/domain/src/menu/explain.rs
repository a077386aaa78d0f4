//! A menu as text for people: every node with its ways, in the order of the call.

use super::model::{Does, Menu, Node};
use crate::locale::Locale;
use crate::pack::Names;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Explains a menu in a language, node by node from its start.
///
/// `said` gives the text of a prompt that is not shipped, or is said in another way here.
#[must_use]
pub fn explain(menu: &Menu, locale: Locale, said: &dyn Fn(&str) -> Option<String>) -> String {
    let say = Say { locale, said };
    let mut text = format!("# {} {}@{}\n", say.of(&menu.title), menu.name, menu.version);
    let (mut seen, mut open) = (BTreeSet::new(), vec![menu.person.as_str(), menu.start.as_str()]);
    while let Some(name) = open.pop() {
        let Some(node) = menu.node(name).filter(|_| seen.insert(name)) else { continue };
        say.node(node, &mut text);
        // what comes first is told first
        open.extend(node.does.ways().into_iter().rev().map(|(_, to)| to));
    }
    text
}

#[derive(Clone, Copy)]
struct Say<'a> {
    locale: Locale,
    said: &'a dyn Fn(&str) -> Option<String>,
}

impl Say<'_> {
    const fn pick(self, zh: &'static str, en: &'static str) -> &'static str {
        match self.locale {
            Locale::ZhCn => zh,
            Locale::En => en,
        }
    }

    fn of(self, names: &Names) -> &str {
        match self.locale {
            Locale::ZhCn => &names.zh,
            Locale::En => &names.en,
        }
    }

    fn node(self, node: &Node, text: &mut String) {
        let title = node.title.as_ref().map_or("", |title| self.of(title));
        let _ = writeln!(text, "\n## {} {title}", node.name);
        if !node.prompts.is_empty() {
            let said: Vec<String> = node.prompts.iter().map(|name| self.prompt(name)).collect();
            let _ = writeln!(text, "  “{}”", said.concat());
        }
        self.ways(&node.does, text);
    }

    /// Gives the text of a prompt; its name where nobody knows the text.
    fn prompt(self, name: &str) -> String {
        let shipped = || super::prompt::texts().get(name).cloned();
        (self.said)(name).or_else(shipped).unwrap_or_else(|| name.to_owned())
    }

    fn ways(self, does: &Does, text: &mut String) {
        let mut line = |key: &str, to: &str| {
            let _ = writeln!(text, "  {key} → {to}");
        };
        let otherwise = self.pick("否则", "otherwise");
        match does {
            Does::Say { to, .. } => line(self.pick("然后", "then"), to),
            Does::Choose(choose) => {
                for (key, branch) in &choose.options {
                    let title = branch.title.as_ref().map_or("", |title| self.of(title));
                    line(format!("{key} {title}").trim_end(), &branch.to);
                }
                line(otherwise, &choose.otherwise);
            }
            Does::NoRecording { to } => line(self.pick("不录音，然后", "unrecorded, then"), to),
            Does::Called(called) => {
                called.lines.iter().chain(&called.services).for_each(|(key, to)| line(key, to));
                line(otherwise, &called.otherwise);
            }
            Does::Hours(hours) => {
                let periods: Vec<String> = hours.periods.iter().map(ToString::to_string).collect();
                line(format!("{} {}", hours.days, periods.join(", ")).trim_end(), &hours.open);
                line(otherwise, &hours.closed);
            }
            Does::Customer(lookup) => {
                lookup.levels.iter().for_each(|(level, to)| line(level, to));
                lookup.blacklisted.iter().for_each(|to| line(self.pick("黑名单", "blacklisted"), to));
                line(self.pick("已知客户", "known"), &lookup.known);
                line(self.pick("陌生号码", "unknown"), &lookup.unknown);
            }
            Does::Incident(incident) => {
                line(self.pick("有故障", "told"), &incident.told);
                line(otherwise, &incident.to);
            }
            Does::Duty(transfer) | Does::Transfer(transfer) => {
                let duty = self.pick("值班人", "whoever is on duty");
                line(self.pick("转", "put through"), transfer.number.as_deref().unwrap_or(duty));
                line(self.pick("无人接听", "nobody answers"), &transfer.failed);
            }
            Does::Queue(queue) => {
                line(self.pick("排队", "waits in"), &queue.queue);
                let back = self.pick("回电", "call back");
                queue.call_back.iter().for_each(|offer| line(&format!("{} {back}", offer.key), &offer.to));
                line(self.pick("满或太久", "full or too long"), &queue.full);
            }
            Does::Voicemail(mail) => line(self.pick("留言给", "message for"), &mail.queue),
            Does::CallBack(back) => {
                line(self.pick("回电由", "called back by"), &back.queue);
                line(self.pick("没有号码", "no number"), &back.failed);
            }
            Does::HangUp => line(self.pick("挂机", "hangs up"), "·"),
        }
    }
}
