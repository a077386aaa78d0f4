//! Names and offsets in the words of the demo, made into ids and times.

use super::cast::Cast;
use huiyin_app::Error;
use huiyin_domain::time::{Date, Timestamp, Zone};
use serde::Deserialize;
use serde_json::{Map, Value};

/// An hour in microseconds.
pub const HOUR: i64 = 3_600_000_000;

/// A step that somebody takes, as the words tell it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepWords {
    /// Who, by login.
    pub by: String,
    /// Hours after the step before.
    #[serde(default)]
    pub after: u32,
    /// The action.
    pub take: String,
    /// Its body, with names for ids and offsets for times.
    #[serde(default)]
    body: Map<String, Value>,
}

impl StepWords {
    /// Gives the body as it is at a moment.
    ///
    /// # Errors
    /// As [`filled`].
    pub fn body(&self, cast: &Cast, now: Timestamp) -> Result<Value, Error> {
        let mut body = Value::Object(self.body.clone());
        filled(&mut body, cast, now)?;
        Ok(body)
    }
}

/// Puts ids and times in the place of names.
///
/// `@login` is a person, `#code` a unit; `+48h` and `-2h` are moments from `now`,
/// `~-1d` the date of the day before, `~-1m` the month before, as `2026-10`.
///
/// # Errors
/// When nobody has the login, or no unit the code.
pub fn filled(value: &mut Value, cast: &Cast, now: Timestamp) -> Result<(), Error> {
    match value {
        Value::String(text) => {
            if let Some(login) = text.strip_prefix('@') {
                *text = cast.person(login)?.person.to_string();
            } else if let Some(code) = text.strip_prefix('#') {
                *text = cast.unit(code)?.to_string();
            } else if let Some(said) = moment(text, now) {
                *text = said;
            }
        }
        Value::Array(items) => items.iter_mut().try_for_each(|item| filled(item, cast, now))?,
        Value::Object(map) => map.values_mut().try_for_each(|value| filled(value, cast, now))?,
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    Ok(())
}

/// Reads an offset; nothing when the text is none.
fn moment(text: &str, now: Timestamp) -> Option<String> {
    let day = Zone::shanghai().date(now);
    if let Some(offset) = text.strip_prefix('~') {
        if let Some(days) = offset.strip_suffix('d') {
            return Some(day.plus_days(days.parse().ok()?)?.to_string());
        }
        return Some(month(day, offset.strip_suffix('m')?.parse().ok()?)[..7].to_owned());
    }
    let hours: i64 = text.strip_suffix('h').filter(|rest| rest.starts_with(['+', '-']))?.parse().ok()?;
    Some(Timestamp::from_micros(now.micros() + hours * HOUR).to_string())
}

/// The first day of a month some months before this one.
fn month(day: Date, offset: i32) -> String {
    let back = (offset..0).fold(day.first_of_month(), |month, _| month.month_before().first_of_month());
    back.to_string()
}
