//! Questions and answers for customers, on the page of an estate (TXT-42).

use super::visitor::Visitor;
use crate::edge::Edge;
use crate::page::{escaped, word_with};
use crate::problem::Problem;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use huiyin_app::knowledge;
use std::fmt::Write as _;

/// The longest question of a customer, in characters.
const LONGEST: usize = 100;

/// Shows the answers, those that fit first where something is asked.
pub(super) async fn show(State(edge): State<Edge>, visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    let question = asked(query.as_deref().unwrap_or_default());
    let (app, at) = (edge.app.clone(), (visitor.page.org, visitor.page.unit));
    let (locale, words) = (visitor.locale, question.clone());
    let found = edge.app.store.read(move |tx| knowledge::faqs(tx, &app, at, (locale, &words))).await;
    let answers = match found {
        Ok(answers) => answers,
        Err(error) => return Problem::from(error).into_response(),
    };
    let mut list = String::new();
    for (title, body) in &answers {
        let lines: String = body.lines().map(|line| format!("<p>{}</p>", escaped(line))).collect();
        let _ = writeln!(list, "<details><summary>{}</summary>{lines}</details>", escaped(title));
    }
    if answers.is_empty() {
        let nothing = if question.is_empty() {
            visitor.word("public_help_none")
        } else {
            word_with(visitor.locale, "public_help_nothing", ("question", &question))
        };
        list = format!("<p role=\"status\">{nothing}</p>\n");
    }
    let body = format!(
        "<form method=\"get\" action=\"{path}/help\" role=\"search\">\
         <input type=\"hidden\" name=\"lang\" value=\"{lang}\">\
         <label for=\"q\">{label}</label><input id=\"q\" name=\"q\" type=\"search\" maxlength=\"{LONGEST}\" value=\"{value}\">\
         <button type=\"submit\">{look}</button></form>\n<section>{list}</section>\n\
         <section><a class=\"button\" href=\"{file}\">{file_word}</a>\n<a class=\"button plain\" href=\"{home}\">{back}</a></section>\n",
        path = escaped(&visitor.page.path),
        lang = visitor.locale.tag(),
        label = visitor.word("public_help_ask"),
        value = escaped(&question),
        look = visitor.word("public_help_look"),
        file = escaped(visitor.to("/file")),
        file_word = visitor.word("public_file"),
        home = escaped(visitor.to("")),
        back = visitor.word("public_back"),
    );
    visitor.answer(&visitor.word("public_help"), &body)
}

/// Takes the question out of the address; what cannot be read asks nothing.
fn asked(query: &str) -> String {
    let value = query.split('&').find_map(|pair| pair.strip_prefix("q=")).unwrap_or_default();
    let text = crate::query::decode(value).unwrap_or_default();
    text.chars().filter(|c| !c.is_control()).take(LONGEST).collect::<String>().trim().to_owned()
}
