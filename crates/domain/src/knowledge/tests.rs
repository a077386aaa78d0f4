//! The rules of knowledge: articles, tips, facts, quizzes, and what is shipped.
//!
//! Size: one test for each rule.

use super::article::{Article, ArticleState, ArticleStep, NewArticle, note_version};
use super::fact::{Schema, Values, changes};
use super::quiz::{Answer, Question, Quiz};
use super::*;
use crate::case::{CaseActor, Channel, Refused, Stage};
use crate::ids::{PersonId, UnitId};
use crate::paper::{Paper, PaperFacts, Step, decide, open};
use crate::people::Post;
use crate::text::Text;
use crate::time::{Timestamp, WorkingCalendar};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

const DAY: i64 = 86_400_000_000;

fn unit() -> UnitId {
    UnitId(Uuid::from_u128(7))
}

fn text(words: &str) -> Text {
    Text::new(words).unwrap()
}

fn content(title: &str) -> Content {
    serde_json::from_value(json!({
        "kind": "article", "audience": "agents", "title": title, "body": "正文", "review_days": 30,
    }))
    .unwrap()
}

/// A desk with one article in hand.
struct Desk {
    calendar: WorkingCalendar,
    now: i64,
    taken: bool,
    article: Option<Article>,
}

impl Desk {
    fn new() -> Self {
        Self { calendar: WorkingCalendar::china(), now: 1_790_730_000_000_000, taken: false, article: None }
    }

    fn with<T>(&self, person: u128, posts: &[Post], run: impl FnOnce(&PaperFacts<'_>) -> T) -> T {
        let actor = CaseActor {
            person: (person > 0).then(|| PersonId(Uuid::from_u128(person))),
            posts: posts.iter().copied().collect(),
            customer: false,
        };
        run(&PaperFacts {
            actor: &actor,
            now: Timestamp::from_micros(self.now),
            calendar: &self.calendar,
            places: &[],
            outside: false,
            unworded: 0,
            line: None,
            taken: self.taken,
        })
    }

    fn open(&mut self, person: u128, content: Content) -> Result<(), Refused> {
        let new = NewArticle { unit: unit(), key: None, content };
        self.article = Some(self.with(person, &[Post::Agent], |facts| open::<Article>(new, facts))?);
        Ok(())
    }

    fn act(&mut self, person: u128, post: Post, step: &str, body: serde_json::Value) -> Result<(), Refused> {
        let step = ArticleStep::read(step, body).unwrap().unwrap();
        let article = self.article.clone().unwrap();
        self.article = Some(self.with(person, &[post], |facts| decide(&article, &step, facts))?);
        Ok(())
    }

    fn article(&self) -> &Article {
        self.article.as_ref().unwrap()
    }

    fn digest(&self) -> serde_json::Value {
        json!({"digest": self.article().draft.as_ref().unwrap().digest})
    }

    fn codes(refused: Result<(), Refused>) -> Vec<String> {
        match refused.unwrap_err() {
            Refused::Closed(reasons) => reasons.into_iter().map(|reason| reason.code.to_string()).collect(),
            Refused::Body(fields) => fields.into_iter().map(|field| field.code.to_owned()).collect(),
        }
    }
}

/// PROP-43, X-14: what is read was approved by somebody who did not write it, for
/// exactly what was read; the version before stays read meanwhile.
#[test]
fn what_is_read_was_approved_by_another() {
    let mut desk = Desk::new();
    desk.open(1, content("一")).unwrap();
    assert!(desk.article().live.is_none() && desk.article().state == ArticleState::Draft);
    desk.act(1, Post::Agent, "submit", json!({})).unwrap();
    assert_eq!(Desk::codes(desk.act(3, Post::Agent, "approve", desk.digest())), ["not_permitted"]);
    assert_eq!(Desk::codes(desk.act(1, Post::Head, "approve", desk.digest())), ["own_request"]);
    let other = json!({"digest": "x".repeat(43)});
    assert_eq!(Desk::codes(desk.act(2, Post::Head, "approve", other)), ["approval_stale"]);
    desk.act(2, Post::Head, "approve", desk.digest()).unwrap();
    assert_eq!((desk.article().number, desk.article().state), (1, ArticleState::Published));
    let next = serde_json::to_value(content("二")).unwrap();
    desk.act(3, Post::Agent, "write", next).unwrap();
    desk.act(4, Post::Lead, "submit", json!({})).unwrap();
    assert_eq!(desk.article().state, ArticleState::Resubmitted);
    assert_eq!(desk.article().live.as_ref().unwrap().content.title.as_str(), "一", "still read");
    assert_eq!(Desk::codes(desk.act(3, Post::Head, "approve", desk.digest())), ["own_request"], "wrote it");
    assert_eq!(
        Desk::codes(desk.act(4, Post::Head, "approve", desk.digest())),
        ["own_request"],
        "submitted it"
    );
    desk.act(2, Post::Head, "return", json!({"reason": "写清楚"})).unwrap();
    assert_eq!(desk.article().state, ArticleState::Revised);
    desk.act(3, Post::Agent, "submit", json!({})).unwrap();
    desk.act(2, Post::Head, "approve", desk.digest()).unwrap();
    assert_eq!(desk.article().live.as_ref().unwrap().content.title.as_str(), "二");
    assert_eq!(desk.article().number, 2);
}

/// PROP-43: a topic has one answer.
#[test]
fn a_topic_that_has_an_answer_takes_no_other() {
    let mut desk = Desk::new();
    let mut answer = content("统一答复");
    answer.kind = ArticleKind::StandardAnswer;
    assert_eq!(Desk::codes(desk.open(1, answer.clone())), ["required"], "an answer has a topic");
    answer.topic = Some("停车".into());
    desk.open(1, answer).unwrap();
    assert_eq!(desk.article().topic_wanted(), Some("停车"));
    desk.act(1, Post::Agent, "submit", json!({})).unwrap();
    desk.taken = true;
    assert_eq!(Desk::codes(desk.act(2, Post::Spokesperson, "approve", desk.digest())), ["topic_answered"]);
    desk.taken = false;
    desk.act(2, Post::Spokesperson, "approve", desk.digest()).unwrap();
}

/// Issue 6: the owner is asked once when an article is to be looked at, and it ends
/// by itself when its time is over.
#[test]
fn an_article_is_looked_at_again_and_ends() {
    let mut desk = Desk::new();
    let mut short = content("限时");
    short.expires_at = Some(Timestamp::from_micros(desk.now + 60 * DAY));
    desk.open(1, short).unwrap();
    desk.act(1, Post::Agent, "submit", json!({})).unwrap();
    desk.act(2, Post::Head, "approve", desk.digest()).unwrap();
    let review = desk.article().live.as_ref().unwrap().review_at;
    assert_eq!(review.micros(), desk.now + 30 * DAY);
    assert_eq!(desk.article().card().fires_at, Some(review));
    assert!(desk.article().fire(Timestamp::from_micros(review.micros() - 1)).is_none());
    desk.now = review.micros();
    let step = desk.article().fire(review).unwrap();
    assert_eq!(step.name(), "ask");
    assert_eq!(desk.article().tellings(Some(&step))[0].why, "article_review_due");
    desk.act(0, Post::Agent, "ask", json!({})).unwrap();
    assert!(desk.article().fire(review).is_none(), "asked once");
    assert_eq!(Desk::codes(desk.act(3, Post::Agent, "confirm", json!({}))), ["not_permitted"]);
    desk.act(1, Post::Agent, "confirm", json!({})).unwrap();
    assert_eq!(desk.article().live.as_ref().unwrap().review_at.micros(), desk.now + 30 * DAY);
    desk.now += 30 * DAY;
    let end = desk.article().fire(Timestamp::from_micros(desk.now)).unwrap();
    assert_eq!(end.name(), "expire");
    assert_eq!(
        Desk::codes(desk.act(2, Post::Head, "expire", json!({}))),
        ["not_permitted"],
        "the clock alone"
    );
    desk.act(0, Post::Agent, "expire", json!({})).unwrap();
    assert!(desk.article().live.is_none() && desk.article().draft.is_some(), "the words stay at hand");
    assert_eq!(desk.article().card().fires_at, None);
}

/// Issue 6: versions are what was published, in their order, whatever happens later.
#[test]
fn versions_are_kept_in_their_order() {
    let mut desk = Desk::new();
    desk.open(0, content("一")).unwrap();
    let mut versions = Vec::new();
    for title in ["一", "二", "三"] {
        desk.act(0, Post::Agent, "bring", serde_json::to_value(content(title)).unwrap()).unwrap();
        note_version(&mut versions, desk.article());
        note_version(&mut versions, desk.article());
    }
    desk.act(2, Post::Head, "withdraw", json!({"reason": "过时"})).unwrap();
    note_version(&mut versions, desk.article());
    let told: Vec<(u32, &str)> =
        versions.iter().map(|version| (version.number, version.content.title.as_str())).collect();
    assert_eq!(told, [(1, "一"), (2, "二"), (3, "三")]);
    assert_eq!(
        Desk::codes(desk.act(1, Post::Agent, "bring", serde_json::to_value(content("四")).unwrap())),
        ["not_permitted"]
    );
}

/// Issue 6, bad input: each fault names its field, and a tip says for what it is one.
#[test]
fn a_faulty_article_is_refused_with_its_fields() {
    let mut faulty = content("题");
    faulty.kind = ArticleKind::Tip;
    faulty.title = text(&"长".repeat(121));
    faulty.keywords = vec![" 前后空白 ".into(), "字".repeat(41)];
    faulty.review_days = 0;
    faulty.expires_at = Some(Timestamp::from_micros(5));
    let found = faulty.faults(Timestamp::from_micros(10));
    let paths: Vec<&str> = found.iter().map(|fault| &*fault.path).collect();
    assert_eq!(paths, ["title", "keywords[0]", "keywords[1]", "when", "review_days", "expires_at"]);
    let mut hidden = content("问");
    hidden.kind = ArticleKind::Faq;
    assert_eq!(hidden.faults(Timestamp::from_micros(0))[0].code, "faq_is_for_customers");
}

/// SKILL-12: what is asked for must be known and among what is asked; what says more
/// about the person comes first. X-30: style and personality are two things.
#[test]
fn a_tip_fits_what_is_known_of_the_person_and_the_matter() {
    let angry = Conditions { moods: vec![Mood::Angry], ..Conditions::default() };
    let stage = Conditions { stages: vec![Stage::Received], ..Conditions::default() };
    let both =
        Conditions { moods: vec![Mood::Angry], channels: vec![Channel::Phone], ..Conditions::default() };
    let now = Situation {
        mood: Some(Mood::Angry),
        stage: Some(Stage::Received),
        channel: Some(Channel::Visit),
        style: Some(Style::Analytical),
        ..Situation::default()
    };
    assert!(angry.fit(&now) > stage.fit(&now) && stage.fit(&now).is_some());
    assert_eq!(both.fit(&now), None, "another channel");
    assert_eq!(angry.fit(&Situation::default()), None, "the mood is not known");
    assert_eq!(Conditions::default().fit(&now), None, "no condition is no tip");
    let personality = Conditions { personalities: vec![Personality::Analytical], ..Conditions::default() };
    assert_eq!(personality.fit(&now), None, "a style is no personality");
}

/// SKILL-10, SKILL-11, MOB-3, TXT-19: each of the kinds that the sources name has a
/// tip of its own in what is shipped.
#[test]
fn every_kind_of_person_has_a_tip() {
    let tips: Vec<Content> = starter().unwrap().into_iter().map(|file| file.content).collect();
    let has = |now: Situation| {
        tips.iter().filter(|tip| tip.kind == ArticleKind::Tip).any(|tip| tip.when.fit(&now).is_some())
    };
    for mood in Mood::ALL {
        assert!(has(Situation { mood: Some(*mood), ..Situation::default() }), "{mood}");
    }
    for listening in Listening::ALL {
        assert!(has(Situation { listening: Some(*listening), ..Situation::default() }), "{listening}");
    }
    for style in Style::ALL {
        assert!(has(Situation { style: Some(*style), ..Situation::default() }), "{style}");
    }
    for personality in Personality::ALL {
        assert!(has(Situation { personality: Some(*personality), ..Situation::default() }), "{personality}");
    }
}

/// Requirements that are knowledge, by area.
const IDS: &[(&str, &[u32])] = &[
    ("ASC", &[12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26]),
    ("CP8", &[6, 7, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24]),
    ("DESK", &[1, 13]),
    ("MOB", &[2, 3, 4, 11, 13]),
    ("PROP", &[1, 2, 3, 4, 5, 6, 7, 8, 35, 38, 43, 48, 49]),
    ("SKILL", &[1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    ("SLM", &[8, 9]),
    ("TXT", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20, 21, 22, 23, 33, 37, 38, 46, 47]),
    ("X", &[30]),
];

/// SKILL-1, SKILL-2, SKILL-4, SKILL-5, SKILL-6, SKILL-7, SKILL-8, SKILL-9; MOB-2, MOB-4,
/// MOB-11, MOB-13; CP8-6, CP8-7, CP8-14, CP8-15, CP8-16, CP8-17, CP8-18, CP8-19, CP8-20,
/// CP8-21, CP8-22, CP8-23, CP8-24; ASC-12…26; PROP-35, PROP-38, PROP-48, PROP-49; DESK-1,
/// DESK-13; TXT-1…13, TXT-16…18, TXT-20…23, TXT-33, TXT-37, TXT-38, TXT-46, TXT-47; SLM-8,
/// SLM-9; X-30: each resolves to an article, in both languages, with its source.
#[test]
fn every_id_of_knowledge_resolves_to_an_article() {
    let articles = starter().unwrap();
    for article in &articles {
        let content = &article.content;
        assert_eq!(content.faults(Timestamp::from_micros(0)), [], "{}", article.key);
        assert!(content.english.is_some() && !content.sources.is_empty(), "{}", article.key);
    }
    let known: BTreeSet<&str> =
        articles.iter().flat_map(|article| &article.content.sources).map(String::as_str).collect();
    for (area, numbers) in IDS {
        for number in *numbers {
            let id = format!("{area}-{number}");
            assert!(known.contains(&*id), "no article of {id}");
        }
    }
    let mut topics = BTreeSet::new();
    for article in articles.iter().filter(|article| article.content.kind == ArticleKind::StandardAnswer) {
        assert!(topics.insert(article.content.topic.clone()), "{}: its topic has two answers", article.key);
    }
}

fn values(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect()
}

/// PROP-2, PROP-3, PROP-4, PROP-5: the sheet has what the sources list, each section
/// with its source and a required field.
#[test]
fn the_sheet_has_every_section_of_the_source() {
    let schema = Schema::shipped();
    let sources: Vec<&str> =
        schema.sections.iter().flat_map(|section| &section.source).map(String::as_str).collect();
    assert_eq!(sources, ["PROP-2", "PROP-3", "PROP-4", "PROP-5", "PROP-5"]);
    assert!(schema.sections.iter().all(|section| section.fields.iter().any(|field| field.required)));
    for name in [
        "address",
        "land_area",
        "floor_area",
        "plot_ratio",
        "households",
        "parking_spaces",
        "building_type",
        "fee_high_rise",
        "fee_housekeeping",
        "fee_water",
        "fee_parking_month",
        "fee_clubhouse",
        "parking",
        "education",
        "commerce",
        "medical",
        "entertainment",
        "security",
        "transport",
        "other_facilities",
        "phone_desk",
        "laws",
        "contract",
    ] {
        assert!(schema.field(name).is_some(), "{name}");
    }
}

/// PROP-6: what a required field lacks is named, and nothing else.
#[test]
fn a_sheet_without_a_required_field_says_what_is_missing() {
    let schema = Schema::shipped();
    let mut all: Values = schema
        .fields()
        .filter(|field| field.required)
        .map(|field| (field.name.clone(), "1".into()))
        .collect();
    assert!(schema.missing(&all).is_empty());
    all.remove("households");
    let missing: Vec<(&str, &str)> =
        schema.missing(&all).iter().map(|(section, field)| (&*section.name, &*field.name)).collect();
    assert_eq!(missing, [("overview", "households")]);
}

/// PROP-1, bad input: a value has its type's one way of writing, or its fault.
#[test]
fn a_value_is_written_as_its_type_says() {
    let schema = Schema::shipped();
    let written = |field: &str, text: &str| schema.field(field).unwrap().written(text);
    assert_eq!(written("fee_parking_month", " ¥320元 ").as_deref(), Ok("320.00"));
    assert_eq!(written("land_area", "0046800.50").as_deref(), Ok("46800.5"));
    assert_eq!(written("desk_hours", "08:30—12:00，14:00-18:00").as_deref(), Ok("08:30-12:00 14:00-18:00"));
    assert_eq!(written("phone_desk", "0999-6001088").as_deref(), Ok("0999-6001088"));
    assert_eq!(written("handed_over", "2014-06-30").as_deref(), Ok("2014-06-30"));
    for (field, text, code) in [
        ("fee_parking_month", "三百", "invalid_amount"),
        ("land_area", "1e9", "invalid_number"),
        ("land_area", "1.23456", "invalid_number"),
        ("land_area", "-1", "invalid_number"),
        ("desk_hours", "早到晚", "invalid_hours"),
        ("desk_hours", "", "text_length"),
        ("phone_desk", "见公告", "invalid_phone"),
        ("handed_over", "2014-02-30", "invalid_date"),
        ("address", " ", "text_length"),
        ("address", "a\u{0}b", "control_character"),
    ] {
        assert_eq!(written(field, text), Err(code), "{field} {text:?}");
    }
    let said = |field: &str, value: &str, english| schema.field(field).unwrap().said(value, english);
    assert_eq!(said("fee_parking_month", "320.00", false), "320.00元/月");
    assert_eq!(said("households", "1026", true), "1026 households");
}

/// PROP-1: a schema of the house's own is read, or its fault is named.
#[test]
fn a_schema_is_read_or_refused() {
    let one = "[[section]]\nname='a'\nlabel={zh='甲',en='A'}\nsource=[]\n[[section.field]]\nname='b'\n\
               label={zh='乙',en='B'}\ntype='text'\n";
    assert_eq!(Schema::read(one).unwrap().fields().count(), 1);
    let twice = one.replace("name='b'", "name='a'");
    assert!(Schema::read(&twice).unwrap_err().to_string().contains("given twice"));
    assert!(Schema::read(&one.replace("name='b'", "name='B!'")).is_err());
    assert!(Schema::read("section = 1").is_err());
}

/// PROP-8: a change says what stood there and what stands there.
#[test]
fn a_change_of_a_sheet_is_told_field_by_field() {
    let told = changes(&values(&[("a", "1"), ("b", "2")]), &values(&[("b", "3"), ("c", "4")]));
    let told: Vec<(&str, Option<&str>, Option<&str>)> = told
        .iter()
        .map(|change| (&*change.field, change.before.as_deref(), change.after.as_deref()))
        .collect();
    assert_eq!(told, [("a", Some("1"), None), ("b", Some("2"), Some("3")), ("c", None, Some("4"))]);
}

fn quiz() -> Quiz {
    Quiz {
        unit: unit(),
        title: text("小测"),
        pass_percent: 60,
        questions: vec![
            Question::Choice {
                text: text("几条？"),
                options: vec![text("一"), text("二"), text("三")],
                right: vec![0, 2],
                article: Uuid::from_u128(1),
            },
            Question::Fact { unit: unit(), field: "fee_parking_month".into() },
            Question::Fact { unit: unit(), field: "phone_desk".into() },
            Question::Fact { unit: unit(), field: "address".into() },
        ],
    }
}

/// PROP-8: an attempt is scored by what is right and by what stands on the sheet;
/// what is not on the sheet counts for nobody.
#[test]
fn an_attempt_is_scored_against_the_sheet() {
    let sheet = |_| values(&[("fee_parking_month", "320.00"), ("phone_desk", "0999-6001088")]);
    let score = |answers: &[Answer]| quiz().score(answers, Schema::shipped(), sheet).unwrap();
    let said = |words: &str| Answer::Said(words.into());
    let good = score(&[Answer::Chosen(vec![2, 0]), said("320"), said("09996001088"), Answer::Nothing]);
    assert_eq!((good.right, good.of, good.percent, good.passed), (3, 3, 100, true));
    let poor = score(&[Answer::Chosen(vec![0]), said("320元"), said("110"), said("某处")]);
    assert_eq!((poor.percent, poor.passed, poor.wrong), (33, false, vec![0, 2]));
    assert!(quiz().score(&[], Schema::shipped(), sheet).is_err());
    let nothing = quiz().score(&vec![Answer::Nothing; 4], Schema::shipped(), |_| Values::new()).unwrap();
    assert_eq!((nothing.of, nothing.passed), (1, false));
}

/// PROP-8, bad input: a quiz that cannot be answered is refused with its fields.
#[test]
fn a_faulty_quiz_is_refused_with_its_fields() {
    assert_eq!(quiz().faults(Schema::shipped()), []);
    let mut faulty = quiz();
    faulty.pass_percent = 0;
    faulty.questions.push(Question::Fact { unit: unit(), field: "nothing".into() });
    if let Question::Choice { right, options, .. } = &mut faulty.questions[0] {
        right.push(9);
        options.truncate(1);
    }
    let paths: Vec<String> = faulty.faults(Schema::shipped()).into_iter().map(|fault| fault.path).collect();
    assert_eq!(paths, ["pass_percent", "questions[0].options", "questions[0].right", "questions[4].field"]);
}
