//! What an article says, of what kind it is and whom it is for.

use super::situation::Conditions;
use crate::case::FieldReason;
use crate::paper::fault_unless;
use crate::text::{Text, commitment};
use crate::time::Timestamp;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The longest title, in characters.
const LONGEST_TITLE: usize = 120;
/// The longest body, in characters.
const LONGEST_BODY: usize = 20_000;
/// The longest keyword, topic or source, in characters.
const LONGEST_WORD: usize = 40;
/// The most keywords, and the most sources.
const MOST_WORDS: usize = 60;
/// The longest an article stands without a look at it, in days.
const LONGEST_REVIEW: u16 = 1_100;

wire_enum! {
    /// What an article is for.
    ArticleKind {
        /// 文章: to be read.
        Article = "article",
        /// 统一答复: to be said, one of each topic (PROP-43).
        StandardAnswer = "standard_answer",
        /// 提示: beside a case that it fits.
        Tip = "tip",
        /// 常见问题: for customers.
        Faq = "faq",
        /// 标准用语: sentences that are said as they stand, one a line (PHRASE-10…12).
        Sentences = "sentences",
    }
}

wire_enum! {
    /// Who may read an article.
    Audience {
        /// Whoever works here.
        Agents = "agents",
        /// Customers too, on the public page.
        Customers = "customers",
    }
}

/// Title and body in another language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ArticleWording)]
pub struct Wording {
    /// Title, up to 120 characters.
    pub title: Text,
    /// Body, up to 20,000 characters.
    pub body: Text,
}

const fn half_a_year() -> u16 {
    180
}

/// What an article says; a version of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ArticleContent)]
pub struct Content {
    /// What it is for.
    pub kind: ArticleKind,
    /// Who may read it.
    pub audience: Audience,
    /// Title in Chinese, up to 120 characters.
    pub title: Text,
    /// Body in Chinese, up to 20,000 characters; lines that begin with `- ` are a list.
    pub body: Text,
    /// The same in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub english: Option<Wording>,
    /// Its topic; a standard answer needs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 40)]
    pub topic: Option<String>,
    /// Words under which people look for it, synonyms too.
    #[serde(default)]
    #[schema(max_items = 60)]
    pub keywords: Vec<String>,
    /// Where it comes from.
    #[serde(default)]
    #[schema(max_items = 60)]
    pub sources: Vec<String>,
    /// For what it is a tip.
    #[serde(default)]
    pub when: Conditions,
    /// True when whoever works here must have read the newest version.
    #[serde(default)]
    pub must_read: bool,
    /// Days after which somebody must look whether it still holds.
    #[serde(default = "half_a_year")]
    #[schema(minimum = 1, maximum = 1100)]
    pub review_days: u16,
    /// When it ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

impl Content {
    /// Names exactly this content, for the approval that counts for no other.
    #[must_use]
    pub fn digest(&self) -> String {
        let content = serde_json::json!(self);
        commitment(b"", &crate::case::canonical_json(&content)).0
    }

    /// Gives the sentences of a body, one of each line.
    #[must_use]
    pub fn sentences(body: &str) -> Vec<&str> {
        let lines = body.lines().map(|line| line.trim().trim_start_matches("- ").trim());
        lines.filter(|line| !line.is_empty()).collect()
    }

    /// Gives what customers read of it, each text with its path; nothing of what is
    /// for agents.
    #[must_use]
    pub fn said_to_customers(&self) -> Vec<(String, &Text)> {
        if self.audience != Audience::Customers {
            return Vec::new();
        }
        let mut texts = vec![("title".to_owned(), &self.title), ("body".to_owned(), &self.body)];
        if let Some(english) = &self.english {
            texts.push(("english.title".to_owned(), &english.title));
            texts.push(("english.body".to_owned(), &english.body));
        }
        texts
    }

    /// Lists the fields that are not acceptable.
    #[must_use]
    pub fn faults(&self, now: Timestamp) -> Vec<FieldReason> {
        let mut faults = length("title", self.title.as_str(), LONGEST_TITLE);
        faults.extend(length("body", self.body.as_str(), LONGEST_BODY));
        if let Some(english) = &self.english {
            faults.extend(length("english.title", english.title.as_str(), LONGEST_TITLE));
            faults.extend(length("english.body", english.body.as_str(), LONGEST_BODY));
        }
        match &self.topic {
            Some(topic) => faults.extend(fault_unless(is_word(topic), "topic", "text_length")),
            // PROP-43: an answer of the house is one to a topic
            None => {
                faults.extend(fault_unless(self.kind != ArticleKind::StandardAnswer, "topic", "required"));
            }
        }
        for (path, words) in [
            ("keywords", &self.keywords),
            ("sources", &self.sources),
            ("when.categories", &self.when.categories),
        ] {
            faults.extend(fault_unless(words.len() <= MOST_WORDS, path, "list_length"));
            for (at, _) in words.iter().enumerate().filter(|(_, word)| !is_word(word)) {
                faults.push(FieldReason::new(&format!("{path}[{at}]"), "text_length"));
            }
        }
        let tip = self.kind == ArticleKind::Tip;
        faults.extend(fault_unless(!tip || !self.when.is_empty(), "when", "required"));
        let open = self.kind != ArticleKind::Faq || self.audience == Audience::Customers;
        faults.extend(fault_unless(open, "audience", "faq_is_for_customers"));
        let days = (1..=LONGEST_REVIEW).contains(&self.review_days);
        faults.extend(fault_unless(days, "review_days", "review_days_range"));
        let later = self.expires_at.is_none_or(|at| at > now);
        faults.extend(fault_unless(later, "expires_at", "in_the_past"));
        faults
    }
}

fn length(path: &str, text: &str, most: usize) -> Vec<FieldReason> {
    fault_unless(text.chars().count() <= most, path, "text_length")
}

fn is_word(word: &str) -> bool {
    let length = word.chars().count();
    (1..=LONGEST_WORD).contains(&length) && word.trim() == word && !word.chars().any(char::is_control)
}
