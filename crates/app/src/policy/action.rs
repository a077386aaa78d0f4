//! What people may ask for beside the moves of a case, and which posts may.

use huiyin_domain::people::Post;

/// Names an action by a type, so that a permit for one is none for another.
pub trait ActionKind {
    /// The action as a value.
    const ACTION: Action;
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)+) => {
        /// An action whose permission depends on posts alone.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action {
            $($(#[$doc])* $name,)+
        }

        impl Action {
            /// Every action, in the order of the matrix.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Gives the name, snake case.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }
        }

        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $name;

            impl ActionKind for $name {
                const ACTION: Action = Action::$name;
            }
        )+
    };
}

actions! {
    /// Records a case: any employee, in own duties or not (PROP-51, SUP-10).
    RecordCase = "record_case";
    /// Sees cases, as far as the post reaches.
    ViewCases = "view_cases";
    /// Acts on a case; which move is the pack's decision.
    ActOnCase = "act_on_case";
    /// Takes case lists out of the house.
    ExportCases = "export_cases";
    /// Brings rows in from files.
    ImportRows = "import_rows";
    /// Sees customers and households.
    ViewParties = "view_parties";
    /// Enters and changes customers and households.
    EditParties = "edit_parties";
    /// Erases a customer's identity on lawful request.
    EraseIdentity = "erase_identity";
    /// Sees figures.
    ViewFigures = "view_figures";
    /// Drafts reports and writes into them (PROP-80, PROP-95).
    WriteReport = "write_report";
    /// Freezes a report.
    FreezeReport = "freeze_report";
    /// Sees who works where, as what.
    ViewPeople = "view_people";
    /// Appoints, changes and dismisses people.
    ManagePeople = "manage_people";
    /// Resets passwords, unlocks, ends others' sessions and tokens.
    ResetAccess = "reset_access";
    /// Gives one person's open work to another.
    HandOver = "hand_over";
    /// Sees the organisation tree.
    ViewUnits = "view_units";
    /// Changes the organisation tree.
    ManageUnits = "manage_units";
    /// Sees establishment, gaps and duties that cannot be kept apart (PROP-9).
    ViewEstablishment = "view_establishment";
    /// Sets the establishment of a site (PROP-9).
    SetEstablishment = "set_establishment";
    /// Sees who is on duty.
    ViewDuty = "view_duty";
    /// Sets who is on duty.
    ManageDuty = "manage_duty";
    /// Changes name, zone, calendar, pack and settings of the organisation.
    ManageOrganisation = "manage_organisation";
    /// Sets up webhooks and other ways out.
    ManageConnections = "manage_connections";
    /// Sees machine work and repeats what failed.
    ManageJobs = "manage_jobs";
    /// Reads the audit trail.
    ViewAudit = "view_audit";
    /// Reads who looked at sensitive fields.
    ViewAccessLog = "view_access_log";
    /// Sees and handles confidential records about staff (ASM-16…18, X-50).
    HandleMisconduct = "handle_misconduct";
    /// Publishes the complaint channels of an estate (PROP-44).
    PublishChannels = "publish_channels";
    /// Sets the phrases that are not said and has categories learned again.
    TuneTexts = "tune_texts";
    /// Reads the house's knowledge and asks it (PROP-7).
    ViewKnowledge = "view_knowledge";
    /// Keeps the fact sheet of an estate (PROP-1).
    KeepFacts = "keep_facts";
    /// Keeps knowledge: misses, quizzes, what is to be done (PROP-8, PROP-43).
    KeepKnowledge = "keep_knowledge";
    /// Sees who knows what by heart (PROP-8).
    ViewMastery = "view_mastery";
    /// Sees the calls of the units that the post reaches, and own ones (CALL-9).
    ViewCalls = "view_calls";
    /// Takes and makes calls as an agent.
    TakeCalls = "take_calls";
    /// Listens to the recordings of others' calls (CALL-7, CALL-11).
    ListenRecordings = "listen_recordings";
    /// Watches the floor, joins and takes over calls (CALL-10).
    SuperviseCalls = "supervise_calls";
    /// Sets up queues, lines, telephones and trunks.
    ManageTelephony = "manage_telephony";
    /// Sets calling windows, recording, limits and codes of calls (TEL-3…6).
    SetCallRules = "set_call_rules";
    /// Restricts business with a customer, never complaints.
    RestrictCustomers = "restrict_customers";
    /// Takes messages for colleagues, reads and answers own ones (TEL-20…22, DESK-7).
    PassMessages = "pass_messages";
    /// Sees when the desk's papers open.
    ViewRhythm = "view_rhythm";
    /// Sets when the desk's papers open (PROP-15, PROP-16).
    SetRhythm = "set_rhythm";
}

impl Action {
    /// Says whether a post may do it.
    ///
    /// Administration is no case work: the administrator sees, masked, but does
    /// not act (SUP-1). Who may read what others did is not only who did it.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "one table of actions and posts, read from top to bottom")]
    pub fn allowed_to(self, post: Post) -> bool {
        use Post as P;
        match self {
            Self::RecordCase
            | Self::ViewCases
            | Self::ViewKnowledge
            | Self::ViewPeople
            | Self::ViewUnits
            | Self::PassMessages
            | Self::ViewDuty => true,
            Self::ActOnCase => post != P::Admin,
            Self::ExportCases => matches!(
                post,
                P::Lead
                    | P::Head
                    | P::Statistics
                    | P::Supervision
                    | P::Manager
                    | P::Group
                    | P::DeputyGm
                    | P::Gm
            ),
            Self::ImportRows => matches!(post, P::Head | P::Admin),
            Self::ViewParties => !matches!(post, P::Employee | P::Spokesperson | P::Statistics | P::Admin),
            Self::EditParties => {
                matches!(post, P::Agent | P::Lead | P::Head | P::Visitor | P::Supervisor | P::ShiftLeader)
            }
            Self::EraseIdentity => matches!(post, P::Head),
            Self::ViewFigures => !matches!(post, P::Employee | P::Agent | P::Department | P::Admin),
            Self::WriteReport => matches!(post, P::Lead | P::Head | P::Statistics | P::Manager),
            Self::FreezeReport => matches!(post, P::Head | P::Statistics | P::Manager),
            Self::ManagePeople
            | Self::ResetAccess
            | Self::ManageUnits
            | Self::ManageOrganisation
            | Self::ManageConnections
            | Self::ManageJobs => matches!(post, P::Admin),
            Self::HandOver | Self::ManageDuty => {
                matches!(post, P::Lead | P::Head | P::Supervisor | P::ShiftLeader | P::Admin)
            }
            Self::ViewEstablishment => matches!(
                post,
                P::Lead
                    | P::Head
                    | P::Supervision
                    | P::Supervisor
                    | P::Manager
                    | P::DeputyGm
                    | P::Gm
                    | P::Admin
            ),
            Self::SetEstablishment => matches!(post, P::Head | P::Admin),
            Self::HandleMisconduct => {
                matches!(post, P::Supervision | P::Office | P::Manager | P::DeputyGm | P::Gm)
            }
            Self::KeepFacts => matches!(post, P::Agent | P::Lead | P::Head | P::Supervisor | P::ShiftLeader),
            Self::KeepKnowledge => matches!(
                post,
                P::Lead
                    | P::Head
                    | P::Supervision
                    | P::Supervisor
                    | P::ShiftLeader
                    | P::Spokesperson
                    | P::Manager
            ),
            Self::ViewMastery => matches!(
                post,
                P::Lead
                    | P::Head
                    | P::Supervision
                    | P::Supervisor
                    | P::ShiftLeader
                    | P::Manager
                    | P::DeputyGm
                    | P::Gm
            ),
            Self::ViewCalls => !matches!(post, P::Employee | P::Spokesperson | P::Department),
            Self::TakeCalls => {
                matches!(post, P::Agent | P::Lead | P::Head | P::Visitor | P::Supervisor | P::ShiftLeader)
            }
            Self::ListenRecordings => matches!(
                post,
                P::Lead | P::Head | P::Supervision | P::Supervisor | P::ShiftLeader | P::Manager
            ),
            Self::SuperviseCalls => matches!(post, P::Supervisor | P::ShiftLeader),
            Self::ManageTelephony => matches!(post, P::Admin),
            Self::SetCallRules => matches!(post, P::Lead | P::Head | P::Supervisor | P::Admin),
            Self::RestrictCustomers => matches!(post, P::Lead | P::Head),
            Self::ViewRhythm => post != P::Employee,
            Self::SetRhythm | Self::PublishChannels | Self::TuneTexts => {
                matches!(post, P::Lead | P::Head | P::Admin)
            }
            Self::ViewAudit | Self::ViewAccessLog => matches!(post, P::Supervision | P::Gm | P::Admin),
        }
    }

    /// Gives the posts that may do it.
    #[must_use]
    pub fn posts(self) -> Vec<Post> {
        Post::ALL.into_iter().filter(|post| self.allowed_to(*post)).collect()
    }
}
