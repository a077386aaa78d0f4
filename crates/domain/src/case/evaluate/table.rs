//! Who may take which action, and in which stages it makes sense.

use super::super::command::CommandKind;
use super::super::stage::Stage;
use crate::pack::By;
use crate::people::Post;

const AGENT: By = By::Post(Post::Agent);
const LEAD: By = By::Post(Post::Lead);
const HEAD: By = By::Post(Post::Head);
const GROUP: By = By::Post(Post::Group);

/// Names who may take an action that is not a move; those are the pack's.
#[must_use]
#[expect(clippy::too_many_lines, reason = "a table with a line for each action")]
pub const fn may(kind: CommandKind) -> &'static [By] {
    use CommandKind as K;
    match kind {
        K::Move(_) => &[],
        K::Note => &[By::Anybody],
        K::Contact | K::Attach => &[By::Anybody, By::Customer],
        K::SetFields | K::StateDemand | K::Link => &[By::Owner, By::Handler, AGENT, LEAD],
        K::Mark => &[By::Owner, By::Handler, AGENT, LEAD, HEAD],
        K::Classify => &[By::Owner, By::Handler, LEAD, By::Post(Post::Statistics)],
        K::Unmark => &[LEAD, HEAD],
        K::HandOver | K::Transfer => &[By::Owner, LEAD, HEAD],
        K::AcceptHandOver | K::DeclineHandOver | K::AcceptTransfer | K::RejectTransfer => &[By::Asked],
        K::ReturnTransfer => &[By::Handler],
        K::Promise | K::KeepPromise | K::WithdrawPromise | K::Reply | K::RankExpectations => {
            &[By::Owner, By::Handler, LEAD]
        }
        K::ConfirmSlot => &[By::Handler, LEAD, By::Post(Post::Department)],
        K::RecordFinding | K::StateBasis | K::OfferOption => &[By::Handler, LEAD],
        K::RecordOpinion | K::RequestApproval => &[By::Owner, By::Handler, LEAD],
        K::AnswerOption => &[By::Owner, By::Handler, LEAD, By::Customer],
        K::DrawUpAgreement | K::SignAgreement => &[By::Owner, By::Handler, LEAD],
        K::AcceptTask | K::ReturnTask => &[By::Anybody],
        K::PassTask => &[By::Owner, By::Handler, LEAD],
        K::AgreeCorrective => &[By::Owner, By::Handler, LEAD, HEAD],
        K::AddTask | K::CancelTask => &[By::Owner, By::Handler, LEAD, HEAD],
        // Whose signature it waits for says the ladder: a deputy holds any post.
        K::DecideApproval | K::WithdrawApproval | K::CompleteTask | K::ReportTask => &[By::Anybody],
        K::FileForm => &[By::Owner, By::Handler, LEAD],
        K::WaiveForm => &[LEAD],
        K::Verify => &[By::Post(Post::Verifier)],
        // PROP-62: the customer may answer the three questions alone.
        K::Visit => &[LEAD, By::Post(Post::Visitor), GROUP, By::Customer],
        K::Exempt => &[LEAD, By::Owner, GROUP],
        K::Escalate | K::FileReport => &[By::Owner, By::Handler, LEAD, HEAD],
        K::RecordGroupSolution => &[GROUP],
        K::Extend => &[LEAD, HEAD],
        K::PauseClock | K::ResumeClock => &[By::Owner, By::Handler, LEAD],
        K::Urge => &[By::Owner, AGENT, LEAD, HEAD, By::Post(Post::Supervision), By::Post(Post::Office)],
        K::Supervise => &[
            LEAD,
            HEAD,
            By::Post(Post::Supervision),
            By::Post(Post::Office),
            By::Post(Post::Manager),
            By::Post(Post::DeputyGm),
            By::Post(Post::Gm),
            GROUP,
        ],
        K::AnswerReminder => &[By::Owner, By::Handler, LEAD],
        K::CorrectKind | K::CorrectUnit | K::CorrectParty => &[By::Owner, LEAD, HEAD],
        K::RecordCustomerWord => &[By::Owner, By::Handler, AGENT, LEAD, By::Post(Post::Visitor)],
        K::Reopen => &[By::Owner, AGENT, LEAD, HEAD],
        K::DecideValidity | K::NameResponsible => &[LEAD, HEAD],
        K::GradeLiability => &[By::Handler, LEAD, HEAD],
        K::Summarise | K::HandOverForm => &[By::Owner, By::Handler, LEAD],
        K::TakeForm => &[By::Asked],
        K::NoteEmotion => &[By::Owner, By::Handler, AGENT, LEAD, By::Post(Post::Visitor)],
        K::PlanHomeVisit => &[By::Owner, By::Handler, LEAD, By::Post(Post::Visitor)],
        K::ProposeRemedy | K::GiveRemedy | K::DropRemedy => &[By::Owner, By::Handler, LEAD],
        K::SendConfirmation => &[By::Owner, By::Handler, LEAD],
        // The customer's own word, by the page behind the link.
        K::ConfirmAgreement => &[By::Clock],
        K::OpenThread => &[By::Owner, By::Handler, AGENT, LEAD],
        // A salesperson writes too, into the own thread alone.
        K::WriteMessage => &[By::Anybody],
        K::ChangeSetting | K::RaiseLevel => &[By::Owner, By::Handler, LEAD, HEAD],
        K::JudgeMajor => &[LEAD, HEAD],
        K::DecideInclusion => &[By::Post(Post::Statistics)],
    }
}

/// Names the stages in which an action makes sense.
#[must_use]
#[expect(clippy::too_many_lines, reason = "one table: an arm for each action")]
pub fn stages(kind: CommandKind) -> &'static [Stage] {
    use CommandKind as K;
    use Stage as S;
    const BEFORE_CLOSED: &[Stage] = &[
        S::Received,
        S::Accepted,
        S::Assessing,
        S::Investigating,
        S::Negotiating,
        S::Deciding,
        S::Executing,
        S::Verifying,
        S::Visiting,
        S::Settling,
    ];
    const WORKING: &[Stage] = &[
        S::Received,
        S::Accepted,
        S::Assessing,
        S::Investigating,
        S::Negotiating,
        S::Deciding,
        S::Executing,
    ];
    match kind {
        // Where a move may be made says the pack.
        K::Move(_) => S::ALL,
        // What comes in later still belongs to the file (PROP-67), and so does
        // a form or note handed in after the work (PROP-17, SUP-8).
        K::Note | K::Contact | K::Attach | K::Link | K::Classify | K::FileForm => S::ALL,
        // what is worth telling often shows only when it is over.
        K::Mark | K::Unmark => S::ALL,
        K::AcceptHandOver | K::DeclineHandOver | K::HandOverForm | K::TakeForm => S::ALL,
        K::CompleteTask | K::ReportTask | K::CancelTask | K::KeepPromise | K::WithdrawPromise => S::ALL,
        // A closing by mistake or a void needs its approval where it stands.
        K::RequestApproval | K::DecideApproval | K::WithdrawApproval => S::ALL,
        // What is owed to a leader and the statistics outlives the closing.
        K::JudgeMajor | K::FileReport | K::DecideInclusion => S::ALL,
        K::RecordFinding => &[S::Accepted, S::Assessing, S::Investigating, S::Negotiating],
        K::DecideValidity => &[S::Accepted, S::Assessing, S::Investigating],
        K::GradeLiability | K::NameResponsible => {
            &[S::Accepted, S::Assessing, S::Investigating, S::Negotiating, S::Deciding, S::Executing]
        }
        K::OfferOption => &[S::Investigating, S::Negotiating],
        K::AnswerOption => &[S::Negotiating],
        K::DrawUpAgreement | K::SignAgreement | K::SendConfirmation | K::ConfirmAgreement => {
            &[S::Negotiating, S::Deciding]
        }
        K::OpenThread | K::WriteMessage => S::ALL,
        K::AcceptTask | K::ReturnTask | K::PassTask => S::ALL,
        K::Transfer | K::AcceptTransfer | K::RejectTransfer | K::ReturnTransfer | K::ConfirmSlot => WORKING,
        K::Verify => &[S::Verifying],
        K::Visit => &[S::Visiting],
        K::Exempt => &[S::Accepted, S::Verifying, S::Visiting],
        K::Reopen => &[S::Settling, S::Closed],
        K::SetFields
        | K::StateDemand
        | K::HandOver
        | K::Promise
        | K::Reply
        | K::RecordOpinion
        | K::StateBasis
        | K::RankExpectations
        | K::AddTask
        | K::AgreeCorrective
        | K::WaiveForm
        | K::Escalate
        | K::RecordGroupSolution
        | K::Extend
        | K::PauseClock
        | K::ResumeClock
        | K::Urge
        | K::Supervise
        | K::AnswerReminder
        | K::CorrectKind
        | K::CorrectUnit
        | K::CorrectParty
        | K::RecordCustomerWord
        | K::NoteEmotion
        | K::Summarise
        | K::PlanHomeVisit
        | K::ProposeRemedy
        | K::GiveRemedy
        | K::DropRemedy
        | K::ChangeSetting
        | K::RaiseLevel => BEFORE_CLOSED,
    }
}
