//! Filing a matter: text, who, where, files; a number and a lookup code come back.

use super::form::{SILENCE, Texts, next, take as take_text, wrong};
use super::visitor::Visitor;
use crate::edge::Edge;
use crate::page::{escaped, word_with};
use crate::problem::Problem;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use huiyin_app::attachment::{self, Arrived};
use huiyin_app::public::{self, Filed, Filing, KINDS};
use huiyin_app::{Ctx, IdempotencyKey, secret};
use std::fmt::Write as _;
use tokio::time::timeout;
use uuid::Uuid;

/// The most files of one filing.
const MOST_FILES: usize = 5;

/// Shows the form.
pub(super) async fn show(State(edge): State<Edge>, visitor: Visitor) -> Response {
    let once = edge.app.ids.uuid(edge.app.clock.now());
    visitor.answer(&visitor.word("public_file"), &form(&visitor, once, &Texts::default(), ""))
}

/// Takes the form; what was typed is shown again when something is wrong.
pub(super) async fn take(State(edge): State<Edge>, visitor: Visitor, request: Request) -> Response {
    let mut texts = Texts::default();
    match taken(&edge, &visitor, request, &mut texts).await {
        Ok((filed, refused)) => done(&visitor, &filed, &refused),
        Err(problem) => {
            let once = once(&texts).unwrap_or_else(|| edge.app.ids.uuid(edge.app.clock.now()));
            let said = visitor.refusal(&problem);
            visitor.refuse(&problem, &visitor.word("public_file"), &form(&visitor, once, &texts, &said))
        }
    }
}

/// Names one filling of the form, so that sending it twice files once.
fn once(texts: &Texts) -> Option<Uuid> {
    texts.get("once").and_then(|text| text.parse().ok())
}

async fn taken(
    edge: &Edge,
    visitor: &Visitor,
    request: Request,
    texts: &mut Texts,
) -> Result<(Filed, Vec<String>), Problem> {
    let malformed = || Problem::new(StatusCode::BAD_REQUEST, "malformed_request");
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| malformed())?;
    let (mut filed, mut refused) = (None, Vec::new());
    let mut files = 0;
    while let Some(part) = next(&mut form).await? {
        let Some(name) = part.file_name().map(str::to_owned) else {
            take_text(part, &mut texts.0).await?;
            continue;
        };
        if name.is_empty() {
            continue;
        }
        let (ctx, made) = match filed.take() {
            Some(known) => known,
            None => filing(edge, visitor, texts).await?,
        };
        files += 1;
        if files > MOST_FILES || attach(edge, &ctx, &made, (name.clone(), part)).await.is_err() {
            refused.push(name);
        }
        filed = Some((ctx, made));
    }
    let (_, made) = match filed {
        Some(known) => known,
        None => filing(edge, visitor, texts).await?,
    };
    Ok((made, refused))
}

async fn filing(edge: &Edge, visitor: &Visitor, texts: &Texts) -> Result<(Ctx, Filed), Problem> {
    let kind =
        texts.get("kind").unwrap_or("complaint").parse().map_err(|_| wrong("kind", "unknown_value"))?;
    let room = texts.text("building")?.zip(texts.text("room")?);
    let filing = Filing {
        kind,
        text: texts.needed("text")?,
        name: texts.text("name")?,
        phone: texts.get("phone").map(str::to_owned),
        room,
        anonymous: texts.is("anonymous", "yes"),
    };
    let mut ctx = visitor.ctx(edge);
    ctx.idempotency = once(texts).map(|once| {
        let words: Vec<&str> = texts.0.values().map(String::as_str).collect();
        IdempotencyKey { key: secret::digest(&once.to_string()), body: secret::digest(&words.join("\n")) }
    });
    let filed = public::file(&edge.app, &visitor.page, ctx.clone(), filing, &visitor.source).await?;
    let inside = public::inside(&ctx, filed.id);
    Ok((inside, filed))
}

async fn attach(
    edge: &Edge,
    ctx: &Ctx,
    filed: &Filed,
    (name, mut part): (String, axum::extract::multipart::Field<'_>),
) -> Result<(), Problem> {
    let mut upload = attachment::begin(&edge.app, ctx, filed.id, &name).await?;
    loop {
        let chunk = timeout(SILENCE, part.chunk()).await;
        let chunk = chunk.map_err(|_| Problem::new(StatusCode::REQUEST_TIMEOUT, "body_too_slow"))?;
        match chunk.map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "body_interrupted"))? {
            None => break,
            Some(bytes) => upload.write(&bytes).await?,
        }
    }
    let arrived = Arrived { upload, announced: None, name };
    let attached = attachment::attach(&edge.app, ctx, filed.id, arrived).await?;
    if let Some(hint) = attached.hint {
        edge.app.hints.publish(hint);
    }
    Ok(())
}

fn done(visitor: &Visitor, filed: &Filed, refused: &[String]) -> Response {
    let names = refused.iter().map(escaped).collect::<Vec<_>>().join(", ");
    let files = if refused.is_empty() {
        String::new()
    } else {
        format!(
            "<div class=\"note bad\" role=\"alert\"><p>{} {names}</p></div>\n",
            visitor.word("public_files_refused")
        )
    };
    let body = format!(
        "{files}<section role=\"status\">\n<p>{}</p>\n<dl>\n<dt>{}</dt><dd class=\"code\">{}</dd>\n\
         <dt>{}</dt><dd class=\"code\">{}</dd>\n</dl>\n<p class=\"hint\">{}</p>\n\
         <a class=\"button\" href=\"{}\">{}</a></section>\n",
        visitor.word("public_filed"),
        visitor.word("public_number"),
        escaped(&filed.number),
        visitor.word("public_code"),
        escaped(&filed.code),
        visitor.word("public_keep_code"),
        escaped(visitor.to("/follow")),
        visitor.word("public_follow"),
    );
    visitor.answer(&visitor.word("public_thanks"), &body)
}

fn form(visitor: &Visitor, once: Uuid, texts: &Texts, said: &str) -> String {
    let value = |name: &str| escaped(texts.get(name).unwrap_or_default());
    let chosen = texts.get("kind").unwrap_or("complaint");
    let mut kinds = String::new();
    for kind in KINDS {
        let selected = if kind.as_str() == chosen { " selected" } else { "" };
        let name = visitor.word(&format!("word_{}", kind.as_str()));
        let _ = writeln!(kinds, "<option value=\"{}\"{selected}>{name}</option>", kind.as_str());
    }
    let anonymous = if texts.is("anonymous", "yes") { " checked" } else { "" };
    let files = word_with(visitor.locale, "public_files", ("most", &MOST_FILES.to_string()));
    let mut inputs = String::new();
    for (name, code, more) in [
        ("name", "public_name", "autocomplete=\"name\" maxlength=\"100\""),
        ("phone", "public_own_phone", "type=\"tel\" autocomplete=\"tel\" maxlength=\"40\""),
        ("building", "public_building", "maxlength=\"40\""),
        ("room", "public_room", "maxlength=\"40\""),
    ] {
        let _ = writeln!(
            inputs,
            "<label>{}<input name=\"{name}\" value=\"{}\" {more}></label>",
            visitor.word(code),
            value(name)
        );
    }
    format!(
        "{said}<form method=\"post\" enctype=\"multipart/form-data\" action=\"{action}\">\n\
         <input type=\"hidden\" name=\"once\" value=\"{once}\">\n\
         <label>{kind}<select name=\"kind\">\n{kinds}</select></label>\n\
         <label>{text}<textarea name=\"text\" required maxlength=\"20000\">{typed}</textarea></label>\n\
         <p class=\"hint\">{free}</p>\n<div class=\"pair\">\n{inputs}</div>\n\
         <label class=\"tick\"><input type=\"checkbox\" name=\"anonymous\" value=\"yes\"{anonymous}>{anonymously}</label>\n\
         <label>{files}<input type=\"file\" name=\"files\" multiple></label>\n\
         <button>{send}</button>\n</form>\n",
        action = escaped(visitor.to("/file")),
        kind = visitor.word("public_kind"),
        text = visitor.word("public_text"),
        typed = value("text"),
        free = visitor.word("public_free"),
        anonymously = visitor.word("public_anonymous"),
        send = visitor.word("public_send"),
    )
}
