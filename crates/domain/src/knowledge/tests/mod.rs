//! The rules of knowledge: articles, tips, facts, quizzes, and what is shipped.

mod article;
mod fact;
mod quiz;
mod shipped;
mod tip;

use crate::ids::UnitId;
use crate::knowledge::Content;
use crate::knowledge::fact::Values;
use crate::text::Text;
use serde_json::json;
use uuid::Uuid;

fn unit() -> UnitId {
    UnitId(Uuid::from_u128(7))
}

fn text(words: &str) -> Text {
    Text::new(words).unwrap()
}

fn content(title: &str) -> Content {
    serde_json::from_value(json!({
        "kind": "article", "audience": "agents", "title": title, "body": "正文", "review_days": 30,
    }))
    .unwrap()
}

fn values(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect()
}
