//! What a post sees of a customer's identity, and how the rest is covered.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::post::Post;

/// A field that tells who a customer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sensitive {
    /// Name of a person.
    Name,
    /// Telephone number.
    Phone,
    /// Where somebody lives, beyond the estate.
    Address,
    /// Mail address or name on a platform.
    Account,
    /// Number of an identity paper.
    IdNumber,
}

impl Sensitive {
    /// Every sensitive field.
    pub const ALL: [Self; 5] = [Self::Name, Self::Phone, Self::Address, Self::Account, Self::IdNumber];

    /// Gives the name on the wire, snake case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::Account => "account",
            Self::IdNumber => "id_number",
        }
    }

    /// Says whether a post sees the field uncovered.
    ///
    /// who must reach the customer sees how; who decides sees whom it is
    /// about; who counts, supervises or administers needs neither.
    #[must_use]
    pub const fn clear_for(self, post: Post) -> bool {
        match post {
            Post::Lead | Post::Head => true,
            Post::Agent | Post::Visitor | Post::Supervisor | Post::ShiftLeader | Post::Group => {
                !matches!(self, Self::IdNumber)
            }
            Post::Department => matches!(self, Self::Name | Self::Phone | Self::Address),
            Post::Verifier | Post::Manager | Post::Gm | Post::DeputyGm | Post::Office => {
                matches!(self, Self::Name | Self::Address)
            }
            Post::Employee | Post::Statistics | Post::Supervision | Post::Spokesperson | Post::Admin => false,
        }
    }

    /// Covers a value so that a person can still be recognised by who knows him.
    #[must_use]
    pub fn cover(self, value: &str) -> String {
        match self {
            Self::Name => first(value, 1) + "**",
            Self::Phone => cover_phone(value),
            Self::Address => first(value, 4) + "****",
            Self::Account => match value.split_once('@') {
                Some((name, domain)) => format!("{}***@{domain}", first(name, 1)),
                None => first(value, 1) + "***",
            },
            Self::IdNumber => "*".repeat(18),
        }
    }
}

fn first(value: &str, count: usize) -> String {
    // Of a short value nothing is shown, or the mask would show it whole.
    if value.chars().count() <= count { String::new() } else { value.chars().take(count).collect() }
}

fn cover_phone(value: &str) -> String {
    let digits: Vec<char> = value.chars().filter(char::is_ascii_digit).collect();
    let last = |n: usize| -> String { digits[digits.len() - n..].iter().collect() };
    match digits.len() {
        11.. => format!("{}****{}", digits[..3].iter().collect::<String>(), last(4)),
        7..=10 => format!("****{}", last(4)),
        _ => "****".to_owned(),
    }
}

/// Which sensitive fields a person sees uncovered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Masking {
    clear: BTreeSet<Sensitive>,
}

impl Masking {
    /// Computes what the posts that count at a unit see; SLM-1: they add up.
    #[must_use]
    pub fn of(posts: &[Post]) -> Self {
        let seen = |field: &Sensitive| posts.iter().any(|post| field.clear_for(*post));
        Self { clear: Sensitive::ALL.into_iter().filter(seen).collect() }
    }

    /// Shows everything; for the product itself.
    #[must_use]
    pub fn none() -> Self {
        Self { clear: Sensitive::ALL.into_iter().collect() }
    }

    /// Says whether a field is shown uncovered.
    #[must_use]
    pub fn is_clear(&self, field: Sensitive) -> bool {
        self.clear.contains(&field)
    }

    /// Gives the value as this person sees it.
    #[must_use]
    pub fn show(&self, field: Sensitive, value: &str) -> String {
        if self.is_clear(field) { value.to_owned() } else { field.cover(value) }
    }
}

/// A search by telephone number that tells no digits one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhoneSearch {
    /// The whole number, digits only, without the country's prefix.
    Whole(String),
    /// Its last four digits.
    LastFour(String),
}

/// Says that a part of a number other than its last four digits was searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("search a number by all of it or by its last four digits")]
pub struct PartOfNumber;

impl PhoneSearch {
    /// Reads what somebody searches by: a whole number or its last four digits.
    ///
    /// Otherwise a mask could be uncovered digit by digit. Every such
    /// search is to be entered in the access log.
    ///
    /// # Errors
    /// [`PartOfNumber`] for any other number of digits, or other characters.
    pub fn parse(text: &str) -> Result<Self, PartOfNumber> {
        let text = text.trim();
        let bare = text.strip_prefix("+86").or_else(|| text.strip_prefix("0086")).unwrap_or(text);
        if bare.chars().any(|c| !(c.is_ascii_digit() || " -()".contains(c))) {
            return Err(PartOfNumber);
        }
        let digits: String = bare.chars().filter(char::is_ascii_digit).collect();
        match digits.len() {
            4 => Ok(Self::LastFour(digits)),
            7..=15 => Ok(Self::Whole(digits)),
            _ => Err(PartOfNumber),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    ///
    #[test]
    fn masks_keep_what_recognises_and_hide_what_reaches() {
        assert_eq!(Sensitive::Phone.cover("138 1234 5678"), "138****5678");
        assert_eq!(Sensitive::Phone.cover("5551234"), "****1234");
        assert_eq!(Sensitive::Phone.cover("12345"), "****");
        assert_eq!(Sensitive::Name.cover("张小雨"), "张**");
        assert_eq!(Sensitive::Name.cover("张"), "**");
        assert_eq!(Sensitive::Address.cover("晴园五号楼二单元301"), "晴园五号****");
        assert_eq!(Sensitive::Account.cover("reader@example.org"), "r***@example.org");
    }

    /// X-37, SLM-1
    #[test]
    fn posts_add_up_and_admin_sees_nobody() {
        assert!(!Masking::of(&[Post::Admin]).is_clear(Sensitive::Name));
        assert!(!Masking::of(&[]).is_clear(Sensitive::Phone));
        let both = Masking::of(&[Post::Admin, Post::Agent]);
        assert_eq!(both.show(Sensitive::Phone, "13812345678"), "13812345678");
        assert_eq!(Masking::of(&[Post::Gm]).show(Sensitive::Phone, "13812345678"), "138****5678");
    }

    ///
    #[test]
    fn a_number_is_searched_whole_or_by_its_end() {
        let whole = Ok(PhoneSearch::Whole("13812345678".into()));
        assert_eq!(PhoneSearch::parse("+86 138-1234-5678"), whole);
        assert_eq!(PhoneSearch::parse("13812345678"), whole);
        assert_eq!(PhoneSearch::parse("5678"), Ok(PhoneSearch::LastFour("5678".into())));
        for part in ["", "138", "1381234%", "*5678", "138123", "1381234567812345"] {
            assert_eq!(PhoneSearch::parse(part), Err(PartOfNumber), "{part}");
        }
    }

    proptest! {
        ///
        #[test]
        fn a_covered_number_never_shows_its_middle(number in "1[3-9][0-9]{9}") {
            let covered = Sensitive::Phone.cover(&number);
            prop_assert_eq!(covered.chars().filter(char::is_ascii_digit).count(), 7);
        }

        ///
        #[test]
        fn covering_takes_any_text(text in "\\PC{0,40}") {
            for field in Sensitive::ALL {
                prop_assert!(field.cover(&text).contains("**"));
            }
        }
    }
}
