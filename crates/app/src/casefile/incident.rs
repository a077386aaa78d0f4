//! The file of an incident: its own history and, in a folder each, the files of
//! its members, in one zip.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;

use huiyin_domain::ids::{CaseId, IncidentId};
use huiyin_domain::incident::{Event, Incident};
use huiyin_domain::locale::Locale;
use huiyin_domain::time::Zone;
use huiyin_reports::{Paper, escape};
use huiyin_store::case::{file, read};
use huiyin_store::people::{person, unit};
use huiyin_store::sql::Tx;
use serde_json::json;

use super::pack::{Bundle, BundleFailed};
use super::page::{self, Voice};
use super::{Speak, add, chain, take_out};
use crate::App;
use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::{Class, Error};
use crate::incident::{IncidentFigures, MemberLine};
use crate::policy::{self, Action};

/// What the file is made of, read in one transaction.
struct Opening {
    incident: Incident,
    head: String,
    organisation: String,
    unit: String,
    people: BTreeMap<String, String>,
    members: Vec<MemberLine>,
    figures: IncidentFigures,
    /// The folders of the members whose files are in, by case.
    folders: BTreeMap<CaseId, String>,
    zone: Zone,
    made_by: String,
}

/// Writes the file of an incident into a zip.
///
/// Blocks; call it from a thread of its own.
///
/// # Errors
/// `not_found`, `forbidden`, or when a file cannot be written.
pub fn write_incident(
    app: &App,
    ctx: &Ctx,
    id: IncidentId,
    speak: Speak<'_>,
    out: File,
) -> Result<File, BundleFailed> {
    let (inside, rules) = (ctx.clone(), app.rules.clone());
    let mut opening = app.store.write_blocking(move |tx| {
        let held = rules.of(tx, inside.org())?;
        open(tx, &inside, id, held.calendar().zone().clone())
    })?;
    let mut bundle = Bundle::begin(out)?;
    opening.folders = members(&mut bundle, app, ctx, &opening.members, speak)?;
    let org = ctx.org();
    let texts = app.store.read_blocking(move |tx| read::texts(tx, org, id))?;
    let incident = &opening.incident;
    let history = (CaseId(incident.id.0), incident.number.as_str(), incident.version);
    for (locale, ending) in [(Locale::ZhCn, "zh"), (Locale::En, "en")] {
        let words = |name: &str| speak(locale, name);
        let (people, zone) = (&opening.people, &opening.zone);
        let voice = Voice { people, zone, texts: &texts, locale, words: &words };
        bundle.whole(&format!("index.{ending}.html"), index(&opening, &voice, ctx).as_bytes())?;
        page::timeline::<Event>(&mut bundle, app, ctx, (&voice, ending), history)?;
    }
    let history = chain::History {
        id: history.0,
        number: &incident.number,
        last: incident.version,
        head: &opening.head,
    };
    chain::write::<Event>(&mut bundle, app, ctx, &history)?;
    chain::script(&mut bundle)?;
    bundle.finish()
}

/// Writes the file of each member into a folder of its own: history, forms and
/// attachments.
///
/// Whoever sees a member and may still not take it out gets the others; the index
/// says which are in.
fn members(
    bundle: &mut Bundle,
    app: &App,
    ctx: &Ctx,
    lines: &[MemberLine],
    speak: Speak<'_>,
) -> Result<BTreeMap<CaseId, String>, BundleFailed> {
    let mut folders = BTreeMap::new();
    for line in lines {
        // a case may belong by several of its contacts
        if folders.contains_key(&line.case) {
            continue;
        }
        let opening = match take_out(app, ctx, line.case) {
            Ok(opening) => opening,
            Err(error) if error.class() == Class::Denied => continue,
            Err(error) => return Err(error.into()),
        };
        let folder = format!("members/{}/", page::numbered(folders.len(), &line.number));
        bundle.enter(&folder);
        add(bundle, app, ctx, &opening, speak)?;
        folders.insert(line.case, folder);
    }
    bundle.enter("");
    Ok(folders)
}

fn open(tx: &mut Tx<'_>, ctx: &Ctx, id: IncidentId, zone: Zone) -> Result<Opening, Error> {
    let (loaded, view) = crate::incident::visible(tx, ctx, id)?;
    let by_post = view.posts().iter().any(|post| Action::ExportCases.allowed_to(*post));
    if !(by_post || view.is_own() || ctx.actor.is_system() || !ctx.actor.identified()) {
        return Err(policy::denied(Action::ExportCases));
    }
    let incident = loaded.incident;
    // its chain names every case that ever belonged: who may not know of one gets none
    if !crate::incident::sees_all(tx, ctx, &incident)? {
        return Err(policy::denied(Action::ExportCases));
    }
    let organisation =
        huiyin_store::people::organisation::get(tx, ctx.org())?.ok_or_else(Error::not_found)?;
    let mut people = BTreeMap::new();
    let mut known = file::people_in(tx, ctx.org(), CaseId(id.0))?;
    known.push(incident.owner);
    known.extend(incident.measures.iter().map(|measure| measure.person));
    for one in known {
        let name = person::get(tx, one)?.map(|row| row.name).unwrap_or_default();
        people.insert(one.to_string(), name);
    }
    let members = crate::incident::members(tx, ctx, id, None)?;
    // operations name cases by their ids: people read numbers
    people.extend(members.iter().map(|member| (member.case.to_string(), member.number.clone())));
    let details = json!({"number": incident.number, "version": incident.version, "head": loaded.head.hash});
    audit::record(tx, ctx, "incident_file_written", Object::new("incident", id), details)?;
    Ok(Opening {
        unit: unit::get(tx, ctx.org(), incident.unit)?.map(|unit| unit.name).unwrap_or_default(),
        figures: crate::incident::figures(tx, ctx, id)?,
        head: loaded.head.hash,
        organisation: organisation.name,
        people,
        members,
        folders: BTreeMap::new(),
        zone,
        made_by: if ctx.actor.identified() {
            ctx.actor.name.clone()
        } else {
            ctx.actor.via.name().to_owned()
        },
        incident,
    })
}

fn index(opening: &Opening, voice: &Voice<'_>, ctx: &Ctx) -> String {
    let incident = &opening.incident;
    let figures = &opening.figures;
    let title = format!("{} {}", voice.say("事件案卷", "Incident file"), incident.number);
    let mut body = format!("<header><h1>{}</h1></header>\n<table><tbody>", escape(&title));
    let hot = figures.hot_at.map(|at| voice.time(at)).unwrap_or_default();
    let numbers = format!("{} / {} / {} / {}", figures.items, figures.cases, figures.times, figures.people);
    let facts = [
        (voice.say("单位", "Organisation"), format!("{} {}", opening.organisation, opening.unit)),
        (voice.say("事由", "What happened"), voice.opened(&incident.title.0)),
        (voice.say("楼栋", "Building"), incident.building.clone().unwrap_or_default()),
        (voice.say("环节", "Stage"), (voice.words)(incident.stage.as_str())),
        (voice.say("热点自", "Hot since"), hot),
        (voice.say("件 / 案件 / 次 / 人", "Items / cases / times / people"), numbers),
        (voice.say("记录条数", "Entries"), incident.version.to_string()),
        (voice.say("末条哈希", "Last hash"), opening.head.clone()),
        (voice.say("制作时间", "Made at"), voice.time(ctx.now)),
        (voice.say("制作人", "Made by"), opening.made_by.clone()),
    ];
    for (name, value) in facts {
        // writing to a string cannot fail
        let _ = write!(body, "<tr><th>{name}</th><td>{}</td></tr>", escape(&value));
    }
    let _ =
        write!(body, "</tbody></table>\n<h2>{}</h2>\n<table><tbody>", voice.say("成员案件", "Member cases"));
    let ending = if voice.zh() { "zh" } else { "en" };
    for member in &opening.members {
        let number = match opening.folders.get(&member.case) {
            Some(folder) => {
                let page = escape(&format!("{folder}index.{ending}.html"));
                format!("<a href=\"{page}\">{}</a>", escape(&member.number))
            }
            None => format!(
                "{} {}",
                escape(&member.number),
                voice.say(
                    "（案卷未附：制作人无权带出）",
                    "(file not enclosed: not for its maker to take out)"
                )
            ),
        };
        let closure = member.closure.as_deref().map(|word| (voice.words)(word)).unwrap_or_default();
        let _ = write!(
            body,
            "<tr><td>{number}</td><td>{}</td><td>{} {}</td></tr>",
            voice.time(member.at),
            escape(&(voice.words)(&member.stage)),
            escape(&closure)
        );
    }
    let _ = write!(body, "</tbody></table>\n<h2>{}</h2>\n<table><tbody>", voice.say("内容", "Content"));
    voice.part(&mut body, &format!("timeline.{ending}.html"), voice.say("经过", "History"));
    voice.part(&mut body, "VERIFY.txt", voice.say("怎样核对", "How to verify"));
    body.push_str("</tbody></table>");
    Paper { locale: voice.locale, title: &title, body: &body }.html()
}
