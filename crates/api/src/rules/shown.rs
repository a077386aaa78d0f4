//! One pack as people read it: its rules in words, its categories, its limits
//! of approval, its files.

use crate::authed::Authed;
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::responses::Reading;
use axum::Json;
use axum::extract::State;
use huiyin_app::case;
use huiyin_domain::locale::Locale;
use huiyin_domain::money::Money;
use huiyin_domain::pack::{ApprovalRule, CategoryDef, CauseDef, Names, Pack, PackFiles, explain};
use huiyin_domain::people::Post;
use huiyin_domain::time::Date;
use huiyin_i18n::{has, text};
use serde::Serialize;
use serde_json::Map;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(get_pack))
}

/// A category with its boundaries, in the reader's language.
#[derive(Debug, Serialize, ToSchema)]
struct PackCategory {
    code: String,
    title: String,
    /// What belongs to it.
    definition: String,
    /// What is included although one may doubt it.
    includes: String,
    /// What is excluded although one may doubt it.
    excludes: String,
    /// The category above, if any.
    parent: Option<String>,
    source: Vec<String>,
}

/// A node of the cause tree, in the reader's language.
#[derive(Debug, Serialize, ToSchema)]
struct PackCause {
    code: String,
    title: String,
    /// The node above, if any.
    parent: Option<String>,
}

/// Who signs, up to which sum.
#[derive(Debug, Serialize, ToSchema)]
struct PackRung {
    posts: Vec<Post>,
    /// True when all of them must sign.
    joint: bool,
    /// Enough up to this sum, itself included; null where it always signs.
    up_to: Option<Money>,
}

/// Who decides what.
#[derive(Debug, Serialize, ToSchema)]
struct PackApproval {
    /// What is decided.
    of: &'static str,
    /// From this sum on; null always.
    from: Option<Money>,
    /// True where it applies only in some circumstances.
    conditional: bool,
    /// From below.
    ladder: Vec<PackRung>,
    /// For how many days it stands.
    valid_days: Option<u32>,
    source: Vec<String>,
}

/// A pack version.
#[derive(Debug, Serialize, ToSchema)]
struct PackShown {
    name: String,
    version: u32,
    title: String,
    effective: Date,
    /// Every rule in words with its sources, Markdown.
    text: String,
    categories: Vec<PackCategory>,
    causes: Vec<PackCause>,
    approvals: Vec<PackApproval>,
    /// File name to text.
    files: BTreeMap<String, String>,
}

/// Read a pack: its rules in words, categories, limits of approval, files
///
/// By `name@version`, or by name its newest version.
#[utoipa::path(get, path = "/packs/{pack}", operation_id = "get_pack", tag = "rules",
    params(("pack" = String, Path, example = "property@1")),
    responses((status = 200, description = "The pack", body = PackShown), Reading))]
async fn get_pack(
    State(edge): State<Edge>,
    authed: Authed,
    Id(name): Id<String>,
) -> Result<Json<PackShown>, Problem> {
    let locale = authed.ctx.locale;
    let (pack, files) =
        edge.app.read(&authed.ctx, move |tx, ctx| case::pack_named(tx, ctx, &name)).await.map_err(
            |error| {
                // what is not there is not found, however it was named
                if error.code() == "pack_unknown" { Problem::not_found() } else { error.into() }
            },
        )?;
    Ok(Json(shown(&pack, &files, locale)))
}

fn shown(pack: &Pack, files: &PackFiles, locale: Locale) -> PackShown {
    // numbers and names of fields are no words of the catalogue
    let word = |word: &str| {
        let code = format!("word_{word}");
        if has(locale, &code) { text(locale, &code, &Map::new()) } else { word.to_owned() }
    };
    PackShown {
        name: pack.name.clone(),
        version: pack.version,
        title: say(&pack.title, locale),
        effective: pack.effective,
        text: explain(pack, locale, &word),
        categories: pack.categories.iter().map(|one| category(one, locale)).collect(),
        causes: pack.causes.iter().map(|one| cause(one, locale)).collect(),
        approvals: pack.approvals.iter().map(approval).collect(),
        files: files.iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect(),
    }
}

fn say(names: &Names, locale: Locale) -> String {
    match locale {
        Locale::ZhCn => names.zh.clone(),
        Locale::En => names.en.clone(),
    }
}

fn category(one: &CategoryDef, locale: Locale) -> PackCategory {
    PackCategory {
        code: one.code.clone(),
        title: say(&one.title, locale),
        definition: say(&one.definition, locale),
        includes: say(&one.includes, locale),
        excludes: say(&one.excludes, locale),
        parent: one.parent.clone(),
        source: one.source.clone(),
    }
}

fn cause(one: &CauseDef, locale: Locale) -> PackCause {
    PackCause { code: one.code.clone(), title: say(&one.title, locale), parent: one.parent.clone() }
}

fn approval(rule: &ApprovalRule) -> PackApproval {
    let money = |fen: i64| Money::from_fen(fen).ok();
    PackApproval {
        of: rule.of.as_str(),
        from: (rule.from_fen > 0).then(|| money(rule.from_fen)).flatten(),
        conditional: !rule.when.is_empty(),
        ladder: rule
            .ladder
            .iter()
            .map(|rung| PackRung {
                posts: rung.posts.clone(),
                joint: rung.joint,
                up_to: rung.up_to_fen.and_then(money),
            })
            .collect(),
        valid_days: rule.valid_days,
        source: rule.source.clone(),
    }
}
