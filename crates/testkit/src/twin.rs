//! A second organisation beside every test: same numbers, phones and texts.
//!
//! *Invariants*: every identity of the twin's rows contains [`ID_MARK`] and
//! every name and text of it [`TEXT_MARK`], so that one look at an answer tells
//! whether anything of the twin shows through.
//!
//! *Where to start*: [`found`] makes the twin; [`shows_in`] looks at an answer.

use crate::world::MarkedIds;
use huiyin_app::bulk::{self, Chosen};
use huiyin_app::call;
use huiyin_app::case::{self, NewCase};
use huiyin_app::duty::{self, DutyKind, NewDuty};
use huiyin_app::knowledge;
use huiyin_app::party::{self, NewHousehold, NewParty, Reporter, Room};
use huiyin_app::people::membership::NewMembership;
use huiyin_app::people::organisation::{self, NewOrganisation};
use huiyin_app::people::person::{self, NewPerson};
use huiyin_app::people::unit::{self, NewUnit};
use huiyin_app::prepared;
use huiyin_app::public;
use huiyin_app::session::token::{self, NewToken};
use huiyin_app::webhook::{self, Format, NewWebhook};
use huiyin_app::{Actor, App, Ctx, Error, PostHeld, Tx, Via};
use huiyin_domain::call::facts::CallDirection;
use huiyin_domain::call::floor::Typed;
use huiyin_domain::case::body::Attached;
use huiyin_domain::case::{Channel, Command, CommandKind, Kind};
use huiyin_domain::ids::{AttachmentId, CallId, CaseId, OrgId, PersonId, SessionId, UnitId};
use huiyin_domain::knowledge::ArticleFile;
use huiyin_domain::knowledge::quiz::{Question, Quiz};
use huiyin_domain::locale::Locale;
use huiyin_domain::people::{Post, UnitLevel};
use huiyin_domain::text::Text;
use huiyin_domain::time::Timestamp;
use huiyin_store::case::read;
use huiyin_store::{attachment, values};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What every identity of the twin contains, and no other.
pub const ID_MARK: &str = "-7e572a1b";

/// What every name and text of the twin contains, and no other.
pub const TEXT_MARK: &str = "孪生〕";

/// Telephone number of the twin's customer; tests use the same for theirs.
pub const PHONE: &str = "19900001234";

/// How many cases the twin has.
const CASES: usize = 3;

/// Identities of the twin's rows that have an address of their own.
const ROWS: &str = "SELECT 'cases', id FROM cases WHERE org = $1
    UNION ALL SELECT 'parties', id FROM parties WHERE org = $1
    UNION ALL SELECT 'households', id FROM households WHERE org = $1
    UNION ALL SELECT 'people', person FROM memberships WHERE org = $1
    UNION ALL SELECT 'memberships', id FROM memberships WHERE org = $1
    UNION ALL SELECT 'units', id FROM units WHERE org = $1
    UNION ALL SELECT 'tokens', id FROM tokens WHERE org = $1
    UNION ALL SELECT 'webhooks', id FROM webhooks WHERE org = $1
    UNION ALL SELECT 'webhook-deliveries', id FROM webhook_deliveries WHERE org = $1
    UNION ALL SELECT 'duty', id FROM duty WHERE org = $1
    UNION ALL SELECT 'jobs', id FROM jobs WHERE org = $1
    UNION ALL SELECT 'notifications', id FROM notifications WHERE org = $1
    UNION ALL SELECT 'bulk-runs', id FROM bulk_runs WHERE org = $1
    UNION ALL SELECT 'prepared', id FROM prepared WHERE org = $1
    UNION ALL SELECT 'attachments', id FROM attachments WHERE org = $1
    UNION ALL SELECT 'public-pages', unit FROM public_pages WHERE org = $1
    UNION ALL SELECT 'facts', unit FROM fact_sheets WHERE org = $1
    UNION ALL SELECT 'quizzes', id FROM quizzes WHERE org = $1
    UNION ALL SELECT 'misses', id FROM knowledge_misses WHERE org = $1
    UNION ALL SELECT 'calls', id FROM calls WHERE org = $1
    UNION ALL SELECT 'call-messages', id FROM call_messages WHERE org = $1
    UNION ALL SELECT 'call-backs', id FROM call_backs WHERE org = $1";

/// The twin: what tests may know of it.
pub struct Twin {
    /// Its number.
    pub org: OrgId,
    /// Its person, who holds every post.
    pub person: PersonId,
    /// A token of that person.
    pub token: String,
    /// Identities of its rows, by what addresses call their kind.
    pub rows: BTreeMap<String, Vec<String>>,
}

impl Twin {
    /// Gives the first identity of a kind.
    ///
    /// # Panics
    /// When the twin has none.
    #[must_use]
    pub fn row(&self, kind: &str) -> &str {
        match self.rows.get(kind).and_then(|ids| ids.first()) {
            Some(id) => id,
            None => panic!("the twin has none of {kind}"),
        }
    }
}

/// Says what of the twin shows in an answer, if anything.
#[must_use]
pub fn shows_in(answer: &[u8]) -> Option<&'static str> {
    let holds = |mark: &str| answer.windows(mark.len()).any(|part| part == mark.as_bytes());
    [ID_MARK, TEXT_MARK].into_iter().find(|mark| holds(mark))
}

fn marked(text: &str) -> String {
    format!("{text}〔{TEXT_MARK}")
}

/// Founds the twin in one transaction.
///
/// # Errors
/// What its use cases give.
pub fn found(app: &App, ours: OrgId, ids: &MarkedIds) -> Result<Twin, Error> {
    ids.mark(true);
    let made = app.store.write_blocking({
        let app = app.clone();
        move |tx| {
            let founder = app.ctx(Actor::command_line(ours), "twin", Locale::ZhCn);
            let name = marked("默认组织");
            let new = NewOrganisation { code: "twin".into(), name, ..NewOrganisation::default_one() };
            let made = organisation::create(tx, &founder, &new)?;
            let founder = organisation::within(&founder, made.org);
            let ctx = appoint(&app, tx, &founder, made.root_unit)?;
            let name = marked("test");
            let new = NewToken { name, expires_at: None, posts: None };
            let (_, token) = token::create(tx, &ctx, &new)?;
            furnish(&app, tx, &ctx, made.root_unit)?;
            let rows = rows(tx, made.org)?;
            Ok::<_, Error>(Twin { org: made.org, person: ctx.actor.person, token, rows })
        }
    });
    ids.mark(false);
    made
}

/// Appoints the twin's person to every post; gives the context in which that
/// person works.
fn appoint(app: &App, tx: &mut Tx<'_>, founder: &Ctx, unit: UnitId) -> Result<Ctx, Error> {
    let posts: BTreeSet<Post> = Post::ALL.iter().copied().collect();
    let new = NewPerson {
        login: "twin-mei".into(),
        name: marked("mei"),
        phone: Some(PHONE.into()),
        email: None,
        locale: Locale::ZhCn,
        membership: NewMembership { unit, posts: posts.clone(), valid_from: None, valid_to: None },
    };
    let person = person::create(tx, founder, &new)?.person.id;
    let posts = posts.into_iter().map(|post| PostHeld { post, unit }).collect();
    let via = Via::Session(SessionId(Uuid::nil()));
    let actor =
        Actor { org: founder.org(), person, login: "twin-mei".into(), name: marked("mei"), posts, via };
    Ok(app.ctx(actor, "twin", Locale::ZhCn))
}

/// Gives the twin one row of everything, under the codes, numbers and words
/// that tests use too.
fn furnish(app: &App, tx: &mut Tx<'_>, ctx: &Ctx, root: UnitId) -> Result<(), Error> {
    let mut estates = Vec::new();
    for (code, name) in [("north", "北苑"), ("south", "南苑")] {
        let name = marked(name);
        let (code, level, parent) = (code.to_owned(), UnitLevel::Estate, Some(root));
        estates.push(unit::add(tx, ctx, &NewUnit { code, name, level, parent, valid_from: None })?.id);
    }
    for estate in estates {
        inform(app, tx, ctx, estate)?;
    }
    let new =
        NewHousehold { unit: root, building: "5".into(), room: "501".into(), area: None, moved_in_on: None };
    party::create_household(tx, ctx, &new)?;
    let new = NewParty {
        kind: party::PartyKind::Person,
        name: Some(marked("何先生")),
        phones: vec![PHONE.into()],
        addresses: vec![marked("北苑五栋501")],
        households: Vec::new(),
        note: Some(marked("晚上在家")),
        unit: Some(root),
    };
    party::create(tx, ctx, &new)?;
    for count in 1..=CASES {
        let made = case::create(tx, ctx, &app.rules, &app.numbers, matter(count)?)?.0;
        app.numbers.keep(ctx.org(), &made.number);
        attach_and_notify(app, tx, ctx, made.id)?;
        let note = json!({"text": marked("统一说明")});
        let loaded = read::case(tx, ctx.org(), made.id)?.ok_or_else(Error::not_found)?;
        let at = Timestamp::from_micros(ctx.now.micros() + 3_600_000_000);
        let seen = (made.id, loaded.case.version);
        prepared::prepare(tx, ctx, seen, (CommandKind::Note, &note), (&app.rules, at))?;
        bulk::begin(tx, ctx, (CommandKind::Note, &note), (&app.rules, Chosen::Cases(vec![made.id])))?;
    }
    let note = Text::new(&marked("欢迎")).map_err(|fault| Error::internal(fault.to_string()))?;
    let channels = public::Channels { note: Some(note), ..public::Channels::default() };
    public::open_page(tx, ctx, &app.rules, (root, &channels))?;
    let to = Timestamp::from_micros(ctx.now.micros() + 8 * 3_600_000_000);
    let new = NewDuty { person: ctx.actor.person, unit: root, kind: DutyKind::OnDuty, from: ctx.now, to };
    duty::add(tx, ctx, &new)?;
    let new = NewWebhook {
        name: marked("总台"),
        url: "https://hooks.example.cn/in".into(),
        events: vec!["webhook.test".into()],
        format: Format::Plain,
        secret: None,
    };
    let hook = webhook::create(tx, ctx, app.ways.as_ref(), &new)?.0.id;
    webhook::send_test(tx, ctx, hook)?;
    call_in(app, tx, ctx)?;
    // machine work of the twin stands still, given up, so that no runner of a
    // test does it, and lists of what was given up have something to hide
    tx.execute(
        "UPDATE jobs SET dead_at = created_at, last_error = $2 WHERE org = $1",
        &values![ctx.org(), marked("status 503")],
    )?;
    tx.execute("UPDATE webhook_deliveries SET dead_at = created_at WHERE org = $1", &values![ctx.org()])?;
    Ok(())
}

/// Types a call in, takes a message in it and promises another, with words of the twin.
fn call_in(app: &App, tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(), Error> {
    let id = CallId(ctx.uuid());
    let typed = Typed {
        call: id,
        direction: CallDirection::In,
        agent: ctx.actor.person,
        number: Some(PHONE.into()),
        line: Some("4001".into()),
        service: None,
        party: None,
        case: None,
        from: ctx.now,
        to: ctx.now,
        answered: true,
    };
    call::typed(tx, ctx, typed, Some(&marked("催修")))?;
    let said = json!({"name": marked("何先生"), "company": null, "phone": PHONE, "what": marked("催修"),
        "requests": null, "key": "repair", "reply_needed": true, "repeated": true});
    let body = serde_json::from_value(said).map_err(Error::internal)?;
    let new = call::NewMessage { recipient: ctx.actor.person, call: Some(id), case: None, body };
    call::take_message(tx, ctx, &app.rules, new)?;
    let asked = json!({"reason": "question", "phone": PHONE, "about": marked("停车费")});
    let body = serde_json::from_value(asked).map_err(Error::internal)?;
    let agent = Some(ctx.actor.person);
    let new = call::NewCallBack { call: Some(id), case: None, party: None, agent, body };
    call::promise_call(tx, ctx, &app.rules, new).map(drop)
}

/// Gives an estate its sheet, and the house an article, a quiz and a miss about it.
fn inform(app: &App, tx: &mut Tx<'_>, ctx: &Ctx, estate: UnitId) -> Result<(), Error> {
    let plain = |text: &str| Text::new(text).map_err(|fault| Error::internal(fault.to_string()));
    let address = BTreeMap::from([("address".to_owned(), Some(marked("北苑路一号")))]);
    knowledge::change_facts(tx, ctx, estate, (0, &address))?;
    let content = json!({"kind": "article", "audience": "agents", "title": marked("停车费"),
        "body": marked("停车费按月"), "keywords": ["停车费"], "must_read": true});
    let content = serde_json::from_value(content).map_err(Error::internal)?;
    let machine = app.ctx(Actor::command_line(ctx.org()), "twin", Locale::ZhCn);
    let file = ArticleFile { key: "parking".into(), content };
    knowledge::import_articles(tx, &machine, app, (vec![file], None))?;
    let question = Question::Fact { unit: estate, field: "address".into() };
    let quiz =
        Quiz { unit: estate, title: plain(&marked("小测"))?, pass_percent: 60, questions: vec![question] };
    knowledge::write_quiz(tx, ctx, None, &quiz)?;
    knowledge::note_miss(tx, ctx, &marked("停车费"), Some(estate))
}

/// Puts a file and a notice to a case, as they lie in the database.
fn attach_and_notify(app: &App, tx: &mut Tx<'_>, ctx: &Ctx, case: CaseId) -> Result<(), Error> {
    let (id, digest, now) = (ctx.uuid(), "7e".repeat(32), ctx.now);
    attachment::keep_file(tx, ctx.org(), &digest, (4, "text/plain"), now)?;
    tx.execute(
        "INSERT INTO attachments (org, id, case_id, digest, name, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        &values![ctx.org(), id.to_string(), case, &digest, marked("现场.txt"), now],
    )?;
    let body = Attached {
        name: Text::new(&marked("现场.txt")).map_err(|fault| Error::internal(fault.to_string()))?,
        attachment: AttachmentId(id),
        bytes: 4,
        media_type: "text/plain".into(),
        digest,
    };
    case::act(tx, ctx, &app.rules, (case, None), Command::Attach(body))?;
    tx.execute(
        "INSERT INTO notifications (org, id, person, source, case_id, why, params, urgent, created_at)
         VALUES ($1, $2, $3, $4, $5, 'case_assigned', '{}', 0, $6)",
        &values![ctx.org(), ctx.uuid().to_string(), ctx.actor.person, format!("twin {id}"), case, now],
    )?;
    Ok(())
}

fn matter(count: usize) -> Result<NewCase, Error> {
    let plain = |text: &str| Text::new(text).map_err(|fault| Error::internal(fault.to_string()));
    let text = |text: &str| plain(&marked(text));
    let household = Room { building: plain("5")?, room: plain("501")? };
    Ok(NewCase {
        kind: Kind::Complaint,
        channel: Channel::Phone,
        text: text("停车场灯不亮")?,
        title: None,
        source: None,
        unit: None,
        category: None,
        party: None,
        reporter: Some(Reporter {
            name: Some(text("何先生")?),
            phone: Some(PHONE.into()),
            address: Some(text("北苑五栋501")?),
            household: Some(household),
        }),
        persons: None,
        anonymous: false,
        no_usable_contact: false,
        fields: BTreeMap::new(),
        received_at: None,
        collected_at: None,
        suggested: None,
        external_id: Some(format!("A-{count}")),
    })
}

fn rows(tx: &mut Tx<'_>, org: OrgId) -> Result<BTreeMap<String, Vec<String>>, Error> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in tx.all(ROWS, &values![org])? {
        all.entry(row.get(0)?).or_default().push(row.get(1)?);
    }
    Ok(all)
}
