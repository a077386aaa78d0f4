//! The readable part: index, history in words, filled forms.

use huiyin_domain::case::{Chained, Event};
use huiyin_domain::ids::CaseId;
use huiyin_domain::locale::Locale;
use huiyin_domain::text::Sealed;
use huiyin_domain::time::{Timestamp, Zone};
use huiyin_reports::{Paper, escape};
use huiyin_store::attachment::AttachmentRow;
use huiyin_store::case::read::{self, History, Opened};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::pack::{Bundle, BundleFailed};
use super::{Opening, Speak};
use crate::App;
use crate::ctx::Ctx;

/// Entries read at a time.
const PAGE: u32 = 200;

pub(super) type Texts = BTreeMap<Sealed, Opened>;

/// Names the file of an attachment: a number and what people called it.
pub(super) fn attachment_name(place: usize, row: &AttachmentRow) -> String {
    format!("attachments/{}", numbered(place, &row.name))
}

/// Makes a name that every file system takes, after its number.
pub(super) fn numbered(place: usize, name: &str) -> String {
    let safe = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' };
    let name: String = name.chars().map(safe).take(80).collect();
    format!("{:03}-{}", place + 1, name.trim_start_matches('.'))
}

/// Writes index and history in both languages, and the filled forms.
pub(super) fn write(
    bundle: &mut Bundle,
    app: &App,
    ctx: &Ctx,
    opening: &Opening,
    speak: Speak<'_>,
) -> Result<(), BundleFailed> {
    let (org, id) = (ctx.org(), opening.case.id);
    let texts = app.store.read_blocking(move |tx| read::texts(tx, org, id))?;
    for (locale, ending) in [(Locale::ZhCn, "zh"), (Locale::En, "en")] {
        let words = |name: &str| speak(locale, name);
        let (people, zone) = (&opening.people, &opening.zone);
        let pen = Pen { opening, voice: Voice { people, zone, texts: &texts, locale, words: &words } };
        let index = pen.index(ctx, &bundle.up());
        bundle.whole(&format!("index.{ending}.html"), index.as_bytes())?;
        let case = &opening.case;
        let history = (CaseId(case.id.0), case.number.as_str(), case.version);
        timeline::<Event>(bundle, app, ctx, (&pen.voice, ending), history)?;
        for name in opening.case.forms.keys() {
            bundle.whole(&format!("forms/{name}.{ending}.html"), pen.form(name).as_bytes())?;
        }
    }
    Ok(())
}

/// The history passes in pages; the page around it is cut in two.
pub(super) fn timeline<E: Chained + Send + 'static>(
    bundle: &mut Bundle,
    app: &App,
    ctx: &Ctx,
    (voice, ending): (&Voice<'_>, &str),
    (id, number, last): (CaseId, &str, u64),
) -> Result<(), BundleFailed> {
    const CUT: &str = "<!--entries-->";
    let (zh, en) = (("时间", "人员", "事项", "内容"), ("Time", "Who", "What", "Content"));
    let heads = if voice.zh() { zh } else { en };
    let title = format!("{} {}", voice.say("经过", "History"), number);
    let body = format!(
        "<header><h1>{}</h1></header>\n<table>\n<thead><tr><th>#</th><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr></thead>\n<tbody>{CUT}</tbody>\n</table>",
        escape(&title),
        heads.0,
        heads.1,
        heads.2,
        heads.3
    );
    let page = Paper { locale: voice.locale, title: &title, body: &body }.html();
    let (before, after) = page.split_once(CUT).unwrap_or((&page, ""));
    bundle.piece(&format!("timeline.{ending}.html"))?;
    bundle.add(before.as_bytes())?;
    let org = ctx.org();
    let mut seen = 0;
    while seen < last {
        let entries = app.store.read_blocking(move |tx| read::history::<E>(tx, org, id, seen, PAGE))?;
        let Some(end) = entries.last() else { break };
        seen = end.recorded.seq;
        for entry in entries.iter().filter(|entry| entry.recorded.seq <= last) {
            bundle.add(voice.entry(entry).as_bytes())?;
        }
    }
    bundle.add(after.as_bytes())
}

struct Pen<'a> {
    opening: &'a Opening,
    voice: Voice<'a>,
}

/// What puts a history into words of one language.
pub(super) struct Voice<'a> {
    pub people: &'a BTreeMap<String, String>,
    pub zone: &'a Zone,
    pub texts: &'a Texts,
    pub locale: Locale,
    pub words: &'a dyn Fn(&str) -> String,
}

impl Pen<'_> {
    fn index(&self, ctx: &Ctx, up: &str) -> String {
        let (opening, case) = (self.opening, &self.opening.case);
        let title = format!("{} {}", self.voice.say("案卷", "Case file"), case.number);
        let mut body = format!("<header><h1>{}</h1></header>\n<table><tbody>", escape(&title));
        let closure = case.closure.map(|kind| (self.voice.words)(kind.as_str())).unwrap_or_default();
        let facts = [
            (self.voice.say("单位", "Organisation"), format!("{} {}", opening.organisation, opening.unit)),
            (self.voice.say("类型", "Kind"), (self.voice.words)(case.kind.as_str())),
            (self.voice.say("渠道", "Channel"), (self.voice.words)(case.channel.as_str())),
            (self.voice.say("来件时间", "Received"), self.voice.time(case.received_at)),
            (
                self.voice.say("环节", "Stage"),
                format!("{} {closure}", (self.voice.words)(case.stage.as_str())),
            ),
            (self.voice.say("记录条数", "Entries"), case.version.to_string()),
            (self.voice.say("末条哈希", "Last hash"), opening.head.clone()),
            (self.voice.say("制作时间", "Made at"), self.voice.time(ctx.now)),
            (self.voice.say("制作人", "Made by"), opening.made_by.clone()),
        ];
        for (name, value) in facts {
            // writing to a string cannot fail
            let _ = write!(body, "<tr><th>{name}</th><td>{}</td></tr>", escape(&value));
        }
        for (role, values) in &opening.parties {
            let shown: Vec<&str> = values.iter().map(|(_, value)| value.as_str()).collect();
            let role = escape(&(self.voice.words)(role.as_str()));
            let _ = write!(body, "<tr><th>{role}</th><td>{}</td></tr>", escape(&shown.join("，")));
        }
        body.push_str("</tbody></table>\n<h2>");
        body.push_str(self.voice.say("内容", "Content"));
        body.push_str("</h2>\n<table><tbody>");
        let ending = if self.voice.zh() { "zh" } else { "en" };
        self.voice.part(&mut body, &format!("timeline.{ending}.html"), self.voice.say("经过", "History"));
        for name in case.forms.keys() {
            let title = opening
                .forms
                .get(name)
                .map_or_else(|| name.clone(), |(title, _)| title.text(self.voice.locale, self.voice.words));
            self.voice.part(&mut body, &format!("forms/{name}.{ending}.html"), &title);
        }
        for (place, row) in opening.attachments.iter().enumerate() {
            if row.erased_at.is_some() {
                let erased = self.voice.say("已依法抹除", "erased on lawful request");
                let _ = write!(body, "<tr><td>{}</td><td>{erased}</td></tr>", escape(&row.name));
            } else {
                self.voice.part(&mut body, &attachment_name(place, row), &row.name);
            }
        }
        let guide = format!("{up}VERIFY.txt");
        self.voice.part(&mut body, &guide, self.voice.say("怎样核对", "How to verify"));
        body.push_str("</tbody></table>");
        Paper { locale: self.voice.locale, title: &title, body: &body }.html()
    }

    fn form(&self, name: &str) -> String {
        let known = self.opening.forms.get(name);
        let title = known
            .map_or_else(|| name.to_owned(), |(title, _)| title.text(self.voice.locale, self.voice.words));
        let mut body = format!("<header><h1>{}</h1></header>\n<table><tbody>", escape(&title));
        let Some(state) = self.opening.case.forms.get(name) else { return String::new() };
        let by =
            state.by.and_then(|by| self.opening.people.get(&by.to_string())).cloned().unwrap_or_default();
        let mut facts = vec![
            (self.voice.say("案件编号", "Case").to_owned(), self.opening.case.number.clone()),
            (self.voice.say("填报人", "Signed by").to_owned(), by),
            (self.voice.say("填报时间", "Filed at").to_owned(), self.voice.time(state.at)),
        ];
        if state.waived {
            facts.push((
                self.voice.say("状态", "State").to_owned(),
                self.voice.say("免填", "Waived").to_owned(),
            ));
        }
        let order = known.map(|(_, fields)| fields.clone()).unwrap_or_default();
        for (field, sealed) in &state.fields {
            let label = order.iter().find(|(name, _)| name == field);
            let label = label
                .map_or_else(|| field.clone(), |(_, label)| label.text(self.voice.locale, self.voice.words));
            facts.push((label, self.voice.opened(&sealed.0)));
        }
        for (name, value) in facts {
            let _ = write!(body, "<tr><th>{}</th><td>{}</td></tr>", escape(&name), escape(&value));
        }
        body.push_str("</tbody></table>");
        Paper { locale: self.voice.locale, title: &title, body: &body }.html()
    }
}

impl Voice<'_> {
    pub(super) fn zh(&self) -> bool {
        self.locale == Locale::ZhCn
    }

    pub(super) fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        if self.zh() { zh } else { en }
    }

    pub(super) fn time(&self, at: Timestamp) -> String {
        self.zone.rfc3339(at).chars().take(19).collect::<String>().replace('T', " ")
    }

    pub(super) fn part(&self, body: &mut String, file: &str, title: &str) {
        let _ = write!(
            body,
            "<tr><td><a href=\"{}\">{}</a></td><td>{}</td></tr>",
            escape(file),
            escape(title),
            escape(file)
        );
    }

    pub(super) fn entry<E: Chained>(&self, entry: &History<E>) -> String {
        let recorded = &entry.recorded;
        let by = recorded.by.map(|person| person.to_string());
        let name = by.as_ref().and_then(|id| self.people.get(id)).cloned();
        let by = name.unwrap_or_else(|| self.say("系统", "the product").to_owned());
        let what = (self.words)(recorded.event.spoken());
        let payload: Value = serde_json::from_str(&entry.payload).unwrap_or_default();
        let mut told = Vec::new();
        self.tell("", payload.get("data").unwrap_or(&Value::Null), &mut told);
        let told: Vec<String> = told.iter().map(|line| escape(line)).collect();
        format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            recorded.seq,
            self.time(recorded.occurred_at),
            escape(&by),
            escape(&what),
            told.join("<br>")
        )
    }

    /// Says what an entry holds, one line for each value that means something.
    fn tell(&self, key: &str, value: &Value, told: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                let skipped = ["salt", "digest", "pauses", "calendar", "rule", "sources", "pack"];
                for (name, value) in map.iter().filter(|(name, _)| !skipped.contains(&name.as_str())) {
                    self.tell(name, value, told);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.tell(key, item, told)),
            Value::Null => {}
            Value::String(text) => told.push(self.line(key, &self.opened(text))),
            other => told.push(self.line(key, &other.to_string())),
        }
    }

    fn line(&self, key: &str, value: &str) -> String {
        if matches!(key, "" | "text") { value.to_owned() } else { format!("{}：{value}", (self.words)(key)) }
    }

    /// Opens a commitment, names a person, or names a wire word.
    pub(super) fn opened(&self, text: &str) -> String {
        if text.len() == 43
            && let Some(opened) = self.texts.get(&Sealed(text.to_owned()))
        {
            let erased = self.say("（已依法抹除）", "(erased on lawful request)");
            return opened.text.clone().unwrap_or_else(|| erased.to_owned());
        }
        if let Some(name) = self.people.get(text) {
            return name.clone();
        }
        if let Ok(at) = Timestamp::parse(text) {
            return self.time(at);
        }
        let is_word = text.len() < 40 && text.bytes().all(|c| c.is_ascii_lowercase() || c == b'_');
        if is_word { (self.words)(text) } else { text.to_owned() }
    }
}
