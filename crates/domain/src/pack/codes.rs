//! Codes of what can be wrong with a pack as its author wrote it.
//!
//! Each has a text in every language; `xtask i18n-check` holds that.

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)+) => {
        $($(#[$doc])* pub const $name: &str = $text;)+

        /// Every code of this list.
        pub const ALL: &[&str] = &[$($text),+];
    };
}

pub(crate) use codes;

codes! {
    /// The folder lacks a file that the pack needs.
    FILE_MISSING = "pack_file_missing";
    /// The folder holds a file that a pack does not have.
    FILE_UNKNOWN = "pack_file_unknown";
    /// A file, list or nesting beyond what is read.
    TOO_LARGE = "pack_too_large";
    /// Not TOML.
    NOT_TOML = "pack_not_toml";
    /// A key or section that the format does not have.
    UNKNOWN_KEY = "pack_unknown_key";
    /// A key that must be there.
    MISSING_KEY = "pack_missing_key";
    /// A value of another type than expected.
    WRONG_TYPE = "pack_wrong_type";
    /// A word that the catalogue does not have.
    UNKNOWN_WORD = "pack_unknown_word";
    /// A name that is not letters, digits, dot and underscore; of a pack also hyphens.
    NAME_SHAPE = "pack_name_shape";
    /// A limit or warning that the catalogue does not have.
    LIMIT_UNKNOWN = "pack_limit_unknown";
    /// A limit of nothing, or of more than ten years.
    LIMIT_RANGE = "pack_limit_range";
    /// A day that does not exist.
    DATE_WRONG = "pack_date_wrong";
    /// An amount that is malformed, below zero or beyond range.
    AMOUNT_WRONG = "pack_amount_wrong";
    /// A version below 1, or a count out of range.
    NUMBER_RANGE = "pack_number_range";
    /// The same thing defined twice.
    DUPLICATE = "pack_duplicate";
    /// A name that no part of the pack defines.
    UNDEFINED = "pack_undefined";
    /// A paper that would show what no customer may see (CP8-4).
    INTERNAL = "pack_internal";
    /// A chain of parents that leads back to itself.
    CIRCLE = "pack_circle";
    /// A clock that may never stop is written as pausable (D5).
    NEVER_PAUSABLE = "pack_never_pausable";
    /// A limit of tasks or reminders is written as a clock of the case.
    CLOCK_OF_WORK = "pack_clock_of_work";
    /// A limit of the case is written as one of tasks or reminders.
    NO_WORK = "pack_no_work";
    /// A stage that no case can reach.
    UNREACHABLE = "pack_unreachable";
    /// A stage that a case cannot leave.
    NO_EXIT = "pack_no_exit";
    /// A kind of case without any move.
    NO_MOVES = "pack_no_moves";
    /// A gate that nobody can open where it stands.
    GATE_SHUT = "pack_gate_shut";
    /// A move that nobody may make.
    NOBODY = "pack_nobody";
    /// A move by the clock where no clock elapses.
    NO_CLOCK = "pack_no_clock";
    /// A ladder that comes back to a post, or down to a lower one.
    LADDER_CIRCLE = "pack_ladder_circle";
    /// Approvals that wait for each other.
    APPROVAL_CIRCLE = "pack_approval_circle";
    /// A step of a ladder that no sum ever comes to.
    STEP_IDLE = "pack_step_idle";
    /// A step of a ladder that nobody can take.
    STEP_NOBODY = "pack_step_nobody";
    /// Money or goods that nobody decides.
    REMEDY_UNDECIDED = "pack_remedy_undecided";
    /// A text names a place that nothing fills (ASC-9).
    PLACE_UNKNOWN = "pack_place_unknown";
    /// A guide that ends below where it begins.
    GUIDE_RANGE = "pack_guide_range";
    /// Two versions that begin on one day, or in the wrong order.
    VERSION_ORDER = "pack_version_order";
    /// A duty for which nobody is left once another one is taken.
    STAFFING = "pack_staffing";
}
