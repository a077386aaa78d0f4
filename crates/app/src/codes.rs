//! Codes of refusals that concern people, sign-in and permission.
//!
//! Each has a text in every language; `xtask i18n-check` holds that.

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)+) => {
        $($(#[$doc])* pub const $name: &str = $text;)+

        /// Every code of this list.
        pub const ALL: &[&str] = &[$($text),+];
    };
}

codes! {
    /// Not there, or not for this person to know.
    NOT_FOUND = "not_found";
    /// Visible, but the posts held do not allow it.
    FORBIDDEN = "forbidden";
    /// Somebody changed it meanwhile.
    STALE = "stale";
    /// Our own fault.
    INTERNAL = "internal";
    /// Not possible at the moment.
    UNAVAILABLE = "unavailable";
    /// The disk of the database is full.
    DISK_FULL = "disk_full";
    /// The store is open for reading only.
    READ_ONLY = "read_only";
    /// The database file is damaged.
    DATABASE_DAMAGED = "database_damaged";
    /// Nobody is signed in, or no longer.
    UNAUTHENTICATED = "unauthenticated";
    /// Login, password or state of the person do not fit; never says which.
    LOGIN_FAILED = "login_failed";
    /// The password fits, a one-time code is needed too.
    CODE_REQUIRED = "code_required";
    /// The one-time code does not fit or was used.
    CODE_WRONG = "code_wrong";
    /// Too many failed attempts; wait.
    TOO_MANY_ATTEMPTS = "too_many_attempts";
    /// Too many people sign in at this moment.
    SIGN_IN_BUSY = "sign_in_busy";
    /// The one-time link is unknown, used or expired.
    LINK_INVALID = "link_invalid";
    /// The login exists already.
    LOGIN_TAKEN = "login_taken";
    /// A login is 2 to 64 letters, digits, dot, dash or underscore.
    LOGIN_SHAPE = "login_shape";
    /// A code is 1 to 64 letters, digits, dot, dash or underscore.
    CODE_SHAPE = "code_shape";
    /// The code exists already.
    CODE_TAKEN = "code_taken";
    /// The text is empty or longer than accepted.
    TEXT_LENGTH = "text_length";
    /// At least one post is needed.
    POSTS_MISSING = "posts_missing";
    /// The posts are not among those that the person holds.
    POSTS_NOT_HELD = "posts_not_held";
    /// There is no such unit, or it does not stand now.
    UNIT_UNKNOWN = "unit_unknown";
    /// There is no such person here who may sign in.
    PERSON_UNKNOWN = "person_unknown";
    /// The end lies before the beginning, or in the past.
    TIME_ORDER = "time_order";
    /// The person still owns cases, tasks or promises.
    STILL_OWNS_WORK = "still_owns_work";
    /// The last administrator cannot go.
    LAST_ADMINISTRATOR = "last_administrator";
    /// The person works for other organisations too.
    BELONGS_ELSEWHERE = "belongs_elsewhere";
    /// The hand-over would go to the same person.
    SAME_PERSON = "same_person";
    /// The membership has ended already.
    MEMBERSHIP_ENDED = "membership_ended";
    /// The unit would stand below itself.
    UNIT_CYCLE = "unit_cycle";
    /// A unit of this level cannot stand there.
    UNIT_LEVEL = "unit_level";
    /// The unit does not stand in the tree at that time.
    UNIT_NOT_STANDING = "unit_not_standing";
    /// A later change of the unit is recorded already.
    UNIT_CHANGED_LATER = "unit_changed_later";
    /// Other units or people are still in it.
    UNIT_IN_USE = "unit_in_use";
    /// Several organisations exist; one must be named.
    ORGANISATION_NEEDED = "organisation_needed";
    /// There is no such organisation for this person.
    ORGANISATION_UNKNOWN = "organisation_unknown";
    /// The time zone is not known.
    ZONE_UNKNOWN = "zone_unknown";
    /// An administrator exists already; the first start is over.
    ALREADY_SET_UP = "already_set_up";
    /// The present password does not fit.
    PASSWORD_WRONG = "password_wrong";
    /// The one-time code is switched on already.
    CODE_ALREADY_ON = "code_already_on";
    /// Enrolment of the one-time code was not begun.
    CODE_NOT_BEGUN = "code_not_begun";
    /// Only a browser session can do that.
    SESSION_NEEDED = "session_needed";
    /// The password is too short.
    PASSWORD_TOO_SHORT = "password_too_short";
    /// The password is too long.
    PASSWORD_TOO_LONG = "password_too_long";
    /// The password is too much like the login.
    PASSWORD_LIKE_LOGIN = "password_like_login";
    /// The password is among the most common ones.
    PASSWORD_COMMON = "password_common";
    /// A PIN is six digits.
    PIN_SHAPE = "pin_shape";
    /// The PIN is too easy to guess.
    PIN_COMMON = "pin_common";
    /// A number is searched whole or by its last four digits.
    PART_OF_NUMBER = "part_of_number";
    /// The organisation has neither lead nor head nor administrator.
    NOBODY_ANSWERS = "nobody_answers";
    /// The text holds a control character.
    CONTROL_CHARACTER = "control_character";
}
