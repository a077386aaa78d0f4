//! The language of what a command says or writes for people.

use huiyin_i18n::{Locale, text};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A language on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    /// 简体中文
    Zh,
    /// English
    En,
}

impl Language {
    /// Gives the locale of the texts.
    pub const fn locale(self) -> Locale {
        match self {
            Self::Zh => Locale::ZhCn,
            Self::En => Locale::En,
        }
    }
}

/// Says a code of the table reader in words.
pub fn say(locale: Locale, code: &str, params: &BTreeMap<&'static str, String>) -> String {
    let params: Map<String, Value> =
        params.iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str()))).collect();
    text(locale, code, &params)
}
