//! What residents are told (公示): drafted from cases without telling who, approved,
//! put up, taken down.
//!
//! PROP-77: once a month what concerns many, or recorded that there is nothing;
//! PROP-19: measures and progress while an authority has the word; PROP-78: on
//! notice board, in the magazine, at the owners' talk. An approval counts for
//! exactly what was drafted; what is changed is approved again.
//!
//! Size: one machine with its shapes, read from draft to withdrawal.

use super::authority_file::PublicationPlace;
use super::body::{Bare, Why, bodies};
use super::rule::OPEN;
use super::{Card, Mark, Paper, PaperFacts, PaperKind, Rule, Telling, fault_unless, reason_unless, steps};
use crate::case::{FieldReason, Reason, Recipient, Refused};
use crate::ids::{CaseId, UnitId};
use crate::pack::By;
use crate::people::Post;
use crate::text::Text;
use crate::time::Timestamp;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The most entries of one publication.
const MOST_ITEMS: usize = 100;

wire_enum! {
    /// What is published.
    PublicationOf {
        /// 每月投诉处理公示 (PROP-77).
        Monthly = "monthly",
        /// 涉政府事项的措施与进展 (PROP-19).
        Progress = "progress",
    }
}

wire_enum! {
    /// Where a publication stands.
    PublicationState {
        /// 拟稿.
        Draft = "draft",
        /// 待批.
        Submitted = "submitted",
        /// 已批.
        Approved = "approved",
        /// 已公示.
        Published = "published",
        /// 已撤下.
        Withdrawn = "withdrawn",
        /// 本期无须公示.
        Nothing = "nothing",
    }
}

bodies! {
    /// One matter as residents read it; tells nobody who it was.
    Item as PublicationItem {
        /// The case it comes from; never shown to residents.
        case: CaseId,
        /// What it was about.
        matter: Text,
        /// What was done.
        handling: Text,
    }

    /// What is to be published, entry by entry.
    Drafted as PublicationDraft {
        /// The heading, where it needs another than its kind's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<Text>,
        /// The entries.
        #[schema(min_items = 1, max_items = 100)]
        items: Vec<Item>,
        /// A word to all, below the entries.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remark: Option<Text>,
    }

    /// An approval of exactly one content.
    Granted as PublicationApproval {
        /// The digest of what was read; must be that of the draft.
        #[schema(min_length = 43, max_length = 43)]
        digest: String,
    }

    /// Put up, where and when.
    PutUp as PublicationPutUp {
        /// Where.
        #[schema(min_items = 1, max_items = 4)]
        places: Vec<PublicationPlace>,
        /// When.
        at: Timestamp,
    }
}

/// A publication that is due, or wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPublication {
    /// The estate.
    pub unit: UnitId,
    /// What is published.
    pub of: PublicationOf,
    /// The month that it covers, `2026-10`; required for a monthly one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 7, example = "2026-10")]
    pub month: Option<String>,
    /// The case that it is about; required for progress.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// By when it must be up.
    pub due_at: Timestamp,
}

/// Who approved what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PublicationGranted)]
pub struct Approved {
    /// The digest of what was read.
    pub digest: String,
    /// Who and when.
    pub mark: Mark,
}

/// What residents are told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Publication {
    /// The estate.
    pub unit: UnitId,
    /// What is published.
    pub of: PublicationOf,
    /// The month that it covers.
    pub month: Option<String>,
    /// The case that it is about.
    pub case: Option<CaseId>,
    /// By when it must be up.
    pub due_at: Timestamp,
    /// The heading, where it has one of its own.
    pub title: Option<Text>,
    /// The entries.
    pub items: Vec<Item>,
    /// A word to all.
    pub remark: Option<Text>,
    /// Names the exact content that is approved: heading, entries and remark.
    pub digest: Option<String>,
    /// Who drafted it last and when.
    pub drafted: Option<Mark>,
    /// Who put it up for approval and when.
    pub submitted: Option<Mark>,
    /// Who approved what.
    pub approved: Option<Approved>,
    /// Why it was sent back, the last time.
    pub returned: Option<Text>,
    /// Where it was put up.
    pub places: Vec<PublicationPlace>,
    /// When it was put up.
    pub published_at: Option<Timestamp>,
    /// Who put it up and when that was written down.
    pub published: Option<Mark>,
    /// Why it was taken down.
    pub withdrawn: Option<Text>,
    /// Why there was nothing to publish.
    pub nothing: Option<Text>,
    /// When it was asked for.
    pub asked_at: Option<Timestamp>,
    /// Where it stands.
    pub state: PublicationState,
}

steps! {
    /// What may be done with a publication.
    PublicationStep {
        /// 拟稿.
        Draft(Drafted) = "draft",
        /// 送审.
        Submit(Bare) = "submit",
        /// 批准.
        Approve(Granted) = "approve",
        /// 退回.
        Return(Why) = "return",
        /// 公示.
        Publish(PutUp) = "publish",
        /// 撤下.
        Withdraw(Why) = "withdraw",
        /// 记录本期无须公示.
        RecordNothing(Why) = "record_nothing",
        /// 催办.
        Ask(Bare) = "ask",
    }
}

const DESK: &[By] = &[By::Post(Post::Agent), By::Post(Post::Lead), By::Post(Post::Head)];
const LEADERS: &[By] = &[By::Post(Post::Lead), By::Post(Post::Head)];
const APPROVERS: &[By] = &[By::Post(Post::Head), By::Post(Post::Manager)];
const BEFORE: &[&str] = &["draft", "submitted", "approved"];

impl Paper for Publication {
    const KIND: PaperKind = PaperKind::Publication;
    const RULES: &'static [Rule] = &[
        Rule {
            step: OPEN,
            states: &[],
            by: &[By::Clock, By::Post(Post::Agent), By::Post(Post::Lead), By::Post(Post::Head)],
            sources: &["PROP-19", "PROP-77"],
        },
        // a draft that was approved loses its approval
        Rule { step: "draft", states: BEFORE, by: DESK, sources: &["PROP-77"] },
        Rule { step: "submit", states: &["draft"], by: DESK, sources: &["PROP-77", "X-14"] },
        Rule { step: "approve", states: &["submitted"], by: APPROVERS, sources: &["PROP-74", "X-14"] },
        Rule { step: "return", states: &["submitted", "approved"], by: APPROVERS, sources: &["X-14"] },
        Rule {
            step: "publish",
            states: &["approved"],
            by: DESK,
            sources: &["PROP-19", "PROP-77", "PROP-78"],
        },
        Rule { step: "withdraw", states: &["published"], by: LEADERS, sources: &["PROP-77"] },
        Rule { step: "record_nothing", states: &["draft"], by: LEADERS, sources: &["PROP-77"] },
        Rule { step: "ask", states: BEFORE, by: &[By::Clock], sources: &["PROP-19", "PROP-77"] },
    ];
    type New = NewPublication;
    type Step = PublicationStep;

    fn begin(new: NewPublication, facts: &PaperFacts<'_>) -> Result<Self, Refused> {
        let by_clock = facts.actor.person.is_none();
        let mut faults = fault_unless(by_clock || new.due_at > facts.now, "due_at", "in_the_past");
        let (monthly, month) = (new.of == PublicationOf::Monthly, new.month.as_deref());
        match month {
            Some(month) => faults.extend(fault_unless(is_month(month), "month", "wrong_value")),
            None => faults.extend(fault_unless(!monthly, "month", "required")),
        }
        faults.extend(fault_unless(monthly || new.case.is_some(), "case", "required"));
        if !faults.is_empty() {
            return Err(Refused::fields(faults));
        }
        Ok(Self {
            unit: new.unit,
            of: new.of,
            month: new.month.filter(|_| monthly),
            case: new.case.filter(|_| !monthly),
            due_at: new.due_at,
            title: None,
            items: Vec::new(),
            remark: None,
            digest: None,
            drafted: None,
            submitted: None,
            approved: None,
            returned: None,
            places: Vec::new(),
            published_at: None,
            published: None,
            withdrawn: None,
            nothing: None,
            asked_at: None,
            state: PublicationState::Draft,
        })
    }

    fn state(&self) -> &'static str {
        self.state.as_str()
    }

    /// who drafted or submitted it does not approve it.
    fn gates(&self, step: &str, facts: &PaperFacts<'_>) -> Vec<Reason> {
        let me = facts.actor.person;
        let mine = [self.drafted, self.submitted].into_iter().flatten().any(|mark| mark.by == me);
        match step {
            "submit" => reason_unless(!self.items.is_empty(), "draft_missing"),
            "approve" => reason_unless(!mine, "own_request"),
            "publish" => {
                let granted = self.approved.as_ref().is_some_and(|one| one.digest == self.content());
                reason_unless(granted, "approval_stale")
            }
            "record_nothing" => reason_unless(self.of == PublicationOf::Monthly, "publication_must_be"),
            _ => Vec::new(),
        }
    }

    fn faults(&self, step: &PublicationStep, facts: &PaperFacts<'_>) -> Vec<FieldReason> {
        match step {
            PublicationStep::Draft(body) => {
                let mut faults =
                    fault_unless((1..=MOST_ITEMS).contains(&body.items.len()), "items", "list_length");
                for (at, item) in body.items.iter().enumerate() {
                    let twice = body.items[..at].iter().any(|other| other.case == item.case);
                    faults.extend(fault_unless(!twice, &format!("items[{at}].case"), "named_twice"));
                }
                faults
            }
            PublicationStep::Approve(body) => {
                fault_unless(body.digest == self.content(), "digest", "approval_stale")
            }
            PublicationStep::Publish(body) => {
                let mut faults = fault_unless((1..=4).contains(&body.places.len()), "places", "list_length");
                faults.extend(fault_unless(body.at <= facts.now, "at", "in_the_future"));
                faults
            }
            PublicationStep::Submit(_)
            | PublicationStep::Return(_)
            | PublicationStep::Withdraw(_)
            | PublicationStep::RecordNothing(_)
            | PublicationStep::Ask(_) => Vec::new(),
        }
    }

    fn apply(&mut self, step: &PublicationStep, mark: Mark) {
        match step {
            PublicationStep::Draft(body) => {
                self.title.clone_from(&body.title);
                self.items.clone_from(&body.items);
                self.remark.clone_from(&body.remark);
                self.digest = Some(self.content());
                self.drafted = Some(mark);
                (self.submitted, self.approved) = (None, None);
                self.state = PublicationState::Draft;
            }
            PublicationStep::Submit(_) => {
                self.submitted = Some(mark);
                self.state = PublicationState::Submitted;
            }
            PublicationStep::Approve(body) => {
                self.approved = Some(Approved { digest: body.digest.clone(), mark });
                self.state = PublicationState::Approved;
            }
            PublicationStep::Return(body) => {
                self.returned = Some(body.reason.clone());
                (self.submitted, self.approved) = (None, None);
                self.state = PublicationState::Draft;
            }
            PublicationStep::Publish(body) => {
                self.places.clone_from(&body.places);
                self.published_at = Some(body.at);
                self.published = Some(mark);
                self.state = PublicationState::Published;
            }
            PublicationStep::Withdraw(body) => {
                self.withdrawn = Some(body.reason.clone());
                self.state = PublicationState::Withdrawn;
            }
            PublicationStep::RecordNothing(body) => {
                self.nothing = Some(body.reason.clone());
                self.state = PublicationState::Nothing;
            }
            PublicationStep::Ask(_) => self.asked_at = Some(mark.at),
        }
    }

    fn card(&self) -> Card {
        let waits = BEFORE.contains(&self.state.as_str());
        Card {
            unit: self.unit,
            case: self.case,
            period: self.month.clone(),
            due_at: waits.then_some(self.due_at),
            fires_at: (waits && self.asked_at.is_none()).then_some(self.due_at),
            people: Vec::new(),
            open: waits,
        }
    }

    fn tellings(&self, step: Option<&PublicationStep>) -> Vec<Telling> {
        let post = Recipient::Post;
        match step {
            None => vec![Telling::new(post(Post::Lead), "publication_opened")],
            Some(PublicationStep::Submit(_)) => vec![Telling::urgent(post(Post::Head), "publication_waits")],
            Some(PublicationStep::Approve(_)) => vec![Telling::new(post(Post::Lead), "publication_approved")],
            Some(PublicationStep::Return(_)) => vec![Telling::new(post(Post::Lead), "publication_returned")],
            Some(PublicationStep::Ask(_)) => vec![
                Telling::urgent(post(Post::Lead), "publication_due"),
                Telling::new(post(Post::Head), "publication_due"),
            ],
            Some(PublicationStep::Withdraw(_)) => {
                vec![Telling::new(post(Post::Head), "publication_withdrawn")]
            }
            Some(
                PublicationStep::Draft(_) | PublicationStep::Publish(_) | PublicationStep::RecordNothing(_),
            ) => Vec::new(),
        }
    }

    fn said_in_public<'a>(&'a self, step: &'a PublicationStep) -> Vec<(String, &'a Text)> {
        match step {
            PublicationStep::Draft(body) => published(&body.title, &body.items, &body.remark),
            PublicationStep::Publish(_) => published(&self.title, &self.items, &self.remark),
            _ => Vec::new(),
        }
    }

    fn fire(&self, now: Timestamp) -> Option<PublicationStep> {
        let waits = BEFORE.contains(&self.state.as_str()) && self.asked_at.is_none();
        (waits && self.due_at <= now).then_some(PublicationStep::Ask(Bare {}))
    }

    fn unit_of(new: &NewPublication) -> UnitId {
        new.unit
    }

    fn case_of(new: &NewPublication) -> Option<CaseId> {
        new.case
    }
}

/// Gives the texts of a publication, each with its path.
fn published<'a>(
    title: &'a Option<Text>,
    items: &'a [Item],
    remark: &'a Option<Text>,
) -> Vec<(String, &'a Text)> {
    let mut texts: Vec<(String, &Text)> = Vec::new();
    texts.extend(title.iter().map(|text| ("title".to_owned(), text)));
    for (at, item) in items.iter().enumerate() {
        texts.push((format!("items[{at}].matter"), &item.matter));
        texts.push((format!("items[{at}].handling"), &item.handling));
    }
    texts.extend(remark.iter().map(|text| ("remark".to_owned(), text)));
    texts
}

impl Publication {
    /// Names the exact content: heading, entries and remark.
    #[must_use]
    pub fn content(&self) -> String {
        let content = serde_json::json!([self.of, self.month, self.title, self.items, self.remark]);
        crate::text::commitment(b"", &crate::case::canonical_json(&content)).0
    }
}

/// Tells whether a text names a month, `2026-10`.
fn is_month(text: &str) -> bool {
    text.len() == 7 && crate::time::Date::parse(&format!("{text}-01")).is_ok()
}
