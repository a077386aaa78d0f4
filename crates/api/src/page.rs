//! Our own small pages: plain HTML that works without script, one style sheet.

use crate::edge::PAGE;
use crate::problem::Problem;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use huiyin_i18n::{Locale, text};
use serde_json::Map;

/// Where the style sheet of these pages is.
pub const STYLE_PATH: &str = "/p/style.css";

const STYLE: &str = include_str!("page.css");

/// Serves the style sheet.
pub async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}

/// Gives a text of the catalogue, safe inside HTML.
#[must_use]
pub fn word(locale: Locale, name: &str) -> String {
    escaped(text(locale, name, &Map::new()))
}

/// Gives a text with one value in it, safe inside HTML.
#[must_use]
pub fn word_with(locale: Locale, code: &str, (name, value): (&str, &str)) -> String {
    let params = [(name.to_owned(), value.into())].into_iter().collect();
    escaped(text(locale, code, &params))
}

/// Makes a text safe inside HTML.
#[must_use]
pub fn escaped(text: impl AsRef<str>) -> String {
    let text = text.as_ref();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Says a refusal in words: its first field, else its reasons, else the whole.
#[must_use]
pub fn refusal(problem: &Problem, locale: Locale) -> String {
    let field = problem.fields.first();
    let (code, params) = field.map_or((&problem.code, &problem.params), |field| (&field.code, &field.params));
    let reasons =
        field.is_none().then(|| crate::reasons::tell(locale, &mut problem.params.clone())).flatten();
    reasons.unwrap_or_else(|| text(locale, code, params))
}

/// Puts what is to be said first on a page, as HTML.
#[must_use]
pub fn status(said: &str) -> String {
    format!("<p role=\"status\">{}</p>\n", escaped(said))
}

/// Marks an answer that says for people what it is, whatever its status: it is
/// not turned into a problem for programs.
#[derive(Clone, Copy, Debug)]
pub struct ForPeople;

/// A page: its title, whose it is, and what stands in it, all HTML already.
pub struct Document<'a> {
    /// Language of its texts.
    pub locale: Locale,
    /// Title and first heading.
    pub title: &'a str,
    /// Whose page it is, above the heading.
    pub of: &'a str,
    /// What stands in it.
    pub body: &'a str,
    /// The same address in the other language.
    pub other: Option<&'a str>,
}

impl Document<'_> {
    /// Answers with the page under the strict policy of small pages.
    #[must_use]
    pub fn answer(&self, status: StatusCode) -> Response {
        let other = self.other.map_or_else(String::new, |address| {
            let (lang, name) = match self.locale {
                Locale::ZhCn => ("en", "English"),
                Locale::En => ("zh-CN", "中文"),
            };
            format!(
                "<a class=\"other\" href=\"{}\" lang=\"{lang}\" hreflang=\"{lang}\">{name}</a>\n",
                escaped(address)
            )
        });
        let html = format!(
            "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"robots\" content=\"noindex\">\n<title>{title}</title>\n\
             <link rel=\"stylesheet\" href=\"{STYLE_PATH}\">\n</head>\n<body>\n\
             <header><p class=\"of\">{}</p>\n{other}</header>\n\
             <main>\n<h1>{title}</h1>\n{}</main>\n</body>\n</html>\n",
            self.locale.tag(),
            self.of,
            self.body,
            title = self.title,
        );
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
            (header::CONTENT_SECURITY_POLICY, PAGE),
        ];
        let mut response = (status, headers, html).into_response();
        response.extensions_mut().insert(ForPeople);
        response
    }
}
