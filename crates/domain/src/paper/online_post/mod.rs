//! An online complaint (网上投诉): from the post to the public reply (PROP-71…76).
//!
//! The thread is one item however often it is followed up; what a follow-up
//! brings that is new is counted apart (PROP-91). A reply leaves the house only
//! when every point is answered, the head has granted exactly this text, the
//! company has where many will read it, and the group knows.
//!
//! Size: one machine with its shapes; bodies and rules are beside it.

mod body;
mod rules;
mod shape;

pub use body::*;
pub use shape::*;

use super::{Card, Mark, Paper, PaperFacts, PaperKind, Rule, Telling, fault_unless, steps};
use crate::case::{FieldReason, Reason, Recipient, Refused};
use crate::ids::{AttachmentId, CaseId, PersonId, UnitId};
use crate::paper::body::{Said, Why};
use crate::people::Post;
use crate::text::Text;
use crate::time::Timestamp;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

wire_enum! {
    /// Where an online post stands.
    OnlinePostState {
        /// 待转责任业务口.
        Received = "received",
        /// 待查实.
        PassedOn = "passed_on",
        /// 待部门负责人审批措施.
        Found = "found",
        /// 措施已批, 待拟回复.
        MeasuresApproved = "measures_approved",
        /// 回复待审批.
        Drafted = "drafted",
        /// 回复已批, 待发.
        Approved = "approved",
        /// 已公开回复.
        Replied = "replied",
        /// 已了结.
        Closed = "closed",
    }
}

/// A post as somebody found it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit": "01890000-0000-7000-8000-000000000001", "platform": "业主论坛",
    "url": "https://forum.example/t/1", "text": "电梯又停了，物业不管", "posted_at": "2026-09-30T09:00:00+08:00"}))]
pub struct NewOnlinePost {
    /// The estate or unit that it is about.
    pub unit: UnitId,
    /// Its case; one is opened when not said.
    #[serde(default)]
    pub case: Option<CaseId>,
    /// The platform.
    pub platform: Text,
    /// Its address; the same thread is recorded once.
    #[schema(max_length = 2000)]
    pub url: String,
    /// The author's name there.
    #[serde(default)]
    pub author: Option<Text>,
    /// What it says.
    pub text: Text,
    /// When it was posted.
    pub posted_at: Timestamp,
    /// Replies in the thread when it was found.
    #[serde(default)]
    #[schema(maximum = 1000000000)]
    pub replies: Option<u32>,
    /// The points of the complaint.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub points: Vec<Text>,
}

/// An online complaint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OnlinePost {
    /// The estate or unit that it is about.
    pub unit: UnitId,
    /// Its case.
    pub case: Option<CaseId>,
    /// The platform.
    pub platform: Text,
    /// Its address.
    pub url: String,
    /// The author's name there.
    pub author: Option<Text>,
    /// What it says.
    pub text: Text,
    /// When it was posted.
    pub posted_at: Timestamp,
    /// Whether the company must review what is done (PROP-74).
    pub wide: bool,
    /// Why.
    pub wide_reason: Option<Text>,
    /// The points of the complaint.
    pub points: Vec<Point>,
    /// How hot the thread was, the newest last.
    pub heat: Vec<HeatSeen>,
    /// Later posts, the newest last.
    pub follow_ups: Vec<Followed>,
    /// The accused line.
    pub accused: Option<PassedOn>,
    /// Facts and proposed measures.
    pub finding: Option<FindingMade>,
    /// The head's decision on the measures.
    pub measures: Option<Approval>,
    /// The company's review of the measures, where many will read it.
    pub review: Option<Approval>,
    /// When the group was told, by whom (PROP-72).
    pub reported: Option<Mark>,
    /// The reply that is to appear.
    pub draft: Option<Draft>,
    /// Decisions on drafts, the newest last.
    pub approvals: Vec<Approval>,
    /// Replies that appeared, the newest last.
    pub replies: Vec<Reply>,
    /// Where it stands.
    pub state: OnlinePostState,
}

steps! {
    /// What may be done with an online post.
    OnlinePostStep {
        /// 转责任业务口.
        PassOn(PassedOn) = "pass_on",
        /// 查实并提措施.
        Find(Found) = "find",
        /// 部门负责人审批措施.
        DecideMeasures(Ruled) = "decide_measures",
        /// 公司审议措施.
        ReviewMeasures(Ruled) = "review_measures",
        /// 报集团.
        ReportGroup(Said) = "report_group",
        /// 列出诉点.
        AddPoint(PointNamed) = "add_point",
        /// 诉点已答复.
        TickPoint(PointTicked) = "tick_point",
        /// 跟帖热度.
        MeasureHeat(HeatSeen) = "measure_heat",
        /// 跟帖.
        FollowUp(Followed) = "follow_up",
        /// 影响面.
        MarkWide(WideMarked) = "mark_wide",
        /// 拟回复.
        Draft(Drafted) = "draft",
        /// 审批回复.
        Decide(Ruled) = "decide",
        /// 公开回复.
        Publish(Published) = "publish",
        /// 了结.
        Close(Why) = "close",
    }
}

/// Names exactly one content: text and files, in their order.
#[must_use]
pub fn digest_of(text: &Text, attachments: &[AttachmentId]) -> String {
    let mut hash = Sha256::new();
    hash.update(b"huiyin-reply-1");
    hash.update((text.as_str().len() as u64).to_be_bytes());
    hash.update(text.as_str().as_bytes());
    for attachment in attachments {
        hash.update(attachment.to_string().as_bytes());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Says whether an address can be a page's: `http` or `https`, and not endless.
fn is_page(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    !host.is_empty() && url.len() <= 2000 && !url.chars().any(|letter| letter.is_control() || letter == ' ')
}

impl Paper for OnlinePost {
    const KIND: PaperKind = PaperKind::OnlinePost;
    const RULES: &'static [Rule] = rules::RULES;
    type New = NewOnlinePost;
    type Step = OnlinePostStep;

    fn begin(new: NewOnlinePost, facts: &PaperFacts<'_>) -> Result<Self, Refused> {
        let mut faults = fault_unless(is_page(&new.url), "url", "address_malformed");
        faults.extend(fault_unless(new.posted_at <= facts.now, "posted_at", "in_the_future"));
        faults.extend(fault_unless(new.points.len() <= 50, "points", "list_length"));
        if !faults.is_empty() {
            return Err(Refused::fields(faults));
        }
        let seen = new.replies.map(|replies| HeatSeen { at: facts.now, replies, views: None });
        let mut post = Self {
            unit: new.unit,
            case: new.case,
            platform: new.platform,
            url: new.url,
            author: new.author,
            text: new.text,
            posted_at: new.posted_at,
            wide: false,
            wide_reason: None,
            points: Vec::new(),
            heat: seen.into_iter().collect(),
            follow_ups: Vec::new(),
            accused: None,
            finding: None,
            measures: None,
            review: None,
            reported: None,
            draft: None,
            approvals: Vec::new(),
            replies: Vec::new(),
            state: OnlinePostState::Received,
        };
        new.points.into_iter().for_each(|text| post.list(text, facts.mark()));
        Ok(post)
    }

    fn state(&self) -> &'static str {
        self.state.as_str()
    }

    fn gates(&self, step: &str, facts: &PaperFacts<'_>) -> Vec<Reason> {
        rules::gates(self, step, facts)
    }

    fn faults(&self, step: &OnlinePostStep, facts: &PaperFacts<'_>) -> Vec<FieldReason> {
        rules::faults(self, step, facts)
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each step, and none may be forgotten")]
    fn apply(&mut self, step: &OnlinePostStep, mark: Mark) {
        let approval = |ruled: &Ruled, digest: String, post: Post| Approval {
            digest,
            post,
            granted: ruled.granted,
            text: ruled.text.clone(),
            mark,
        };
        match step {
            OnlinePostStep::PassOn(body) => {
                self.accused = Some(body.clone());
                self.state = OnlinePostState::PassedOn;
            }
            OnlinePostStep::Find(body) => {
                let (facts, measures) = (body.facts.clone(), body.measures.clone());
                self.finding = Some(FindingMade { facts, measures, mark });
                (self.measures, self.review, self.reported) = (None, None, None);
                self.state = OnlinePostState::Found;
            }
            OnlinePostStep::DecideMeasures(ruled) => {
                self.measures = Some(approval(ruled, self.measures_digest(), Post::Head));
                self.state =
                    if ruled.granted { OnlinePostState::MeasuresApproved } else { OnlinePostState::PassedOn };
            }
            OnlinePostStep::ReviewMeasures(ruled) => {
                self.review = Some(approval(ruled, self.measures_digest(), Post::Manager));
                if !ruled.granted {
                    self.state = OnlinePostState::PassedOn;
                }
            }
            OnlinePostStep::ReportGroup(_) => self.reported = Some(mark),
            OnlinePostStep::AddPoint(body) => self.list(body.text.clone(), mark),
            OnlinePostStep::TickPoint(body) => {
                for point in self.points.iter_mut().filter(|point| point.id == body.point) {
                    point.answer = Some(body.text.clone());
                    point.ticked = Some(mark);
                }
            }
            OnlinePostStep::MeasureHeat(body) => self.heat.push(body.clone()),
            OnlinePostStep::FollowUp(body) => {
                body.new_points.iter().for_each(|text| self.list(text.clone(), mark));
                self.follow_ups.push(body.clone());
            }
            OnlinePostStep::MarkWide(body) => {
                self.wide = body.wide;
                self.wide_reason = Some(body.reason.clone());
                if self.state == OnlinePostState::Approved && !self.is_approved() {
                    self.state = OnlinePostState::Drafted;
                }
            }
            OnlinePostStep::Draft(body) => {
                let digest = digest_of(&body.text, &body.attachments);
                let (text, attachments) = (body.text.clone(), body.attachments.clone());
                self.draft = Some(Draft { text, attachments, digest, mark });
                self.state = OnlinePostState::Drafted;
            }
            OnlinePostStep::Decide(ruled) => {
                let digest = self.draft.as_ref().map(|draft| draft.digest.clone()).unwrap_or_default();
                let post = if self.granted_by(Post::Head) { Post::Manager } else { Post::Head };
                self.approvals.push(approval(ruled, digest, post));
                if !ruled.granted {
                    self.state = OnlinePostState::MeasuresApproved;
                } else if self.is_approved() {
                    self.state = OnlinePostState::Approved;
                }
            }
            OnlinePostStep::Publish(body) => {
                if let Some(draft) = self.draft.take() {
                    let (url, attachment) = (body.url.clone(), body.attachment);
                    let Draft { text, attachments, digest, .. } = draft;
                    self.replies.push(Reply {
                        digest,
                        text,
                        attachments,
                        url,
                        at: body.at,
                        attachment,
                        mark,
                    });
                }
                self.state = OnlinePostState::Replied;
            }
            OnlinePostStep::Close(_) => self.state = OnlinePostState::Closed,
        }
    }

    fn card(&self) -> Card {
        Card {
            unit: self.unit,
            case: self.case,
            // the same thread is one item (PROP-91)
            period: Some(self.url.clone()),
            due_at: None,
            fires_at: None,
            people: self.accused.iter().filter_map(|accused| accused.person).collect(),
            open: self.state != OnlinePostState::Closed,
        }
    }

    fn tellings(&self, step: Option<&OnlinePostStep>) -> Vec<Telling> {
        let post = Recipient::Post;
        match step {
            None => vec![Telling::urgent(post(Post::Lead), "online_post_found")],
            Some(OnlinePostStep::PassOn(body)) => {
                let to = body.person.map_or(post(Post::Head), Recipient::Person);
                vec![Telling::urgent(to, "online_post_passed_on").at(body.unit)]
            }
            Some(OnlinePostStep::Find(_)) => {
                vec![Telling::urgent(post(Post::Head), "online_post_decision_waits")]
            }
            Some(OnlinePostStep::DecideMeasures(ruled)) if ruled.granted && self.wide => {
                vec![Telling::urgent(post(Post::Manager), "online_post_decision_waits")]
            }
            Some(OnlinePostStep::ReportGroup(_)) => {
                vec![Telling::new(post(Post::Group), "online_post_reported")]
            }
            Some(OnlinePostStep::MarkWide(body)) if body.wide => {
                vec![Telling::urgent(post(Post::Manager), "online_post_wide")]
            }
            Some(OnlinePostStep::Draft(_)) => {
                vec![Telling::urgent(post(Post::Head), "online_post_decision_waits")]
            }
            Some(OnlinePostStep::Decide(ruled)) if ruled.granted && !self.is_approved() => {
                vec![Telling::urgent(post(Post::Manager), "online_post_decision_waits")]
            }
            Some(OnlinePostStep::FollowUp(_)) => vec![Telling::new(post(Post::Lead), "online_post_followed")],
            Some(
                OnlinePostStep::Decide(_)
                | OnlinePostStep::DecideMeasures(_)
                | OnlinePostStep::ReviewMeasures(_),
            ) => {
                vec![Telling::new(post(Post::Lead), "online_post_decided")]
            }
            Some(
                OnlinePostStep::AddPoint(_)
                | OnlinePostStep::TickPoint(_)
                | OnlinePostStep::MeasureHeat(_)
                | OnlinePostStep::MarkWide(_)
                | OnlinePostStep::Publish(_)
                | OnlinePostStep::Close(_),
            ) => Vec::new(),
        }
    }

    fn said_in_public<'a>(&'a self, step: &'a OnlinePostStep) -> Vec<(String, &'a Text)> {
        let said = match step {
            OnlinePostStep::Draft(body) => Some(&body.text),
            OnlinePostStep::Publish(_) => self.draft.as_ref().map(|draft| &draft.text),
            _ => None,
        };
        said.map(|text| ("text".to_owned(), text)).into_iter().collect()
    }

    fn fire(&self, _: Timestamp) -> Option<OnlinePostStep> {
        None
    }

    fn unit_of(new: &NewOnlinePost) -> UnitId {
        new.unit
    }

    fn case_of(new: &NewOnlinePost) -> Option<CaseId> {
        new.case
    }

    fn units_of_step(step: &OnlinePostStep) -> Vec<(String, UnitId)> {
        match step {
            OnlinePostStep::PassOn(body) => vec![("unit".to_owned(), body.unit)],
            _ => Vec::new(),
        }
    }

    fn people_of_step(step: &OnlinePostStep) -> Vec<(String, PersonId)> {
        match step {
            OnlinePostStep::PassOn(body) => {
                body.person.iter().map(|who| ("person".to_owned(), *who)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn seen_from(&self) -> Vec<UnitId> {
        self.accused.iter().map(|accused| accused.unit).collect()
    }
}

impl OnlinePost {
    fn list(&mut self, text: Text, listed: Mark) {
        let id = u32::try_from(self.points.len()).unwrap_or(u32::MAX).saturating_add(1);
        self.points.push(Point { id, text, listed, answer: None, ticked: None });
    }

    fn measures_digest(&self) -> String {
        self.finding.as_ref().map(|finding| digest_of(&finding.measures, &[])).unwrap_or_default()
    }

    /// PROP-76: whether a public reply has left the house the right way.
    #[must_use]
    pub const fn is_public(&self) -> bool {
        matches!(self.state, OnlinePostState::Replied | OnlinePostState::Closed)
    }

    /// PROP-72, D1: whether a post granted exactly the present draft.
    fn granted_by(&self, post: Post) -> bool {
        let digest = self.draft.as_ref().map(|draft| &draft.digest);
        let last = self
            .approvals
            .iter()
            .rev()
            .find(|approval| approval.post == post && Some(&approval.digest) == digest);
        last.is_some_and(|approval| approval.granted)
    }

    /// PROP-72, PROP-74: by the head, and by the company where many will read it.
    fn is_approved(&self) -> bool {
        self.granted_by(Post::Head) && (!self.wide || self.granted_by(Post::Manager))
    }
}
