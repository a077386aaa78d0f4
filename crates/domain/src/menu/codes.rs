//! Codes of what can be wrong with a voice menu as its author wrote it.
//!
//! What is wrong with the file itself has the codes of packs.

use crate::pack::codes::codes;

codes! {
    /// A branch leads to a node that is not there.
    NODE_UNKNOWN = "menu_node_unknown";
    /// A node that no caller comes to.
    NODE_UNREACHED = "menu_node_unreached";
    /// Two nodes of one name.
    NODE_TWICE = "menu_node_twice";
    /// More options than a caller keeps in mind (CALL-4).
    TOO_MANY_OPTIONS = "menu_too_many_options";
    /// A choice without options, or a branching without branches.
    NO_OPTIONS = "menu_no_options";
    /// A key that no telephone has, or that is taken for something else.
    KEY_WRONG = "menu_key_wrong";
    /// One key for two options.
    KEY_TWICE = "menu_key_twice";
    /// A place from which no person can be reached (CALL-4).
    NO_PERSON = "menu_no_person";
    /// A way that leads back to itself without the caller doing anything.
    LOOP = "menu_loop";
    /// A node that says nothing where callers must hear what to do.
    NO_PROMPT = "menu_no_prompt";
    /// A prompt that nobody recorded.
    PROMPT_UNKNOWN = "menu_prompt_unknown";
    /// A queue that the organisation does not have.
    QUEUE_UNKNOWN = "menu_queue_unknown";
    /// A line that the organisation does not have.
    LINE_UNKNOWN = "menu_line_unknown";
    /// A service that the organisation does not offer (CALL-18).
    SERVICE_UNKNOWN = "menu_service_unknown";
    /// A skill that nobody can have.
    SKILL_UNKNOWN = "menu_skill_unknown";
    /// A number that cannot be dialled.
    NUMBER_WRONG = "menu_number_wrong";
    /// Hours that are none.
    PERIOD_WRONG = "menu_period_wrong";
    /// What callers are sent to when they press keys without end is no queue.
    PERSON_NO_QUEUE = "menu_person_no_queue";
}
