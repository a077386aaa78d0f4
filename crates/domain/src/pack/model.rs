//! The checked form of a pack: what decisions read.
//!
//! Size: the shapes of every section with their meaning, little else.

use super::source::FormSource;
use super::work::WorkRule;
use crate::approval::Rung;
use crate::case::{ApprovalOf, Channel, CommandKind, Gate, Gives, Kind, Liability, ReplyKind, Stage, Target};
use crate::clock::{LimitRule, Terms};
use crate::incident::HotRule;
use crate::people::Post;
use crate::time::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Text in both languages of the product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A checked set of rules with version and effective date (制度包).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    /// Name, such as `property`.
    pub name: String,
    /// Version, from 1.
    pub version: u32,
    /// First day on which newly received cases are bound by it.
    pub effective: Date,
    /// Title for people.
    pub title: Names,
    /// Fields that a case of a kind has.
    pub fields: Vec<FieldDef>,
    /// Complaint categories with their boundaries (PROP-26…34).
    pub categories: Vec<CategoryDef>,
    /// Cause tree (PROP-97…101).
    pub causes: Vec<CauseDef>,
    /// Limits.
    pub clocks: Vec<ClockRule>,
    /// Limits of tasks and reminders.
    pub work: Vec<WorkRule>,
    /// Moves between stages.
    pub moves: Vec<MoveRule>,
    /// What stands before every closing that is not void or duplicate.
    pub closing: Vec<ClosingRule>,
    /// Who decides what.
    pub approvals: Vec<ApprovalRule>,
    /// Prescribed papers.
    pub forms: Vec<FormDef>,
    /// Where a re-opened case goes on, by kind.
    pub reopen: BTreeMap<Kind, Stage>,
    /// Fixed texts for customers, by name.
    pub texts: BTreeMap<String, Names>,
    /// What stands before actions that are no moves.
    pub before: Vec<BeforeRule>,
    /// Advice for the people at work, by stage (the sources' texts marked K).
    pub tips: Vec<TipDef>,
    /// The company-wide top categories.
    pub tops: Vec<NamedDef>,
    /// Emotional needs of customers with their signs (MOB-3).
    pub emotions: Vec<NamedDef>,
    /// How return visits are made.
    pub visit: VisitRule,
    /// When a complaint is major; never where the pack does not say.
    pub major: Option<MajorRule>,
    /// What a customer can get (CP8-12, ASC-25).
    pub remedies: Vec<RemedyDef>,
    /// What money is usual by liability grade.
    pub guide: Vec<GuideRule>,
    /// When an incident is hot; never where the pack does not say.
    pub hot: Option<HotRule>,
}

/// Something with a name on the wire and a title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedDef {
    /// Name on the wire.
    pub name: String,
    /// Title for people.
    pub title: Names,
    /// By what it is known.
    pub signs: Names,
    /// Source ids.
    pub source: Vec<String>,
}

/// What must be true before an action that is no move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeforeRule {
    /// Kinds of case.
    pub of: Vec<Kind>,
    /// The action.
    pub action: CommandKind,
    /// Of a reply only these kinds; every body when empty.
    pub replies: Vec<ReplyKind>,
    /// What must be true.
    pub gates: Vec<GateRule>,
    /// Source ids.
    pub source: Vec<String>,
}

/// Advice that is shown while a case stands in a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TipDef {
    /// Name on the wire.
    pub name: String,
    /// Kinds of case.
    pub of: Vec<Kind>,
    /// Stages in which it is shown; all when empty.
    pub stages: Vec<Stage>,
    /// Channels for which it is shown; all when empty.
    pub channels: Vec<Channel>,
    /// The advice.
    pub text: Names,
    /// Source ids.
    pub source: Vec<String>,
}

/// One remedy of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemedyDef {
    /// Name on the wire.
    pub name: String,
    /// Title for people.
    pub title: Names,
    /// Kinds of case.
    pub of: Vec<Kind>,
    /// What it takes from the house.
    pub gives: Gives,
    /// Which department gives it, by its name there (ASC-10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<Names>,
    /// Source ids.
    pub source: Vec<String>,
}

/// What money is usual where the liability is graded so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuideRule {
    /// The grade.
    pub grade: Liability,
    /// From this amount in fen on.
    pub least_fen: i64,
    /// Up to this amount in fen; without a bound where none is named.
    pub most_fen: Option<i64>,
    /// Source ids.
    pub source: Vec<String>,
}

/// When a complaint is major and what is due then (PROP-81, 82; ).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MajorRule {
    /// Demanded from this amount in fen on, inclusive.
    pub demand_fen: i64,
    /// The report to the leader in charge is due.
    pub report: LimitRule,
    /// Each further report is due after the one before, where one is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interim: Option<LimitRule>,
    /// The detailed report is due after completion, where a limit is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_report: Option<LimitRule>,
    /// Source ids.
    pub source: Vec<String>,
}

/// How return visits are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitRule {
    /// True when a visit at home needs an appointment and a plan (CP8-22).
    pub home_needs_plan: bool,
}

/// A field of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldDef {
    /// Name on the wire.
    pub name: String,
    /// Title for people.
    pub title: Names,
    /// What it holds.
    pub kind: FieldKind,
    /// Kinds of case that have it.
    pub of: Vec<Kind>,
    /// Source ids.
    pub source: Vec<String>,
    /// Titles of the choices, where it has any.
    pub labels: BTreeMap<String, Label>,
    /// True when no customer may ever see it (CP8-4).
    pub internal: bool,
    /// Where a form's field takes its value from.
    pub from: Option<FormSource>,
}

/// The title of one choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Title for people.
    pub title: Names,
    /// The share that the source expects, in per cent (CP8-3).
    pub share: Option<(u32, u32)>,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Any text.
    Text,
    /// A whole number.
    Integer,
    /// Yuan with at most two decimals.
    Money,
    /// A day.
    Date,
    /// An instant, RFC 3339.
    Time,
    /// `true` or `false`.
    Flag,
    /// One of these.
    Choice(Vec<String>),
}

/// A category with its definition and boundaries (PROP-34).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryDef {
    /// Code on the wire.
    pub code: String,
    /// Title for people.
    pub title: Names,
    /// What belongs to it.
    pub definition: Names,
    /// Boundary rules: what is included although one may doubt it.
    pub includes: Names,
    /// Boundary rules: what is excluded although one may doubt it.
    pub excludes: Names,
    /// The category above, if any.
    pub parent: Option<String>,
    /// Its place among the company-wide top categories.
    pub top: String,
    /// Which department does the work, by its name there (MOB-7).
    pub department: Option<Names>,
    /// True when room number and name must not be insisted on (PROP-47).
    pub no_insisting: bool,
    /// True when the handling of it is published every month (PROP-77).
    #[serde(default)]
    pub published: bool,
    /// Source ids.
    pub source: Vec<String>,
}

/// A node of the cause tree (人机料法环).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CauseDef {
    /// Code on the wire, such as `man.attitude`.
    pub code: String,
    /// Title for people.
    pub title: Names,
    /// The node above, if any.
    pub parent: Option<String>,
    /// Which department puts it right, by its name there.
    pub department: Option<Names>,
    /// Source ids.
    pub source: Vec<String>,
}

/// When a clock starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockStart {
    /// With the receipt of the message, and again when a repeat re-opens.
    Receipt,
    /// When the case enters the stage.
    Stage(Stage),
}

/// A limit: which cases it binds and who hears when it breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockRule {
    /// Kinds of case.
    pub of: Vec<Kind>,
    /// Channels; empty means all.
    pub channels: Vec<Channel>,
    /// When it starts.
    pub start: ClockStart,
    /// What is limited, how long, when it warns, whether it can pause.
    pub terms: Terms,
    /// Posts told when it breaks.
    pub escalate: Vec<Post>,
}

/// Who may make a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Whoever owns the case.
    Owner,
    /// Whoever handles it.
    Handler,
    /// The one who was asked: of a hand-over, a transfer, a task.
    Asked,
    /// No person: a rule when its time has come.
    Clock,
    /// Anybody who may see the case.
    Anybody,
    /// The customer, by the number and lookup code of the case (PROP-62).
    Customer,
    /// A holder of the post at the case's unit or above.
    Post(Post),
}

/// A move between stages, with what stands before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveRule {
    /// Kinds of case.
    pub of: Vec<Kind>,
    /// From these stages.
    pub from: Vec<Stage>,
    /// To this one.
    pub to: Target,
    /// Who may make it.
    pub by: Vec<By>,
    /// What must be true.
    pub gates: Vec<GateRule>,
    /// What is recommended and never blocks (MOB-12).
    pub advised: Vec<GateRule>,
    /// True when the mover must say why.
    pub reason: bool,
    /// Source ids.
    pub source: Vec<String>,
}

/// What stands before every closing that is not void or duplicate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosingRule {
    /// Kinds of case.
    pub of: Vec<Kind>,
    /// What must be true.
    pub gates: Vec<GateRule>,
    /// Source ids.
    pub source: Vec<String>,
}

/// Gates joined by all, any and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GateRule {
    /// This one.
    One(Gate),
    /// All of these.
    All(Vec<GateRule>),
    /// At least one of these.
    Any(Vec<GateRule>),
    /// The second only where the first is open.
    When(Gate, Box<GateRule>),
}

/// Who decides an approval, by content, circumstance and amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalRule {
    /// What is decided.
    pub of: ApprovalOf,
    /// Applies from this sum in fen on; 0 always.
    pub from_fen: i64,
    /// Applies only where all of these are open, such as a wide impact (PROP-74).
    pub when: Vec<GateRule>,
    /// Who signs, from below.
    pub ladder: Vec<Rung>,
    /// For how many days an approval stands, asked or granted.
    pub valid_days: Option<u32>,
    /// Source ids.
    pub source: Vec<String>,
}

/// A prescribed paper (appendix A).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormDef {
    /// Name on the wire.
    pub name: String,
    /// Title for people.
    pub title: Names,
    /// Kinds of case.
    pub of: Vec<Kind>,
    /// Its fields with whether each is required.
    pub fields: Vec<(FieldDef, bool)>,
    /// True when the lead may waive it with a reason.
    pub waivable: bool,
    /// Source ids.
    pub source: Vec<String>,
}

impl GateRule {
    /// Hands every gate of the rule to `visit`.
    pub fn each(&self, visit: &mut impl FnMut(&Gate)) {
        match self {
            Self::One(gate) => visit(gate),
            Self::All(rules) | Self::Any(rules) => rules.iter().for_each(|rule| rule.each(visit)),
            Self::When(gate, rule) => {
                visit(gate);
                rule.each(visit);
            }
        }
    }
}

impl By {
    /// Gives the name on the wire and in packs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Handler => "handler",
            Self::Asked => "asked",
            Self::Clock => "clock",
            Self::Anybody => "anybody",
            Self::Customer => "customer",
            Self::Post(post) => post.name(),
        }
    }
}

impl FieldKind {
    /// Gives the name on the wire.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Money => "money",
            Self::Date => "date",
            Self::Time => "time",
            Self::Flag => "flag",
            Self::Choice(_) => "choice",
        }
    }

    /// Tells whether a text is a value of this kind.
    #[must_use]
    pub fn takes(&self, text: &str) -> bool {
        match self {
            Self::Text => true,
            Self::Integer => text.parse::<i64>().is_ok(),
            Self::Money => crate::money::Money::parse(text).is_ok(),
            Self::Date => Date::parse(text).is_ok(),
            Self::Time => crate::time::Timestamp::parse(text).is_ok(),
            Self::Flag => matches!(text, "true" | "false"),
            Self::Choice(choices) => choices.iter().any(|choice| choice == text),
        }
    }
}
