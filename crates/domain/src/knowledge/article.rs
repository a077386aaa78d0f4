//! An article of the knowledge base (知识条目): written, approved, read, looked at
//! again, ended.
//!
//! A house paper: what is live stays live while the next version is written and
//! approved; whoever wrote or submitted a version does not approve it.
//! The clock asks its owner when it is to be looked at, and ends it when its time
//! is over.
//!
//! Size: one machine with its shapes, read from draft to withdrawal.

use super::content::{ArticleKind, Content};
pub use super::version::{Draft, Live, Version, note_version};
use crate::case::{FieldReason, Reason, Recipient, Refused};
use crate::ids::{PersonId, UnitId};
use crate::pack::By;
use crate::paper::body::{Bare, Person, Why, bodies};
use crate::paper::{
    Card, Mark, Paper, PaperFacts, PaperKind, Rule, Telling, fault_unless, reason_unless, steps,
};
use crate::people::Post;
use crate::text::Text;
use crate::time::Timestamp;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A day in microseconds.
const DAY: i64 = 86_400_000_000;

wire_enum! {
    /// Where an article stands.
    ArticleState {
        /// 拟稿: never published, or taken down, and being written.
        Draft = "draft",
        /// 待批.
        Submitted = "submitted",
        /// 已发布.
        Published = "published",
        /// 修订中: published, with a newer version being written.
        Revised = "revised",
        /// 修订待批: published, with a newer version to be approved.
        Resubmitted = "resubmitted",
        /// 已撤下.
        Withdrawn = "withdrawn",
        /// 已到期.
        Expired = "expired",
    }
}

bodies! {
    /// An approval of exactly one content.
    Granted as ArticleApproval {
        /// The digest of what was read; must be that of the draft.
        #[schema(min_length = 43, max_length = 43)]
        digest: String,
    }
}

/// An article that somebody begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewArticle {
    /// For this unit and those below it.
    pub unit: UnitId,
    /// A short name of its own that imports find it by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64, pattern = "^[a-z0-9][a-z0-9-]*$")]
    pub key: Option<String>,
    /// What it says.
    pub content: Content,
}

/// One article with what is read and what is being written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Article {
    /// For this unit and those below it.
    pub unit: UnitId,
    /// A short name of its own.
    pub key: Option<String>,
    /// Who answers for it; none where the machine brought it in.
    pub owner: Option<PersonId>,
    /// How many versions were published.
    pub number: u32,
    /// What is read; none while it is not published.
    pub live: Option<Live>,
    /// What is being written.
    pub draft: Option<Draft>,
    /// Why a draft was sent back, the last time.
    pub returned: Option<Text>,
    /// Why it was taken down, the last time.
    pub withdrawn: Option<Text>,
    /// Where it stands.
    pub state: ArticleState,
}

steps! {
    /// What may be done with an article.
    ArticleStep {
        /// Write the next version.
        Write(Content) = "write",
        /// Put it up for approval.
        Submit(Bare) = "submit",
        /// Approve exactly this content; it is read from now on.
        Approve(Granted) = "approve",
        /// Send it back.
        Return(Why) = "return",
        /// Throw the version away that is being written.
        Discard(Bare) = "discard",
        /// It was looked at and still holds.
        Confirm(Bare) = "confirm",
        /// Take it down.
        Withdraw(Why) = "withdraw",
        /// Let somebody else answer for it.
        Hand(Person) = "hand",
        /// Bring a version in from files; the machine alone.
        Bring(Content) = "bring",
        /// Ask for a look at it; the clock alone.
        Ask(Bare) = "ask",
        /// Its time is over; the clock alone.
        Expire(Bare) = "expire",
    }
}

/// Whoever works here may propose; what is read was approved.
const WRITERS: &[By] = &[By::Clock, By::Anybody];
/// PROP-43: one voice to the outside.
const APPROVERS: &[By] = &[
    By::Post(Post::Head),
    By::Post(Post::Spokesperson),
    By::Post(Post::Supervisor),
    By::Post(Post::Manager),
];
const KEEPERS: &[By] = &[
    By::Asked,
    By::Post(Post::Head),
    By::Post(Post::Spokesperson),
    By::Post(Post::Supervisor),
    By::Post(Post::Manager),
];
const ANY: &[&str] = &["draft", "submitted", "published", "revised", "resubmitted", "withdrawn", "expired"];
const WAITS: &[&str] = &["submitted", "resubmitted"];
const LIVE: &[&str] = &["published", "revised", "resubmitted"];
const STANDS: &[&str] = &["draft", "submitted", "published", "revised", "resubmitted"];

const fn rule(
    step: &'static str,
    states: &'static [&'static str],
    by: &'static [By],
    sources: &'static [&'static str],
) -> Rule {
    Rule { step, states, by, sources }
}

impl Paper for Article {
    const KIND: PaperKind = PaperKind::Article;
    const OPEN_TO_ALL: bool = true;
    const SEEN_BY_ALL: bool = true;
    const RULES: &'static [Rule] = &[
        rule("open", &[], WRITERS, &["PROP-43"]),
        rule("write", &["draft", "published", "revised", "withdrawn", "expired"], WRITERS, &["PROP-43"]),
        rule("submit", &["draft", "revised"], WRITERS, &["PROP-43"]),
        rule("approve", WAITS, APPROVERS, &["PROP-43", "X-14"]),
        rule("return", WAITS, APPROVERS, &["PROP-43"]),
        rule("discard", &["revised"], WRITERS, &["PROP-43"]),
        rule("confirm", LIVE, KEEPERS, &["PROP-43"]),
        rule("withdraw", STANDS, KEEPERS, &["PROP-43"]),
        rule("hand", ANY, KEEPERS, &["PROP-43"]),
        rule("bring", ANY, &[By::Clock], &["PROP-43"]),
        rule("ask", LIVE, &[By::Clock], &["PROP-43"]),
        rule("expire", LIVE, &[By::Clock], &["PROP-43"]),
    ];
    type New = NewArticle;
    type Step = ArticleStep;

    fn begin(new: NewArticle, facts: &PaperFacts<'_>) -> Result<Self, Refused> {
        let mut faults: Vec<FieldReason> = new.content.faults(facts.now);
        for fault in &mut faults {
            fault.path = format!("content.{}", fault.path);
        }
        faults.extend(fault_unless(new.key.as_deref().is_none_or(is_key), "key", "code_shape"));
        if !faults.is_empty() {
            return Err(Refused::fields(faults));
        }
        let mut article = Self {
            unit: new.unit,
            key: new.key,
            owner: facts.actor.person,
            number: 0,
            live: None,
            draft: None,
            returned: None,
            withdrawn: None,
            state: ArticleState::Draft,
        };
        article.apply(&ArticleStep::Write(new.content), facts.mark());
        Ok(article)
    }

    fn state(&self) -> &'static str {
        self.state.as_str()
    }

    /// who wrote or submitted a version does not approve it; PROP-43: one
    /// answer to a topic.
    fn gates(&self, step: &str, facts: &PaperFacts<'_>) -> Vec<Reason> {
        let me = facts.actor.person;
        let written = self
            .draft
            .as_ref()
            .is_some_and(|draft| draft.written.by == me || draft.submitted.is_some_and(|mark| mark.by == me));
        match step {
            "approve" => {
                let mut reasons = reason_unless(!written, "own_request");
                reasons.extend(reason_unless(!facts.taken, "topic_answered"));
                reasons
            }
            _ => Vec::new(),
        }
    }

    fn faults(&self, step: &ArticleStep, facts: &PaperFacts<'_>) -> Vec<FieldReason> {
        match step {
            ArticleStep::Write(content) | ArticleStep::Bring(content) => content.faults(facts.now),
            ArticleStep::Approve(body) => {
                let same = self.draft.as_ref().is_some_and(|draft| draft.digest == body.digest);
                let ended = self.draft.as_ref().and_then(|draft| draft.content.expires_at);
                let mut faults = fault_unless(same, "digest", "approval_stale");
                faults.extend(fault_unless(ended.is_none_or(|at| at > facts.now), "digest", "in_the_past"));
                faults
            }
            ArticleStep::Submit(_)
            | ArticleStep::Return(_)
            | ArticleStep::Discard(_)
            | ArticleStep::Confirm(_)
            | ArticleStep::Withdraw(_)
            | ArticleStep::Hand(_)
            | ArticleStep::Ask(_)
            | ArticleStep::Expire(_) => Vec::new(),
        }
    }

    fn apply(&mut self, step: &ArticleStep, mark: Mark) {
        match step {
            ArticleStep::Write(content) => self.write(content.clone(), mark),
            ArticleStep::Submit(_) => {
                if let Some(draft) = &mut self.draft {
                    draft.submitted = Some(mark);
                }
                self.state = self.either(ArticleState::Submitted, ArticleState::Resubmitted);
            }
            ArticleStep::Approve(_) => {
                if let Some(draft) = self.draft.take() {
                    self.publish(draft.content, draft.written, mark);
                }
            }
            ArticleStep::Return(body) => {
                self.returned = Some(body.reason.clone());
                if let Some(draft) = &mut self.draft {
                    draft.submitted = None;
                }
                self.state = self.either(ArticleState::Draft, ArticleState::Revised);
            }
            ArticleStep::Discard(_) => {
                self.draft = None;
                self.state = ArticleState::Published;
            }
            ArticleStep::Confirm(_) => {
                if let Some(live) = &mut self.live {
                    live.review_at = after(mark.at, live.content.review_days);
                    live.asked_at = None;
                }
            }
            ArticleStep::Withdraw(body) => {
                self.withdrawn = Some(body.reason.clone());
                self.end(ArticleState::Withdrawn);
            }
            ArticleStep::Hand(body) => self.owner = Some(body.person),
            ArticleStep::Bring(content) => {
                self.draft = None;
                self.publish(content.clone(), mark, mark);
            }
            ArticleStep::Ask(_) => {
                if let Some(live) = &mut self.live {
                    live.asked_at = Some(mark.at);
                }
            }
            ArticleStep::Expire(_) => self.end(ArticleState::Expired),
        }
    }

    fn card(&self) -> Card {
        let asks = self.live.as_ref().filter(|live| live.asked_at.is_none()).map(|live| live.review_at);
        let ends = self.live.as_ref().and_then(|live| live.content.expires_at);
        Card {
            unit: self.unit,
            case: None,
            period: None,
            due_at: self.live.as_ref().map(|live| live.review_at),
            fires_at: [asks, ends].into_iter().flatten().min(),
            people: self.owner.into_iter().collect(),
            open: self.draft.is_some()
                && !matches!(self.state, ArticleState::Withdrawn | ArticleState::Expired),
        }
    }

    fn tellings(&self, step: Option<&ArticleStep>) -> Vec<Telling> {
        let owner = self.owner.map_or(Recipient::Post(Post::Head), Recipient::Person);
        let writer = self.live.as_ref().and_then(|live| live.written.by);
        match step {
            Some(ArticleStep::Submit(_)) => {
                // PROP-43: what is said to the outside has one voice
                let answer = self.topic_wanted().is_some();
                let post = if answer { Post::Spokesperson } else { Post::Head };
                vec![Telling::new(Recipient::Post(post), "article_waits")]
            }
            Some(ArticleStep::Approve(_)) => {
                vec![Telling::new(writer.map_or(owner, Recipient::Person), "article_approved")]
            }
            Some(ArticleStep::Return(_)) => {
                let writer = self.draft.as_ref().and_then(|draft| draft.written.by);
                vec![Telling::new(writer.map_or(owner, Recipient::Person), "article_returned")]
            }
            Some(ArticleStep::Ask(_)) => vec![Telling::new(owner, "article_review_due")],
            Some(ArticleStep::Expire(_)) => vec![Telling::new(owner, "article_expired")],
            Some(ArticleStep::Hand(_)) => vec![Telling::new(owner, "article_handed")],
            None
            | Some(
                ArticleStep::Write(_)
                | ArticleStep::Discard(_)
                | ArticleStep::Confirm(_)
                | ArticleStep::Withdraw(_)
                | ArticleStep::Bring(_),
            ) => Vec::new(),
        }
    }

    /// PHRASE-8: what customers read is looked at when it is written, and again when
    /// it goes on its way.
    fn said_in_public<'a>(&'a self, step: &'a ArticleStep) -> Vec<(String, &'a Text)> {
        match step {
            ArticleStep::Write(content) | ArticleStep::Bring(content) => content.said_to_customers(),
            ArticleStep::Submit(_) | ArticleStep::Approve(_) => {
                self.draft.as_ref().map(|draft| draft.content.said_to_customers()).unwrap_or_default()
            }
            ArticleStep::Return(_)
            | ArticleStep::Discard(_)
            | ArticleStep::Confirm(_)
            | ArticleStep::Withdraw(_)
            | ArticleStep::Hand(_)
            | ArticleStep::Ask(_)
            | ArticleStep::Expire(_) => Vec::new(),
        }
    }

    fn said_on_opening(new: &NewArticle) -> Vec<(String, &Text)> {
        let texts = new.content.said_to_customers().into_iter();
        texts.map(|(path, text)| (format!("content.{path}"), text)).collect()
    }

    fn fire(&self, now: Timestamp) -> Option<ArticleStep> {
        let live = self.live.as_ref()?;
        if live.content.expires_at.is_some_and(|at| at <= now) {
            return Some(ArticleStep::Expire(Bare {}));
        }
        (live.asked_at.is_none() && live.review_at <= now).then_some(ArticleStep::Ask(Bare {}))
    }

    fn unit_of(new: &NewArticle) -> UnitId {
        new.unit
    }

    fn people_of_step(step: &ArticleStep) -> Vec<(String, PersonId)> {
        match step {
            ArticleStep::Hand(body) => vec![("person".to_owned(), body.person)],
            _ => Vec::new(),
        }
    }
}

impl Article {
    /// Gives the topic of the answer that would be approved next, where it is one.
    #[must_use]
    pub fn topic_wanted(&self) -> Option<&str> {
        let content = &self.draft.as_ref()?.content;
        (content.kind == ArticleKind::StandardAnswer).then_some(content.topic.as_deref()).flatten()
    }

    /// Gives what a list shows: what is read, else what is being written.
    #[must_use]
    pub fn shown(&self) -> Option<&Content> {
        let live = self.live.as_ref().map(|live| &live.content);
        live.or(self.draft.as_ref().map(|draft| &draft.content))
    }

    fn either(&self, fresh: ArticleState, again: ArticleState) -> ArticleState {
        if self.live.is_some() { again } else { fresh }
    }

    fn write(&mut self, content: Content, mark: Mark) {
        let digest = content.digest();
        self.draft = Some(Draft { content, digest, written: mark, submitted: None });
        self.state = self.either(ArticleState::Draft, ArticleState::Revised);
    }

    fn publish(&mut self, content: Content, written: Mark, approved: Mark) {
        self.number += 1;
        let review_at = after(approved.at, content.review_days);
        self.live = Some(Live { number: self.number, content, written, approved, review_at, asked_at: None });
        self.returned = None;
        self.withdrawn = None;
        self.state = ArticleState::Published;
    }

    /// Takes it down; the text stays at hand for who writes it anew.
    fn end(&mut self, state: ArticleState) {
        if let Some(live) = self.live.take()
            && self.draft.is_none()
        {
            let digest = live.content.digest();
            self.draft =
                Some(Draft { content: live.content, digest, written: live.written, submitted: None });
        }
        self.state = state;
    }
}

fn after(at: Timestamp, days: u16) -> Timestamp {
    Timestamp::from_micros(at.micros().saturating_add(i64::from(days) * DAY))
}

/// Tells whether a text is a name that imports may use.
fn is_key(key: &str) -> bool {
    let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    (1..=64).contains(&key.len()) && key.bytes().all(plain) && !key.starts_with('-')
}
