//! Every gate can be opened by somebody where it stands.

use super::super::model::{ClockStart, GateRule};
use super::super::read::Draft;
use crate::case::{Channel, CommandKind, Gate, Kind, Stage, may, stages};
use crate::clock::ClockKind;
use crate::people::Post;
use std::collections::BTreeSet;

/// Where a gate stands.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) draft: &'a Draft,
    pub(super) kind: Kind,
    /// The stage of the move and those from which it can be reached.
    pub(super) before: &'a BTreeSet<Stage>,
}

/// Names the gate that nobody can open, if the rule hangs on one.
pub(super) fn shut(rule: &GateRule, ground: &Ground<'_>) -> Option<String> {
    match rule {
        GateRule::One(gate) => (!can_open(gate, ground)).then(|| gate.to_words()),
        GateRule::All(rules) => rules.iter().find_map(|rule| shut(rule, ground)),
        GateRule::Any(rules) => {
            let found: Vec<String> = rules.iter().map_while(|rule| shut(rule, ground)).collect();
            (found.len() == rules.len()).then(|| found.join(", "))
        }
        GateRule::When(fact, rule) if given(fact) || can_open(fact, ground) => shut(rule, ground),
        GateRule::When(..) => None,
    }
}

/// Facts that come about by themselves, and that nobody opens on purpose.
const fn given(fact: &Gate) -> bool {
    matches!(fact, Gate::Channel(_) | Gate::MajorConfirmed)
}

#[expect(clippy::too_many_lines, reason = "one arm for each gate, and none may be forgotten")]
fn can_open(gate: &Gate, ground: &Ground<'_>) -> bool {
    use CommandKind as K;
    let by = |command: K| {
        !may(command).is_empty() && stages(command).iter().any(|stage| ground.before.contains(stage))
    };
    let draft = ground.draft;
    match gate {
        Gate::OwnerSet
        | Gate::RemediesGiven
        | Gate::MajorJudged
        | Gate::TasksDone
        | Gate::MeasuresKept
        | Gate::GroupVisit
        | Gate::DoneBy(_)
        | Gate::ApprovedWhereAsked(_) => true,
        Gate::Fields(_) => by(K::SetFields),
        Gate::HandlerSet => by(K::Transfer) && by(K::AcceptTransfer),
        Gate::Flag(_) => by(K::Mark),
        Gate::Promise(_) => by(K::Promise),
        Gate::PrescribedLimit => draft.clocks.iter().any(|clock| {
            let rule = &clock.value;
            let written = rule.channels.is_empty() || rule.channels.iter().any(|c| limited(*c));
            written
                && rule.of.contains(&ground.kind)
                && matches!(rule.terms.kind, ClockKind::Reply | ClockKind::Measures)
        }),
        Gate::Availability => by(K::ConfirmSlot),
        Gate::Notified(post) => told(*post, ground),
        Gate::Finding => by(K::RecordFinding),
        Gate::AgreementSigned => by(K::AnswerOption) && by(K::DrawUpAgreement) && by(K::SignAgreement),
        Gate::CorrectiveAgreed => by(K::AgreeCorrective),
        Gate::RemedyChosen => {
            by(K::ProposeRemedy) && draft.remedies.iter().any(|def| def.value.of.contains(&ground.kind))
        }
        Gate::Opinion => by(K::RecordOpinion),
        Gate::Basis => by(K::StateBasis),
        Gate::Options(_) => by(K::OfferOption),
        Gate::OptionAccepted => by(K::OfferOption) && by(K::AnswerOption),
        Gate::Approved(of) => {
            by(K::RequestApproval)
                && by(K::DecideApproval)
                && draft.approvals.iter().any(|approval| approval.value.of == *of)
        }
        Gate::Decided => (by(K::DecideApproval) && !draft.approvals.is_empty()) || by(K::RecordGroupSolution),
        Gate::Form(_) | Gate::HandlingRecord => by(K::FileForm),
        Gate::Verified | Gate::NotInOrder => by(K::Verify),
        Gate::Visit(_) => by(K::Visit),
        Gate::WrittenRequest => by(K::Contact),
        Gate::Exemption(_) => by(K::Exempt),
        Gate::NoRepeat(_) => draft.clocks.iter().any(|clock| {
            let started = match clock.value.start {
                ClockStart::Stage(stage) => ground.before.contains(&stage),
                ClockStart::Receipt => true,
            };
            clock.value.terms.kind.elapses() && clock.value.of.contains(&ground.kind) && started
        }),
        Gate::Notice(_) => by(K::Reply),
        Gate::CustomerWord(_) => by(K::RecordCustomerWord),
        Gate::Linked(_) => by(K::Link),
        Gate::Different(one, other) => one != other,
        Gate::Validity(_) => by(K::DecideValidity),
        Gate::LiabilityGraded => by(K::GradeLiability),
        Gate::ResponsibleNamed => by(K::NameResponsible),
        Gate::ExplanationGiven => by(K::DecideValidity) && by(K::Reply),
        Gate::FactsConfirmed => by(K::Contact),
        Gate::Summary => by(K::Summarise),
        Gate::FormTaken(_) => by(K::FileForm) && by(K::HandOverForm) && by(K::TakeForm),
        // A message has its channel for life: behind `when` only.
        Gate::Channel(_) | Gate::MajorConfirmed => false,
        Gate::WrittenReply => by(K::Reply),
    }
}

/// Channels whose messages are answered within a prescribed limit.
const fn limited(channel: Channel) -> bool {
    channel.is_written() || matches!(channel, Channel::Online)
}

/// Rules tell these posts by themselves, clocks tell those they name.
fn told(post: Post, ground: &Ground<'_>) -> bool {
    matches!(post, Post::Lead | Post::Head | Post::Manager | Post::Group)
        || ground.draft.clocks.iter().any(|clock| clock.value.escalate.contains(&post))
}
