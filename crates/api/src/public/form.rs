//! Reading a form that a browser sent without script: texts first, files last.

use crate::problem::{Field, Problem};
use axum::extract::multipart::Field as Part;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use huiyin_domain::text::Text;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::timeout;

/// Longest silence of a sender.
pub(super) const SILENCE: Duration = Duration::from_secs(30);

/// Largest text field, in bytes.
const MOST_TEXT: usize = 64 * 1024;

/// The most text fields of one form.
const MOST_FIELDS: usize = 24;

fn malformed() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "malformed_request")
}

/// Says that a field is wrong.
pub(super) fn wrong(path: &str, code: &'static str) -> Problem {
    let field = Field { path: path.into(), code: code.into(), params: serde_json::Map::new() };
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_body").field(field)
}

/// Reads every text of a form; a form without files.
pub(super) async fn texts(request: Request) -> Result<Texts, Problem> {
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| malformed())?;
    let mut found = BTreeMap::new();
    while let Some(part) = next(&mut form).await? {
        if part.file_name().is_some() {
            return Err(malformed());
        }
        take(part, &mut found).await?;
    }
    Ok(Texts(found))
}

/// Gives the next part of a form.
pub(super) async fn next(form: &mut Multipart) -> Result<Option<Part<'_>>, Problem> {
    match timeout(SILENCE, form.next_field()).await {
        Err(_) => Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "body_too_slow")),
        Ok(part) => part.map_err(|_| malformed()),
    }
}

/// Takes a text part into the map.
pub(super) async fn take(mut part: Part<'_>, into: &mut BTreeMap<String, String>) -> Result<(), Problem> {
    let name = part.name().unwrap_or_default().to_owned();
    if into.len() >= MOST_FIELDS {
        return Err(malformed());
    }
    let mut bytes = Vec::new();
    loop {
        let chunk = timeout(SILENCE, part.chunk()).await;
        let chunk = chunk.map_err(|_| Problem::new(StatusCode::REQUEST_TIMEOUT, "body_too_slow"))?;
        match chunk.map_err(|_| malformed())? {
            None => break,
            Some(more) => bytes.extend_from_slice(&more),
        }
        if bytes.len() > MOST_TEXT {
            return Err(wrong(&name, "too_long"));
        }
    }
    let text = String::from_utf8(bytes).map_err(|_| malformed())?;
    // browsers write line ends as CR LF
    into.insert(name, text.replace("\r\n", "\n"));
    Ok(())
}

/// The texts of a form, by name.
#[derive(Default)]
pub(super) struct Texts(pub BTreeMap<String, String>);

impl Texts {
    /// Gives a text without the space around it; nothing for a blank one.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    /// Says whether a box was ticked or a choice made.
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.get(name) == Some(value)
    }

    /// Gives a text as the house keeps it.
    pub fn text(&self, name: &str) -> Result<Option<Text>, Problem> {
        self.get(name).map(|text| Text::new(text).map_err(|_| wrong(name, "invalid_value"))).transpose()
    }

    /// Gives a text that must be there.
    pub fn needed(&self, name: &str) -> Result<Text, Problem> {
        self.text(name)?.ok_or_else(|| wrong(name, "required"))
    }
}
