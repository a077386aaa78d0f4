//! What people ask of a case.

use super::agreement::*;
use super::body::*;
use super::remedy::*;
use super::stage::{ClosureKind, Stage, Target};
use super::thread::{MessageWritten, ThreadOpened};
use crate::text::{Sealed, Sealer};
use serde::{Deserialize, Serialize};

macro_rules! commands {
    ($($(#[$meta:meta])* $variant:ident($body:ident $(<$t:ident>)?) = $wire:literal / $event:literal),+ $(,)?) => {
        /// The name of an action, without its body.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum CommandKind {
            /// A move to a stage or closure; which ones exist says the pack.
            Move(Target),
            $($(#[$meta])* $variant),+
        }

        /// An action with its body, texts still readable.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Command {
            /// A move to a stage or closure.
            Move(Target, Moved),
            $($(#[$meta])* $variant($body)),+
        }

        /// What an action left behind, texts sealed; part of [`super::Event`].
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "event", content = "data")]
        pub enum Done {
            $($(#[$meta])* #[serde(rename = $event)] $variant($body $(<$t>)?)),+
        }

        impl CommandKind {
            /// Lists every action that is not a move.
            pub const FACTS: &'static [Self] = &[$(Self::$variant),+];

            /// Gives the action's name on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    Self::Move(target) => move_name(target),
                    $(Self::$variant => $wire),+
                }
            }
        }

        impl Command {
            /// Gives the name of the action.
            #[must_use]
            pub const fn kind(&self) -> CommandKind {
                match self {
                    Self::Move(target, _) => CommandKind::Move(*target),
                    $(Self::$variant(_) => CommandKind::$variant),+
                }
            }

            /// Seals the texts; nothing for a move, which a rule turns into events.
            #[must_use]
            pub fn seal(self, sealer: &mut Sealer) -> Option<Done> {
                match self {
                    Self::Move(..) => None,
                    $(Self::$variant(body) => Some(Done::$variant(body.seal(sealer)))),+
                }
            }

            /// Reads the body of an action from JSON.
            ///
            /// # Errors
            /// The error of the reader, which names the field.
            pub fn read<'de, D: serde::Deserializer<'de>>(kind: CommandKind, body: D) -> Result<Self, D::Error> {
                match kind {
                    CommandKind::Move(target) => Moved::deserialize(body).map(|body| Self::Move(target, body)),
                    $(CommandKind::$variant => <$body>::deserialize(body).map(Self::$variant)),+
                }
            }
        }

        impl Done {
            /// Gives the name of the event in the history.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$variant(_) => $event),+ }
            }

            /// Gives the action that left it behind.
            #[must_use]
            pub const fn kind(&self) -> CommandKind {
                match self { $(Self::$variant(_) => CommandKind::$variant),+ }
            }
        }

        /// Hands every action's name and body schema to `visit`.
        pub fn body_schemas(mut visit: impl FnMut(&'static str, SchemaOf)) {
            $(visit($wire, schema_of::<$body>);)+
            visit("move", schema_of::<Moved>);
        }
    };
}

/// Gives the schema of a body and collects the schemas that it refers to.
pub type SchemaOf = fn(
    &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>,
) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>;

fn schema_of<T: utoipa::ToSchema>(
    refs: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>,
) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
    T::schemas(refs);
    T::schema()
}

commands! {
    /// 备注.
    Note(Note<Sealed>) = "note" / "note_added",
    /// 记录接触.
    Contact(ContactMade<Sealed>) = "contact" / "contact_made",
    /// 登记字段.
    SetFields(FieldsSet<Sealed>) = "set_fields" / "fields_set",
    /// 客户要求的金额.
    StateDemand(DemandStated) = "state_demand" / "demand_stated",
    /// 归类.
    Classify(Classified) = "classify" / "classified",
    /// 标记.
    Mark(Marked<Sealed>) = "mark" / "marked",
    /// 取消标记.
    Unmark(Marked<Sealed>) = "unmark" / "unmarked",
    /// 移交首问责任.
    HandOver(HandOver<Sealed>) = "hand_over" / "hand_over_offered",
    /// 接受移交.
    AcceptHandOver(Nothing) = "accept_hand_over" / "hand_over_accepted",
    /// 谢绝移交.
    DeclineHandOver(Because<Sealed>) = "decline_hand_over" / "hand_over_declined",
    /// 派单、转办.
    Transfer(Transfer<Sealed>) = "transfer" / "transferred",
    /// 接单.
    AcceptTransfer(Nothing) = "accept_transfer" / "transfer_accepted",
    /// 拒单.
    RejectTransfer(Because<Sealed>) = "reject_transfer" / "transfer_rejected",
    /// 退单.
    ReturnTransfer(Because<Sealed>) = "return_transfer" / "transfer_returned",
    /// 承诺.
    Promise(PromiseMade<Sealed>) = "promise" / "promise_made",
    /// 兑现承诺.
    KeepPromise(PromiseEnded<Sealed>) = "keep_promise" / "promise_kept",
    /// 经客户同意撤回承诺.
    WithdrawPromise(PromiseEnded<Sealed>) = "withdraw_promise" / "promise_withdrawn",
    /// 确认可上门时段.
    ConfirmSlot(SlotConfirmed<Sealed>) = "confirm_slot" / "slot_confirmed",
    /// 答复客户.
    Reply(Reply<Sealed>) = "reply" / "replied",
    /// 调查结果.
    RecordFinding(Entry<Sealed>) = "record_finding" / "finding_recorded",
    /// 处理意见.
    RecordOpinion(Entry<Sealed>) = "record_opinion" / "opinion_recorded",
    /// 依据.
    StateBasis(Basis<Sealed>) = "state_basis" / "basis_stated",
    /// 期望排序.
    RankExpectations(ExpectationsRanked<Sealed>) = "rank_expectations" / "expectations_ranked",
    /// 提出方案.
    OfferOption(OptionOffered<Sealed>) = "offer_option" / "option_offered",
    /// 客户对方案的答复.
    AnswerOption(OptionAnswered<Sealed>) = "answer_option" / "option_answered",
    /// 报批.
    RequestApproval(ApprovalAsked<Sealed>) = "request_approval" / "approval_requested",
    /// 审批.
    DecideApproval(ApprovalDecided<Sealed>) = "decide_approval" / "approval_decided",
    /// 撤回报批.
    WithdrawApproval(ApprovalWithdrawn<Sealed>) = "withdraw_approval" / "approval_withdrawn",
    /// 拟定处理协议.
    DrawUpAgreement(AgreementDrawnUp<Sealed>) = "draw_up_agreement" / "agreement_drawn_up",
    /// 协议已签.
    SignAgreement(AgreementSigned<Sealed>) = "sign_agreement" / "agreement_signed",
    /// 部门接受任务.
    AcceptTask(TaskTaken) = "accept_task" / "task_accepted",
    /// 部门退回任务.
    ReturnTask(TaskReturned<Sealed>) = "return_task" / "task_returned",
    /// 改派任务.
    PassTask(TaskPassed<Sealed>) = "pass_task" / "task_passed",
    /// 商定纠正措施.
    AgreeCorrective(CorrectiveAgreed<Sealed>) = "agree_corrective" / "corrective_agreed",
    /// 布置任务.
    AddTask(TaskGiven<Sealed>) = "add_task" / "task_added",
    /// 完成任务.
    CompleteTask(TaskEnded<Sealed>) = "complete_task" / "task_completed",
    /// 取消任务.
    CancelTask(TaskEnded<Sealed>) = "cancel_task" / "task_cancelled",
    /// 填报表单.
    FileForm(FormFiled<Sealed>) = "file_form" / "form_filed",
    /// 免填表单.
    WaiveForm(FormWaived<Sealed>) = "waive_form" / "form_waived",
    /// 验证.
    Verify(Verified<Sealed>) = "verify" / "verified",
    /// 回访.
    Visit(Visited<Sealed>) = "visit" / "visited",
    /// 免回访.
    Exempt(Exempted<Sealed>) = "exempt" / "exempted",
    /// 上报.
    Escalate(Escalated<Sealed>) = "escalate" / "escalated",
    /// 集团方案.
    RecordGroupSolution(Entry<Sealed>) = "record_group_solution" / "group_solution_recorded",
    /// 延期.
    Extend(ClockExtended<Sealed>) = "extend" / "extension_granted",
    /// 暂停计时.
    PauseClock(ClockHeld<Sealed>) = "pause_clock" / "pause_asked",
    /// 恢复计时.
    ResumeClock(ClockHeld<Sealed>) = "resume_clock" / "resume_asked",
    /// 催办.
    Urge(Reminder<Sealed>) = "urge" / "urged",
    /// 督办.
    Supervise(Reminder<Sealed>) = "supervise" / "supervised",
    /// 更正类型.
    CorrectKind(KindCorrected<Sealed>) = "correct_kind" / "kind_corrected",
    /// 更正单位.
    CorrectUnit(UnitCorrected<Sealed>) = "correct_unit" / "unit_corrected",
    /// 更正当事人.
    CorrectParty(PartyCorrected<Sealed>) = "correct_party" / "party_corrected",
    /// 关联.
    Link(Linked<Sealed>) = "link" / "linked",
    /// 客户的意思.
    RecordCustomerWord(CustomerWord<Sealed>) = "record_customer_word" / "customer_word_recorded",
    /// 重新打开.
    Reopen(Because<Sealed>) = "reopen" / "reopening_asked",
    /// 附件.
    Attach(Attached<Sealed>) = "attach" / "attached",
    /// 判定成立与否.
    DecideValidity(ValidityDecided<Sealed>) = "decide_validity" / "validity_decided",
    /// 划分责任.
    GradeLiability(LiabilityGraded<Sealed>) = "grade_liability" / "liability_graded",
    /// 落实责任部门、责任人.
    NameResponsible(ResponsibleNamed<Sealed>) = "name_responsible" / "responsible_named",
    /// 总结评价.
    Summarise(Entry<Sealed>) = "summarise" / "summarised",
    /// 移交表单.
    HandOverForm(FormHandedOver<Sealed>) = "hand_over_form" / "form_handed_over",
    /// 接收表单.
    TakeForm(FormTaken<Sealed>) = "take_form" / "form_taken",
    /// 记录情绪.
    NoteEmotion(EmotionNoted<Sealed>) = "note_emotion" / "emotion_noted",
    /// 安排上门.
    PlanHomeVisit(HomeVisitPlanned<Sealed>) = "plan_home_visit" / "home_visit_planned",
    /// 提出补救措施.
    ProposeRemedy(RemedyProposed<Sealed>) = "propose_remedy" / "remedy_proposed",
    /// 兑付补救措施.
    GiveRemedy(RemedyGiven<Sealed>) = "give_remedy" / "remedy_given",
    /// 取消补救措施.
    DropRemedy(RemedyDropped<Sealed>) = "drop_remedy" / "remedy_dropped",
    /// 换人、换场地、换时间.
    ChangeSetting(SettingChanged<Sealed>) = "change_setting" / "setting_changed",
    /// 提高接待层次.
    RaiseLevel(LevelRaised<Sealed>) = "raise_level" / "level_raised",
    /// 发出协议确认链接.
    SendConfirmation(ConfirmationSent) = "send_confirmation" / "confirmation_sent",
    /// 客户经链接确认协议.
    ConfirmAgreement(AgreementConfirmed<Sealed>) = "confirm_agreement" / "agreement_confirmed",
    /// 与一方开始沟通.
    OpenThread(ThreadOpened<Sealed>) = "open_thread" / "thread_opened",
    /// 记录沟通.
    WriteMessage(MessageWritten<Sealed>) = "write_message" / "message_written",
    /// 答复催办、督办.
    AnswerReminder(ReminderAnswered<Sealed>) = "answer_reminder" / "reminder_answered",
    /// 确认或降级重大投诉.
    JudgeMajor(MajorJudged<Sealed>) = "judge_major" / "major_judged",
    /// 报告分管领导.
    FileReport(SpecialFiled<Sealed>) = "file_report" / "report_filed",
    /// 核实是否计入统计.
    DecideInclusion(InclusionDecided<Sealed>) = "decide_inclusion" / "inclusion_decided",
    /// 反映任务情况.
    ReportTask(TaskReported<Sealed>) = "report_task" / "task_reported",
}

/// Names the action that makes a move.
const fn move_name(target: Target) -> &'static str {
    match target {
        Target::Stage(stage) => match stage {
            Stage::Received => "receive",
            Stage::Accepted => "accept",
            Stage::Assessing => "assess",
            Stage::Investigating => "investigate",
            Stage::Negotiating => "negotiate",
            Stage::Deciding => "submit_for_decision",
            Stage::Executing => "execute",
            Stage::Verifying => "submit_for_verification",
            Stage::Visiting => "send_to_visit",
            Stage::Settling => "settle",
            Stage::Closed => "close",
        },
        Target::Closed(kind) => match kind {
            ClosureKind::Satisfied => "close_satisfied",
            ClosureKind::ExemptElapsed => "close_exempt_elapsed",
            ClosureKind::NotEstablished => "close_not_established",
            ClosureKind::Withdrawn => "close_withdrawn",
            ClosureKind::AgreedButDissatisfied => "close_agreed_but_dissatisfied",
            ClosureKind::Answered => "close_answered",
            ClosureKind::Done => "close_done",
            ClosureKind::PassedOn => "close_passed_on",
            ClosureKind::Duplicate => "close_duplicate",
            ClosureKind::Void => "void",
        },
    }
}

impl CommandKind {
    /// Finds an action by its name on the wire.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let moves = Stage::ALL.iter().map(|stage| Target::Stage(*stage));
        let closures = ClosureKind::ALL.iter().map(|kind| Target::Closed(*kind));
        Self::FACTS
            .iter()
            .copied()
            .chain(moves.chain(closures).map(Self::Move))
            .find(|kind| kind.as_str() == name)
    }

    /// Tells whether it comes by an address of its own, not as an action with a
    /// JSON body: an uploaded file, a link with its secret, a customer's page.
    #[must_use]
    pub const fn is_apart(self) -> bool {
        matches!(self, Self::Attach | Self::SendConfirmation | Self::ConfirmAgreement)
    }

    /// Tells whether it may be written now and taken at a later time: words for
    /// customers and colleagues, never a decision (issue 5).
    #[must_use]
    pub const fn can_wait(self) -> bool {
        matches!(self, Self::Note | Self::Contact | Self::Reply | Self::WriteMessage)
    }

    /// Tells whether the action overwrites and so needs the version it saw.
    #[must_use]
    pub const fn overwrites(self) -> bool {
        matches!(
            self,
            Self::Move(_)
                | Self::SetFields
                | Self::Classify
                | Self::Unmark
                | Self::CorrectKind
                | Self::CorrectUnit
                | Self::CorrectParty
                | Self::RankExpectations
                | Self::DecideApproval
                | Self::DecideValidity
                | Self::GradeLiability
                | Self::NameResponsible
                | Self::WithdrawApproval
                | Self::JudgeMajor
                | Self::DecideInclusion
        )
    }
}

impl Serialize for CommandKind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for CommandKind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::parse(&name).ok_or_else(|| serde::de::Error::custom("unknown action"))
    }
}

/// Serializes nothing; lets `Nothing` take part in sealing.
impl Seal for Nothing {
    type Sealed = Self;
    fn seal(self, _: &mut Sealer) -> Self {
        self
    }
}

impl Seal for Classified {
    type Sealed = Self;
    fn seal(self, _: &mut Sealer) -> Self {
        self
    }
}

impl Seal for DemandStated {
    type Sealed = Self;
    fn seal(self, _: &mut Sealer) -> Self {
        self
    }
}
