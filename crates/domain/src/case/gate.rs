//! Gates: typed predicates over a case that stand before its moves (D1).

use super::evaluate::{Facts, NOT_PERMITTED, Reason, Sum, amount_of, approved, policy, sum_fen};
use super::judgement::{self, Validity};
use super::kind::{Channel, Duty, Flag};
use super::major::MajorStanding;
use super::remedy;
use super::state::Case;
use super::words::*;
use crate::clock::ClockKind;
use crate::pack::{By, GateRule};
use crate::people::Post;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One predicate with its parameters; the catalogue that packs choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// Each field is set; waived where nobody may insist (PROP-47).
    Fields(Vec<String>),
    /// Somebody owns the case (PROP-14).
    OwnerSet,
    /// Somebody accepted the work.
    HandlerSet,
    /// The flag is set.
    Flag(Flag),
    /// An open or kept promise of the kind exists (PROP-50).
    Promise(PromiseKind),
    /// The prescribed limit stands in for a promise: letters, mail, posts.
    PrescribedLimit,
    /// The one who will come confirmed a slot (PROP-21).
    Availability,
    /// The post was told (PROP-22).
    Notified(Post),
    /// The finding is recorded (PROP-53).
    Finding,
    /// An opinion is recorded.
    Opinion,
    /// The basis is stated (PROP-40).
    Basis,
    /// At least so many options were offered in this round (PROP-54).
    Options(u32),
    /// The customer accepted an option, not merely provisionally (TXT-15).
    OptionAccepted,
    /// The content was granted and has not changed since.
    Approved(ApprovalOf),
    /// As `Approved`, where the pack names somebody who decides it.
    ApprovedWhereAsked(ApprovalOf),
    /// The last approval was decided either way, or the group solved it.
    Decided,
    /// The accepted option is on paper and signed (ASC-9).
    AgreementSigned,
    /// What keeps it from happening again is agreed with owner and date (PROP-95).
    CorrectiveAgreed,
    /// A remedy of the pack's list was chosen in this round (CP8-12).
    RemedyChosen,
    /// What was proposed was given or called off (CP8-12).
    RemediesGiven,
    /// Not major, or that it is was confirmed or lowered.
    MajorJudged,
    /// Confirmed as major; a condition, nobody opens it (PROP-81).
    MajorConfirmed,
    /// No blocking task is open.
    TasksDone,
    /// Every promised measure was kept or taken back.
    MeasuresKept,
    /// The form is filed, or waived.
    Form(String),
    /// The handling record is there once one working day is over.
    HandlingRecord,
    /// Checked and in order since executing ended (PROP-59).
    Verified,
    /// Checked and not in order since executing ended (PROP-59).
    NotInOrder,
    /// The last visit came out like this (PROP-64).
    Visit(VisitResult),
    /// The group has made its visit, where it must (PROP-57).
    GroupVisit,
    /// An exemption for one of these reasons is recorded; any when empty.
    Exemption(Vec<ExemptionReason>),
    /// So many days passed without a linked repeat (PROP-64).
    NoRepeat(u32),
    /// The customer got an answer of the kind.
    Notice(ReplyKind),
    /// The customer said so about the whole matter.
    CustomerWord(WordMeaning),
    /// A relation of the kind is linked.
    Linked(Relation),
    /// The other side has asked in writing (MEDIA-2).
    WrittenRequest,
    /// Whoever does it now holds the post (MEDIA-1).
    DoneBy(Post),
    /// Nobody did both in the whole history of the case.
    Different(Duty, Duty),
    /// Found established, or found not (MOB-6, CP8-9).
    Validity(Validity),
    /// The liability is graded (MOB-10).
    LiabilityGraded,
    /// It is named who answers for it (CP8-10, MOB-7).
    ResponsibleNamed,
    /// The customer was told why it is not established (MOB-6, PROP-58).
    ExplanationGiven,
    /// The customer confirmed our account of the facts (MOB-8, ASC-13).
    FactsConfirmed,
    /// The case is summed up (CP8-13).
    Summary,
    /// The form was handed over and taken (ASC-4).
    FormTaken(String),
    /// The message came by one of these ways; a condition, nobody opens it.
    Channel(Vec<Channel>),
    /// The final answer went out in writing, with its proof (CP8-19, X-19).
    WrittenReply,
}

/// Seconds of a day, in microseconds.
const DAY: i64 = 86_400_000_000;

impl Gate {
    /// Tells whether the gate is open, else why not and who can open it.
    ///
    /// # Errors
    /// The reason, with code, parameters and who can open the gate.
    #[expect(clippy::too_many_lines, reason = "one arm for each gate of the catalogue")]
    pub fn check(&self, case: &Case, facts: &Facts<'_>) -> Result<(), Reason> {
        let owner_side = &[By::Owner, By::Handler, By::Post(Post::Lead)][..];
        let lead = &[By::Post(Post::Lead)][..];
        let handler = &[By::Handler, By::Post(Post::Lead)][..];
        let (open, code, who): (bool, &'static str, &[By]) = match self {
            Self::Fields(names) => return fields(names, case, facts, owner_side),
            Self::OwnerSet => (true, "owner_missing", lead),
            Self::HandlerSet => (case.handler.is_some(), "handler_missing", owner_side),
            Self::Flag(flag) => {
                return closed_unless(
                    case.has(*flag),
                    "flag_missing",
                    owner_side,
                    &[("flag", flag.as_str())],
                );
            }
            Self::Promise(kind) => {
                let given = case.promises.iter().any(|p| p.kind == *kind && p.withdrawn_at.is_none());
                return closed_unless(given, "promise_missing", owner_side, &[("kind", kind.as_str())]);
            }
            Self::PrescribedLimit => (prescribed(case), "promise_missing", owner_side),
            Self::Availability => (!case.slots.is_empty(), "availability_not_confirmed", handler),
            Self::Notified(post) => {
                return closed_unless(
                    case.told.contains(post),
                    "not_notified",
                    owner_side,
                    &[("post", post.name())],
                );
            }
            Self::Finding => (case.round.finding.is_some(), "finding_missing", handler),
            Self::Opinion => (case.round.opinion.is_some(), "opinion_missing", handler),
            Self::Basis => (case.round.basis.is_some(), "basis_missing", handler),
            Self::Options(least) => {
                let offered = case.round.options.len();
                let enough = offered >= *least as usize;
                return closed_unless(enough, "options_missing", handler, &[("least", &least.to_string())]);
            }
            Self::OptionAccepted => (case.accepted_option().is_some(), "option_not_accepted", handler),
            Self::Approved(of) => return approved(*of, case, facts),
            Self::ApprovedWhereAsked(of) => {
                let sum = sum_fen(Sum { of: *of, remedy: None, amount: amount_of(*of, case) }, case, facts);
                let asked = policy(*of, sum, case, facts).is_some();
                return if asked { approved(*of, case, facts) } else { Ok(()) };
            }
            Self::Decided => (
                decided(case),
                "not_decided",
                &[By::Post(Post::Head), By::Post(Post::Manager), By::Post(Post::Group)],
            ),
            Self::AgreementSigned => return super::agreement::signed(case),
            Self::CorrectiveAgreed => (!case.correctives.is_empty(), "corrective_missing", owner_side),
            Self::RemedyChosen => (remedy::chosen(case), "remedy_missing", owner_side),
            Self::RemediesGiven => (remedy::all_given(case), "remedies_open", handler),
            Self::MajorJudged => {
                let open = case.major.as_ref().is_some_and(|m| m.standing == MajorStanding::Provisional);
                (!open, "major_not_judged", &[By::Post(Post::Lead), By::Post(Post::Head)])
            }
            Self::MajorConfirmed => (case.is_confirmed_major(), "not_major", &[]),
            Self::TasksDone => (!case.tasks.iter().any(|t| t.blocking && t.is_open()), "tasks_open", handler),
            Self::MeasuresKept => {
                let open = case.promises.iter().any(|p| p.kind == PromiseKind::Measure && p.is_open());
                (!open, "measures_open", handler)
            }
            Self::Form(form) => {
                return closed_unless(
                    case.forms.contains_key(form),
                    "form_missing",
                    handler,
                    &[("form", form)],
                );
            }
            Self::HandlingRecord => {
                let there = case.forms.contains_key(HANDLING_RECORD) || !record_due(case, facts.now);
                return closed_unless(there, "form_missing", handler, &[("form", HANDLING_RECORD)]);
            }
            Self::Verified => {
                let good = case.round.verified.as_ref().is_some_and(|(verified, ..)| verified.in_order);
                (good, "not_verified", &[By::Post(Post::Verifier)])
            }
            Self::NotInOrder => {
                let bad = case.round.verified.as_ref().is_some_and(|(verified, ..)| !verified.in_order);
                (bad, "not_found_wanting", &[By::Post(Post::Verifier)])
            }
            Self::WrittenRequest => (asked_in_writing(case), "request_not_in_writing", owner_side),
            Self::Visit(result) => {
                let last = case.round.visits.last();
                let came = last.is_some_and(|visit| visit.visit.result == *result);
                let who = &[By::Post(Post::Visitor), By::Post(Post::Lead), By::Post(Post::Group)];
                return closed_unless(came, "visit_missing", who, &[("result", result.as_str())]);
            }
            Self::GroupVisit => {
                (!case.group_visit_pending(), "group_visit_pending", &[By::Post(Post::Group)])
            }
            Self::Exemption(reasons) => {
                let given = case
                    .round
                    .exemption
                    .is_some_and(|(reason, _)| reasons.is_empty() || reasons.contains(&reason));
                (given, "exemption_missing", lead)
            }
            Self::NoRepeat(days) => return no_repeat(*days, case, facts),
            Self::Notice(kind) => {
                let given = case.replies.iter().any(|reply| reply.kind == *kind);
                return closed_unless(given, "notice_missing", handler, &[("kind", kind.as_str())]);
            }
            Self::CustomerWord(meaning) => {
                let said = case.round.customer_word.is_some_and(|(word, _)| word == *meaning);
                return closed_unless(
                    said,
                    "customer_word_missing",
                    owner_side,
                    &[("meaning", meaning.as_str())],
                );
            }
            Self::Linked(relation) => {
                let linked = case.relations.iter().any(|(kind, ..)| kind == relation);
                return closed_unless(linked, "not_linked", owner_side, &[("relation", relation.as_str())]);
            }
            Self::Validity(validity) => {
                let found = case.round.judgement.found(*validity);
                return closed_unless(found, "validity_missing", lead, &[("validity", validity.as_str())]);
            }
            Self::LiabilityGraded => (case.round.judgement.liability.is_some(), "liability_missing", handler),
            Self::ResponsibleNamed => {
                (case.round.judgement.responsible.is_some(), "responsible_missing", lead)
            }
            Self::ExplanationGiven => (judgement::explained(case), "explanation_missing", owner_side),
            Self::FactsConfirmed => {
                (case.round.facts_confirmed_at.is_some(), "facts_not_confirmed", owner_side)
            }
            Self::Summary => (case.round.judgement.summary.is_some(), "summary_missing", owner_side),
            Self::FormTaken(name) => return judgement::form_taken(name, case),
            Self::Channel(channels) => (channels.contains(&case.channel), "other_channel", &[]),
            Self::WrittenReply => {
                (case.round.written_reply_at.is_some(), "written_reply_missing", owner_side)
            }
            Self::DoneBy(post) => {
                let theirs = &[By::Post(*post)];
                return closed_unless(facts.is_any(theirs, case), NOT_PERMITTED, theirs, &[]);
            }
            Self::Different(one, other) => {
                let apart = !case.doers.iter().any(|(duty, person)| duty == one && case.did(*other, *person));
                let params = [("one", one.as_str()), ("other", other.as_str())];
                return closed_unless(apart, "duties_clash", lead, &params);
            }
        };
        closed_unless(open, code, who, &[])
    }
}

/// Name of the form that PROP-17 prescribes.
pub const HANDLING_RECORD: &str = "handling_record";

impl GateRule {
    /// Tells whether the rule is open, else every reason why not.
    ///
    /// Of an `any`, the reasons of all its branches are given: each one, when
    /// mended, opens it.
    #[must_use]
    pub fn reasons(&self, case: &Case, facts: &Facts<'_>) -> Vec<Reason> {
        match self {
            Self::One(gate) => gate.check(case, facts).err().into_iter().collect(),
            Self::All(rules) => rules.iter().flat_map(|rule| rule.reasons(case, facts)).collect(),
            Self::Any(rules) => {
                let mut all = Vec::new();
                for rule in rules {
                    let reasons = rule.reasons(case, facts);
                    if reasons.is_empty() {
                        return reasons;
                    }
                    all.extend(reasons);
                }
                all
            }
            Self::When(gate, rule) if gate.check(case, facts).is_ok() => rule.reasons(case, facts),
            Self::When(..) => Vec::new(),
        }
    }
}

fn closed_unless(open: bool, code: &'static str, who: &[By], params: &[(&str, &str)]) -> Result<(), Reason> {
    if open { Ok(()) } else { Err(Reason::new(code).who(who).params(params)) }
}

/// PROP-47: where nobody may insist, missing name and room do not hold up.
fn fields(names: &[String], case: &Case, facts: &Facts<'_>, who: &[By]) -> Result<(), Reason> {
    let relaxed = case.has(Flag::Anonymous)
        || case
            .category
            .as_deref()
            .and_then(|code| facts.pack.category(code))
            .is_some_and(|c| c.no_insisting);
    let missing = names.iter().find(|name| match name.as_str() {
        "text" | "channel" => false,
        "party" => case.parties.is_empty() && !relaxed,
        "category" => case.category.is_none(),
        other => !case.fields.contains_key(other) && !relaxed,
    });
    let Some(missing) = missing else { return Ok(()) };
    closed_unless(false, "field_missing", who, &[("field", missing)])
}

pub(super) fn prescribed(case: &Case) -> bool {
    let reply =
        case.clocks.iter().any(|clock| clock.kind == ClockKind::Reply || clock.kind == ClockKind::Measures);
    reply
        && matches!(
            case.channel,
            Channel::Letter | Channel::Email | Channel::Fax | Channel::Online | Channel::Web
        )
}

/// MEDIA-2: the message itself, or a later contact, came in writing.
fn asked_in_writing(case: &Case) -> bool {
    case.channel.is_written()
        || case
            .contacts
            .iter()
            .any(|seen| seen.contact.direction == Direction::Inbound && seen.contact.channel.is_written())
}

/// What was decided before the case came here does not decide it now.
fn decided(case: &Case) -> bool {
    let stands = case.round.approvals.iter().rev().find(|approval| approval.withdrawn_at.is_none());
    let last = stands.and_then(|approval| approval.decision);
    let solved = case.round.group_solution.as_ref();
    solved.is_some_and(|(_, at)| *at >= case.stage_since)
        || last.is_some_and(|(.., at)| at >= case.stage_since)
}

/// PROP-17: the limit is the clock `record`, one working day by the pack.
fn record_due(case: &Case, now: Timestamp) -> bool {
    let counts =
        |clock: &&crate::clock::Clock| clock.kind == ClockKind::Record && clock.cancelled_at.is_none();
    case.clocks.iter().filter(counts).any(|clock| now >= clock.due_at)
}

/// PROP-64, X-12: counted from completion, for exemption (4) from the notice.
fn no_repeat(days: u32, case: &Case, facts: &Facts<'_>) -> Result<(), Reason> {
    let who = &[By::Clock][..];
    let beyond = matches!(case.round.exemption, Some((ExemptionReason::BeyondAbility, _)));
    let completed =
        case.clocks.iter().rev().find(|clock| clock.kind == ClockKind::Settle).map(|clock| clock.started_at);
    let from = if beyond { case.round.final_notice_at.or(completed) } else { completed };
    let Some(from) = from else { return closed_unless(false, "not_settling", who, &[]) };
    let repeated = case.relations.iter().any(|(kind, _, at)| *kind == Relation::RepeatedBy && *at >= from);
    if repeated {
        return closed_unless(false, "repeated", who, &[]);
    }
    let until = Timestamp::from_micros(from.micros() + i64::from(days) * DAY);
    let over = facts.now >= until;
    closed_unless(over, "still_settling", who, &[("until", &until.to_string())])
}
