//! Articles from draft to end.

use super::{content, text, unit};
use crate::case::{CaseActor, Refused};
use crate::ids::PersonId;
use crate::knowledge::article::{Article, ArticleState, ArticleStep, NewArticle, note_version};
use crate::knowledge::{ArticleKind, Content};
use crate::paper::{Paper, PaperFacts, Step, decide, open};
use crate::people::Post;
use crate::time::{Timestamp, WorkingCalendar};
use serde_json::json;
use uuid::Uuid;

const DAY: i64 = 86_400_000_000;

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
