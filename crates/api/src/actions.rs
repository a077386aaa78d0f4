//! What may be done with something, open or closed, and why (D2).

use huiyin_app::case::{ActionView, ReasonView};
use huiyin_domain::locale::Locale;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// One action and whether it is open.
#[derive(Debug, Serialize, ToSchema)]
struct ActionOut {
    /// Name of the action.
    action: String,
    /// True when some body of it is accepted now.
    open: bool,
    /// Why not, and who can open it.
    reasons: Vec<ReasonOut>,
    /// What the pack recommends before it and is not done yet; never a condition.
    advice: Vec<ReasonOut>,
    /// Shape of its body, as a reference into the API's description.
    #[schema(value_type = Object)]
    body_schema: Value,
}

/// Why an action is closed.
#[derive(Debug, Serialize, ToSchema)]
struct ReasonOut {
    /// Stable code.
    code: String,
    /// The reason in the reader's language.
    detail: String,
    /// Values that the text names.
    params: BTreeMap<String, String>,
    /// Who can open it: `owner`, `handler`, `clock` or a post.
    who: Vec<String>,
    /// Sources of the rule that asks for it.
    sources: Vec<String>,
}

/// Everything that can be done with it, open or closed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Actions {
    /// Version that this holds for.
    version: u64,
    /// All actions.
    items: Vec<ActionOut>,
}

impl Actions {
    /// Puts the actions in the reader's language; `schema` names each body.
    pub(crate) fn of(
        version: u64,
        lines: Vec<ActionView>,
        locale: Locale,
        schema: impl Fn(&str) -> String,
    ) -> Self {
        let reason = |reason: ReasonView| {
            let params = reason.params.iter().map(|(name, value)| (name, value.as_str()));
            let detail = crate::reasons::detail(locale, reason.code, params);
            ReasonOut {
                code: reason.code.to_owned(),
                detail,
                params: reason.params,
                who: reason.who.into_iter().map(str::to_owned).collect(),
                sources: reason.sources,
            }
        };
        let line = |line: ActionView| ActionOut {
            action: line.action.to_owned(),
            open: line.open,
            reasons: line.reasons.into_iter().map(reason).collect(),
            advice: line.advice.into_iter().map(reason).collect(),
            body_schema: json!({"$ref": format!(
                "/api/v1/openapi.json#/components/schemas/{}", schema(line.action)
            )}),
        };
        Self { version, items: lines.into_iter().map(line).collect() }
    }
}
