//! Following a matter with number and lookup code, and speaking in it.
//!
//! Nothing is kept in the browser: each form carries number and code again.

use super::form::{Texts, texts, wrong};
use super::visitor::{Staff, Visitor};
use crate::edge::Edge;
use crate::page::{escaped, word_with};
use crate::problem::Problem;
use axum::extract::{Request, State};
use axum::response::Response;
use huiyin_app::public::{self, Lookup, OpenOption, Progress, Word};
use huiyin_domain::case::{ClosureKind, OptionAnswer};
use huiyin_domain::time::{Timestamp, Zone};
use std::fmt::Write as _;

/// Shows the form that asks for number and code.
pub(super) async fn show(visitor: Visitor) -> Response {
    visitor.answer(&visitor.word("public_follow"), &asking(&visitor, &Texts::default(), ""))
}

/// Opens the matter and tells how far it is.
pub(super) async fn look(State(edge): State<Edge>, visitor: Visitor, request: Request) -> Response {
    let typed = match texts(request).await {
        Ok(typed) => typed,
        Err(problem) => return refused(&visitor, &Texts::default(), &problem),
    };
    match told(&edge, &visitor, &typed, None).await {
        Ok(progress) => tell(&visitor, &typed, &progress, ""),
        Err(problem) => refused(&visitor, &typed, &problem),
    }
}

/// Takes the customer's word, then tells how far it is.
pub(super) async fn say(
    State(edge): State<Edge>,
    visitor: Visitor,
    staff: Staff,
    request: Request,
) -> Response {
    let typed = match texts(request).await {
        Ok(typed) => typed,
        Err(problem) => return refused(&visitor, &Texts::default(), &problem),
    };
    let said = match word_of(&typed) {
        Ok(word) => told(&edge, &visitor, &typed, Some((word, staff))).await,
        Err(problem) => Err(problem),
    };
    match said {
        Ok(progress) => {
            let thanks = visitor.word("public_said");
            let thanks = format!("<div class=\"note good\" role=\"status\"><p>{thanks}</p></div>\n");
            tell(&visitor, &typed, &progress, &thanks)
        }
        // what was said is refused, the matter is open all the same
        Err(problem) if problem.code != "lookup_unknown" && problem.code != "too_many_attempts" => {
            match told(&edge, &visitor, &typed, None).await {
                Ok(progress) => {
                    let body = standing_page(&visitor, &typed, &progress, &visitor.refusal(&problem));
                    visitor.refuse(&problem, &visitor.word("public_follow"), &body)
                }
                Err(problem) => refused(&visitor, &typed, &problem),
            }
        }
        Err(problem) => refused(&visitor, &typed, &problem),
    }
}

fn refused(visitor: &Visitor, typed: &Texts, problem: &Problem) -> Response {
    visitor.refuse(
        problem,
        &visitor.word("public_follow"),
        &asking(visitor, typed, &visitor.refusal(problem)),
    )
}

async fn told(
    edge: &Edge,
    visitor: &Visitor,
    typed: &Texts,
    word: Option<(Word, Staff)>,
) -> Result<Progress, Problem> {
    let text = |name: &str| typed.get(name).unwrap_or_default().to_owned();
    let lookup = Lookup { number: text("number"), code: text("code"), source: visitor.source.clone() };
    let (ctx, id) =
        public::enter(&edge.app, &visitor.page, lookup, (&visitor.tag.request_id, visitor.locale)).await?;
    if let Some((word, Staff(staff))) = word {
        if let Some(staff) = staff {
            edge.app.read(&staff, move |tx, ctx| public::not_by_staff(tx, ctx, id)).await?;
        }
        let rules = edge.app.rules.clone();
        let said = edge.app.write(&ctx, move |tx, ctx| public::say(tx, ctx, &rules, id, word)).await?;
        edge.app.hints.publish(said.hint);
    }
    Ok(edge.app.read(&ctx, move |tx, ctx| public::progress(tx, ctx, id)).await?)
}

fn word_of(typed: &Texts) -> Result<Word, Problem> {
    match typed.get("what") {
        Some("option") => {
            let option = typed.get("option").and_then(|number| number.parse().ok());
            Ok(Word::Option {
                option: option.ok_or_else(|| wrong("option", "required"))?,
                accepted: choice(typed, "answer", ("accepted", "declined"))?,
                text: typed.text("words")?,
            })
        }
        Some("visit") => Ok(Word::Visit {
            satisfied: choice(typed, "satisfied", ("yes", "no"))?,
            acceptance: typed.text("acceptance")?,
            measures: typed.text("measures")?,
            result: typed.text("result")?,
        }),
        _ => Ok(Word::More { text: typed.needed("words")?, asks: typed.is("asks", "yes") }),
    }
}

fn choice(typed: &Texts, name: &str, (yes, no): (&str, &str)) -> Result<bool, Problem> {
    match typed.get(name) {
        Some(word) if word == yes => Ok(true),
        Some(word) if word == no => Ok(false),
        _ => Err(wrong(name, "required")),
    }
}

fn asking(visitor: &Visitor, typed: &Texts, said: &str) -> String {
    let value = |name: &str| escaped(typed.get(name).unwrap_or_default());
    format!(
        "{said}<form method=\"post\" enctype=\"multipart/form-data\" action=\"{}\">\n\
         <label>{}<input name=\"number\" required autocomplete=\"off\" maxlength=\"60\" value=\"{}\"></label>\n\
         <label>{}<input name=\"code\" required autocomplete=\"off\" maxlength=\"30\"></label>\n\
         <p class=\"hint\">{}</p>\n<button>{}</button>\n</form>\n",
        escaped(visitor.to("/follow")),
        visitor.word("public_number"),
        value("number"),
        visitor.word("public_code"),
        visitor.word("public_code_hint"),
        visitor.word("public_look"),
    )
}

/// Says how a matter stands, below what was just said of it.
fn standing_page(visitor: &Visitor, typed: &Texts, progress: &Progress, said: &str) -> String {
    let mut body = said.to_owned();
    let promised = progress.promised.map_or_else(String::new, |at| {
        format!("<p>{}</p>\n", word_with(visitor.locale, "public_promised", ("at", &moment(at))))
    });
    let _ = write!(
        body,
        "<section><h2>{}</h2>\n<p class=\"said\">{}</p>\n{promised}\
         <dl>\n<dt>{}</dt><dd>{}</dd>\n<dt>{}</dt><dd>{}</dd>\n</dl></section>\n",
        visitor.word("public_where"),
        visitor.word(&standing(progress)),
        visitor.word("public_number"),
        escaped(&progress.number),
        visitor.word("public_received"),
        moment(progress.received_at),
    );
    let hidden = hidden(visitor, typed);
    for option in progress.options.iter().filter(|option| open(option)) {
        body.push_str(&answering(visitor, &hidden, option));
    }
    if progress.asks {
        body.push_str(&questions(visitor, &hidden));
    }
    if !progress.told.is_empty() {
        let _ = write!(body, "<section><h2>{}</h2>\n<ol class=\"told\">\n", visitor.word("public_told"));
        for told in &progress.told {
            let text = told.text.as_deref().map_or_else(|| visitor.word("public_erased"), escaped);
            let kind = visitor.word(&format!("word_{}", told.kind.as_str()));
            let _ = writeln!(body, "<li>{} · {kind}<p class=\"said\">{text}</p></li>", moment(told.at));
        }
        body.push_str("</ol></section>\n");
    }
    body.push_str(&more(visitor, &hidden));
    body
}

fn tell(visitor: &Visitor, typed: &Texts, progress: &Progress, said: &str) -> Response {
    visitor.answer(&visitor.word("public_follow"), &standing_page(visitor, typed, progress, said))
}

/// Names the text that says where a matter stands.
fn standing(progress: &Progress) -> String {
    match progress.closure {
        Some(ClosureKind::Withdrawn) => "public_at_withdrawn".into(),
        Some(ClosureKind::PassedOn) => "public_at_passed_on".into(),
        Some(ClosureKind::Duplicate) => "public_at_duplicate".into(),
        _ => format!("public_at_{}", progress.stage.as_str()),
    }
}

fn open(option: &OpenOption) -> bool {
    matches!(option.answer, None | Some(OptionAnswer::Declined))
}

fn hidden(visitor: &Visitor, typed: &Texts) -> String {
    let value = |name: &str| escaped(typed.get(name).unwrap_or_default());
    format!(
        "<form method=\"post\" enctype=\"multipart/form-data\" action=\"{}\">\n\
         <input type=\"hidden\" name=\"number\" value=\"{}\">\n<input type=\"hidden\" name=\"code\" value=\"{}\">\n",
        escaped(visitor.to("/say")),
        value("number"),
        value("code"),
    )
}

fn answering(visitor: &Visitor, hidden: &str, option: &OpenOption) -> String {
    let text = option.text.as_deref().map_or_else(|| visitor.word("public_erased"), escaped);
    let amount = option.amount.map_or_else(String::new, |amount| {
        format!("<p>{}</p>\n", word_with(visitor.locale, "public_amount", ("amount", &amount.to_string())))
    });
    format!(
        "{hidden}<h2>{}</h2>\n<p class=\"said\">{text}</p>\n{amount}\
         <input type=\"hidden\" name=\"what\" value=\"option\"><input type=\"hidden\" name=\"option\" value=\"{}\">\n\
         <label>{}<textarea class=\"short\" name=\"words\" maxlength=\"5000\"></textarea></label>\n\
         <button name=\"answer\" value=\"accepted\">{}</button>\n\
         <button class=\"plain\" name=\"answer\" value=\"declined\">{}</button>\n</form>\n",
        visitor.word("public_option"),
        option.id,
        visitor.word("public_words"),
        visitor.word("public_accept"),
        visitor.word("public_decline"),
    )
}

/// PROP-62: the acceptance, the measures, the result.
fn questions(visitor: &Visitor, hidden: &str) -> String {
    let mut asked = String::new();
    for name in ["acceptance", "measures", "result"] {
        let _ = writeln!(
            asked,
            "<label>{}<textarea class=\"short\" name=\"{name}\" maxlength=\"5000\"></textarea></label>",
            visitor.word(&format!("public_ask_{name}")),
        );
    }
    format!(
        "{hidden}<h2>{}</h2>\n<p class=\"hint\">{}</p>\n\
         <input type=\"hidden\" name=\"what\" value=\"visit\">\n{asked}\
         <fieldset><legend>{}</legend>\n\
         <label class=\"tick\"><input type=\"radio\" name=\"satisfied\" value=\"yes\" required>{}</label>\n\
         <label class=\"tick\"><input type=\"radio\" name=\"satisfied\" value=\"no\">{}</label></fieldset>\n\
         <button>{}</button>\n</form>\n",
        visitor.word("public_visit"),
        visitor.word("public_visit_hint"),
        visitor.word("public_ask_satisfied"),
        visitor.word("word_satisfied"),
        visitor.word("word_dissatisfied"),
        visitor.word("public_send"),
    )
}

fn more(visitor: &Visitor, hidden: &str) -> String {
    format!(
        "{hidden}<h2>{}</h2>\n<input type=\"hidden\" name=\"what\" value=\"more\">\n\
         <label>{}<textarea class=\"short\" name=\"words\" required maxlength=\"20000\"></textarea></label>\n\
         <label class=\"tick\"><input type=\"checkbox\" name=\"asks\" value=\"yes\">{}</label>\n\
         <button>{}</button>\n</form>\n",
        visitor.word("public_more"),
        visitor.word("public_more_text"),
        visitor.word("public_asks"),
        visitor.word("public_send"),
    )
}

/// Writes a moment as people write it: day and minute.
fn moment(at: Timestamp) -> String {
    let (date, seconds) = Zone::shanghai().civil(at);
    format!("{date} {:02}:{:02}", seconds / 3_600, seconds / 60 % 60)
}
