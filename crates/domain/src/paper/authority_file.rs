//! A letter to an authority (致政府部门函件) and what follows from it.
//!
//! PROP-18: the difficulty goes in writing and is followed up; PROP-19: while it
//! is open, measures and progress are published to all residents.

use super::body::{Bare, Why, bodies};
use super::rule::OPEN;
use super::{Card, Mark, Paper, PaperFacts, PaperKind, Rule, Telling, fault_unless, reason_unless, steps};
use crate::case::{FieldReason, Reason, Recipient, Refused};
use crate::ids::{AttachmentId, CaseId, UnitId};
use crate::pack::By;
use crate::people::Post;
use crate::text::Text;
use crate::time::Timestamp;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How long after the letter left the first publication may wait, in
/// microseconds: three days, a default of the product.
const PUBLISHED_WITHIN: i64 = 3 * 86_400_000_000;

wire_enum! {
    /// Where a letter to an authority stands.
    AuthorityFileState {
        /// 拟稿.
        Draft = "draft",
        /// 已发出.
        Sent = "sent",
        /// 已回复.
        Answered = "answered",
        /// 已了结.
        Closed = "closed",
    }
}

wire_enum! {
    /// Where something is published to the residents (PROP-78).
    PublicationPlace {
        /// 小区公布栏.
        NoticeBoard = "notice_board",
        /// 社区刊物.
        Magazine = "magazine",
        /// 业主恳谈会.
        OwnersTalk = "owners_talk",
        /// 小区公示网页.
        Page = "page",
    }
}

bodies! {
    /// The letter as it left the house.
    SentOut as AuthorityLetterSent {
        /// When it left.
        at: Timestamp,
        /// Its number or other reference.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<Text>,
        /// The letter itself, where the case holds it as a file.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        attachment: Option<AttachmentId>,
        /// When it is followed up.
        next: Timestamp,
    }

    /// A follow-up and when the next one is due.
    Followed as AuthorityFollowUp {
        /// What came of it.
        text: Text,
        /// When it is followed up again.
        next: Timestamp,
    }

    /// The authority's answer.
    Answered as AuthorityAnswer {
        /// What it says.
        text: Text,
        /// When it came.
        at: Timestamp,
        /// When it is followed up again; none when nothing is left to ask.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<Timestamp>,
    }

    /// What was published to the residents, where and when.
    Published as AuthorityPublication {
        /// Measures and progress.
        text: Text,
        /// Where.
        place: PublicationPlace,
        /// When.
        at: Timestamp,
    }
}

/// A difficulty that an authority must solve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAuthorityFile {
    /// The unit that writes.
    pub unit: UnitId,
    /// The case that needs it.
    pub case: CaseId,
    /// The authority.
    pub authority: Text,
    /// The difficulty in writing.
    pub letter: Text,
}

/// One entry of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = AuthorityEntry)]
pub struct Entry {
    /// What is said.
    pub text: Text,
    /// When it happened.
    pub at: Timestamp,
    /// Where it was published, for a publication.
    pub place: Option<PublicationPlace>,
    /// Who recorded it and when.
    pub mark: Mark,
}

/// A letter to an authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuthorityFile {
    /// The unit that writes.
    pub unit: UnitId,
    /// The case that needs it.
    pub case: CaseId,
    /// The authority.
    pub authority: Text,
    /// The difficulty in writing.
    pub letter: Text,
    /// Its number or other reference.
    pub reference: Option<Text>,
    /// The letter as a file of the case.
    pub attachment: Option<AttachmentId>,
    /// When it left the house.
    pub sent_at: Option<Timestamp>,
    /// When it is followed up next.
    pub next: Option<Timestamp>,
    /// When the follow-up was asked for.
    pub reminded_at: Option<Timestamp>,
    /// When the publication was asked for.
    pub publication_asked_at: Option<Timestamp>,
    /// Follow-ups, the newest last.
    pub follow_ups: Vec<Entry>,
    /// Answers, the newest last.
    pub answers: Vec<Entry>,
    /// Publications, the newest last.
    pub publications: Vec<Entry>,
    /// Why it was closed.
    pub closed: Option<Text>,
    /// Where it stands.
    pub state: AuthorityFileState,
}

steps! {
    /// What may be done with a letter to an authority.
    AuthorityFileStep {
        /// 发出.
        Send(SentOut) = "send",
        /// 跟进.
        FollowUp(Followed) = "follow_up",
        /// 回复.
        Answer(Answered) = "answer",
        /// 公布.
        Publish(Published) = "publish",
        /// 了结.
        Close(Why) = "close",
        /// 到期跟进.
        Remind(Bare) = "remind",
        /// 催办公布.
        AskPublication(Bare) = "ask_publication",
    }
}

const DESK: &[By] = &[By::Post(Post::Agent), By::Post(Post::Lead), By::Post(Post::Head)];
const OUT: &[&str] = &["sent", "answered"];

impl Paper for AuthorityFile {
    const KIND: PaperKind = PaperKind::AuthorityFile;
    const RULES: &'static [Rule] = &[
        Rule { step: OPEN, states: &[], by: DESK, sources: &["PROP-18"] },
        Rule { step: "send", states: &["draft"], by: DESK, sources: &["PROP-18"] },
        Rule { step: "follow_up", states: OUT, by: DESK, sources: &["PROP-18"] },
        Rule { step: "answer", states: OUT, by: DESK, sources: &["PROP-18"] },
        Rule { step: "publish", states: &["draft", "sent", "answered"], by: DESK, sources: &["PROP-19"] },
        Rule {
            step: "close",
            states: OUT,
            by: &[By::Post(Post::Lead), By::Post(Post::Head)],
            sources: &["PROP-18", "PROP-19"],
        },
        Rule { step: "remind", states: OUT, by: &[By::Clock], sources: &["PROP-18"] },
        Rule { step: "ask_publication", states: OUT, by: &[By::Clock], sources: &["PROP-19"] },
    ];
    type New = NewAuthorityFile;
    type Step = AuthorityFileStep;

    fn begin(new: NewAuthorityFile, _: &PaperFacts<'_>) -> Result<Self, Refused> {
        Ok(Self {
            unit: new.unit,
            case: new.case,
            authority: new.authority,
            letter: new.letter,
            reference: None,
            attachment: None,
            sent_at: None,
            next: None,
            reminded_at: None,
            publication_asked_at: None,
            follow_ups: Vec::new(),
            answers: Vec::new(),
            publications: Vec::new(),
            closed: None,
            state: AuthorityFileState::Draft,
        })
    }

    fn state(&self) -> &'static str {
        self.state.as_str()
    }

    /// PROP-19: a file of this kind has at least one publication before it closes.
    fn gates(&self, step: &str, _: &PaperFacts<'_>) -> Vec<Reason> {
        if step == "close" {
            reason_unless(!self.publications.is_empty(), "publication_missing")
        } else {
            Vec::new()
        }
    }

    fn faults(&self, step: &AuthorityFileStep, facts: &PaperFacts<'_>) -> Vec<FieldReason> {
        let past = |at: Timestamp| fault_unless(at <= facts.now, "at", "in_the_future");
        let next =
            |at: Option<Timestamp>| fault_unless(at.is_none_or(|at| at > facts.now), "next", "in_the_past");
        match step {
            AuthorityFileStep::Send(body) => [past(body.at), next(Some(body.next))].concat(),
            AuthorityFileStep::FollowUp(body) => next(Some(body.next)),
            AuthorityFileStep::Answer(body) => [past(body.at), next(body.next)].concat(),
            AuthorityFileStep::Publish(body) => past(body.at),
            AuthorityFileStep::Close(_)
            | AuthorityFileStep::Remind(_)
            | AuthorityFileStep::AskPublication(_) => Vec::new(),
        }
    }

    fn apply(&mut self, step: &AuthorityFileStep, mark: Mark) {
        let entry = |text: &Text, at: Timestamp| Entry { text: text.clone(), at, place: None, mark };
        match step {
            AuthorityFileStep::Send(body) => {
                self.sent_at = Some(body.at);
                self.reference.clone_from(&body.reference);
                self.attachment = body.attachment;
                self.state = AuthorityFileState::Sent;
                self.asks_again(Some(body.next));
            }
            AuthorityFileStep::FollowUp(body) => {
                self.follow_ups.push(entry(&body.text, mark.at));
                self.asks_again(Some(body.next));
            }
            AuthorityFileStep::Answer(body) => {
                self.answers.push(entry(&body.text, body.at));
                self.state = AuthorityFileState::Answered;
                self.asks_again(body.next);
            }
            AuthorityFileStep::Publish(body) => {
                self.publications.push(Entry { place: Some(body.place), ..entry(&body.text, body.at) });
            }
            AuthorityFileStep::Close(body) => {
                self.closed = Some(body.reason.clone());
                self.state = AuthorityFileState::Closed;
            }
            AuthorityFileStep::Remind(_) => self.reminded_at = Some(mark.at),
            AuthorityFileStep::AskPublication(_) => self.publication_asked_at = Some(mark.at),
        }
    }

    fn card(&self) -> Card {
        Card {
            unit: self.unit,
            case: Some(self.case),
            period: None,
            due_at: self.next,
            fires_at: self.firing().map(|(at, _)| at),
            people: Vec::new(),
            open: self.state != AuthorityFileState::Closed,
        }
    }

    fn tellings(&self, step: Option<&AuthorityFileStep>) -> Vec<Telling> {
        let post = Recipient::Post;
        match step {
            Some(AuthorityFileStep::Remind(_)) => vec![
                Telling::urgent(post(Post::Agent), "authority_follow_up"),
                Telling::new(post(Post::Lead), "authority_follow_up"),
            ],
            Some(AuthorityFileStep::AskPublication(_)) => {
                vec![Telling::urgent(post(Post::Lead), "publication_due")]
            }
            Some(AuthorityFileStep::Answer(_)) => vec![Telling::new(post(Post::Lead), "authority_answered")],
            Some(
                AuthorityFileStep::Send(_)
                | AuthorityFileStep::FollowUp(_)
                | AuthorityFileStep::Publish(_)
                | AuthorityFileStep::Close(_),
            )
            | None => Vec::new(),
        }
    }

    fn said_in_public<'a>(&'a self, step: &'a AuthorityFileStep) -> Vec<(String, &'a Text)> {
        match step {
            AuthorityFileStep::Publish(body) => vec![("text".to_owned(), &body.text)],
            _ => Vec::new(),
        }
    }

    fn fire(&self, now: Timestamp) -> Option<AuthorityFileStep> {
        self.firing().filter(|(at, _)| *at <= now).map(|(_, step)| step)
    }

    fn unit_of(new: &NewAuthorityFile) -> UnitId {
        new.unit
    }

    fn case_of(new: &NewAuthorityFile) -> Option<CaseId> {
        Some(new.case)
    }
}

impl AuthorityFile {
    const fn asks_again(&mut self, next: Option<Timestamp>) {
        self.next = next;
        self.reminded_at = None;
    }

    fn firing(&self) -> Option<(Timestamp, AuthorityFileStep)> {
        if !OUT.contains(&self.state.as_str()) {
            return None;
        }
        let remind = self.next.filter(|_| self.reminded_at.is_none());
        let waits = self.publications.is_empty() && self.publication_asked_at.is_none();
        let sent = self.sent_at.filter(|_| waits);
        let publish = sent.map(|at| Timestamp::from_micros(at.micros().saturating_add(PUBLISHED_WITHIN)));
        let both = [
            remind.map(|at| (at, AuthorityFileStep::Remind(Bare {}))),
            publish.map(|at| (at, AuthorityFileStep::AskPublication(Bare {}))),
        ];
        both.into_iter().flatten().min_by_key(|(at, _)| *at)
    }
}
