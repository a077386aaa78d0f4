//! The call centre of the demo: its queue, lines, agents and telephones.

use super::logins::{Login, Logins, SipExtension, SipLogins, SipMonitor};
use super::marked;
use anyhow::Context as _;
use huiyin_app::call::port::Monitoring;
use huiyin_app::call::{self, LineRow, NewExtension, NewMenu, QueueSeen};
use huiyin_app::people::membership::NewMembership;
use huiyin_app::people::person::{self, NewPerson};
use huiyin_app::{Actor, App, Ctx, Error};
use huiyin_domain::call::queue::Queue;
use huiyin_domain::call::rules::LINES;
use huiyin_domain::ids::{OrgId, PersonId, QueueId, UnitId};
use huiyin_domain::locale::Locale;
use huiyin_domain::people::Post;
use huiyin_store::people::{person as rows, unit};
use huiyin_store::sql::Tx;
use huiyin_switchboard::Demo;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Telephones where nobody says how many.
pub const USUAL: u32 = 6;

/// The menu of the hotline: its name and text.
const MENU: (&str, &str) = ("hotline", include_str!("../../../../packs/demo/menu.toml"));

/// The words of the call centre.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    unit: String,
    digit: String,
    queue: QueueWords,
    line: Vec<LineWords>,
    monitor: SipMonitor,
    agents: AgentWords,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QueueWords {
    code: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineWords {
    number: String,
    name: String,
    service: String,
    menu: Option<String>,
    queue: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AgentWords {
    first_extension: u32,
    logins: Vec<String>,
}

fn words() -> anyhow::Result<Words> {
    toml::from_str(include_str!("../../../../packs/demo/phone.toml")).context("packs/demo/phone.toml")
}

/// Gives the numbers of the supervisor's ways into a call.
///
/// # Errors
/// When the words of the demo cannot be read.
pub fn numbers() -> anyhow::Result<Demo> {
    let monitor = words()?.monitor;
    let ways = [
        (monitor.listen, Monitoring::Listen),
        (monitor.whisper, Monitoring::Whisper),
        (monitor.barge, Monitoring::Barge),
    ];
    Ok(Demo { monitor: BTreeMap::from(ways) })
}

/// Sets up queue, lines and so many telephones, and adds them to the logins.
///
/// What is there already stays; a telephone whose password is not in the file gets a
/// new one. `at` is the address of SIP and that of browsers.
///
/// # Errors
/// When database or words contradict each other.
pub fn connect(app: &App, logins: &mut Logins, wanted: u32, at: (String, String)) -> anyhow::Result<()> {
    let words = words()?;
    let org = marked(app)?.context("the demo has no organisation")?;
    let known = logins.sip.take().map(|sip| sip.extensions).unwrap_or_default();
    let shared = super::logins::password(app);
    let hash = app.hasher.hash_blocking(&shared)?;
    let (listen, ws) = at;
    let sip = SipLogins {
        listen,
        realm: call::REALM.to_owned(),
        ws,
        extensions: Vec::new(),
        queue_number: words.straight().context("no line leads straight to the queue")?,
        menu_number: words.guided().context("no line leads to a menu")?,
        menu_digit: words.digit.clone(),
        monitor: words.monitor.clone(),
    };
    let inside = app.clone();
    let setting = move |tx: &mut Tx<'_>| {
        let ctx = inside.ctx(Actor::command_line(org), "demo", Locale::default());
        let house = House { ctx: &ctx, words: &words, hash: &hash, shared: &shared };
        house.set_up(tx, &known, wanted)
    };
    let (extensions, newcomers) =
        app.store.write_blocking(setting).map_err(|error: Error| crate::command::admin::explained(&error))?;
    logins.people.extend(newcomers);
    logins.sip = Some(SipLogins { extensions, ..sip });
    Ok(())
}

impl Words {
    fn straight(&self) -> Option<String> {
        self.line.iter().find(|line| line.queue.is_some()).map(|line| line.number.clone())
    }

    fn guided(&self) -> Option<String> {
        self.line.iter().find(|line| line.menu.is_some()).map(|line| line.number.clone())
    }
}

struct House<'a> {
    ctx: &'a Ctx,
    words: &'a Words,
    hash: &'a str,
    shared: &'a str,
}

impl House<'_> {
    fn set_up(
        &self,
        tx: &mut Tx<'_>,
        known: &[SipExtension],
        wanted: u32,
    ) -> Result<(Vec<SipExtension>, Vec<Login>), Error> {
        let org = self.ctx.org();
        let unit = self.unit(tx)?;
        let (mut extensions, mut newcomers, mut serving) = (Vec::new(), Vec::new(), BTreeMap::new());
        for place in 0..wanted {
            let name = (self.words.agents.first_extension + place).to_string();
            let login = self.login(place);
            let person = match rows::by_login(tx, &login)? {
                Some(person) => person.id,
                None => {
                    let (person, words) = self.newcomer(tx, (&login, place), unit)?;
                    newcomers.push(words);
                    person
                }
            };
            serving.insert(person, BTreeMap::new());
            let held = known.iter().find(|held| held.user == name);
            let there = huiyin_store::call::settings::extension(tx, &name)?;
            extensions.push(match (held, there) {
                (Some(held), Some(_)) => held.clone(),
                _ => self.telephone(tx, (&name, &login), person)?,
            });
        }
        let queue = self.queue(tx, org, serving)?;
        self.lines(tx, (unit, queue), wanted)?;
        self.menu(tx)?;
        Ok((extensions, newcomers))
    }

    /// The first telephones are those of known people, the rest of made-up ones.
    fn login(&self, place: u32) -> String {
        let known = usize::try_from(place).ok().and_then(|place| self.words.agents.logins.get(place));
        known.cloned().unwrap_or_else(|| format!("agent.{:03}", place + 1))
    }

    fn unit(&self, tx: &mut Tx<'_>) -> Result<UnitId, Error> {
        let unit = unit::by_code(tx, self.ctx.org(), &self.words.unit)?;
        unit.map(|unit| unit.id).ok_or_else(|| Error::internal("the demo has no unit for its call centre"))
    }

    fn newcomer(
        &self,
        tx: &mut Tx<'_>,
        (login, place): (&str, u32),
        unit: UnitId,
    ) -> Result<(PersonId, Login), Error> {
        let name = format!("坐席{:03}", place + 1);
        let posts = std::collections::BTreeSet::from([Post::Agent]);
        let membership = NewMembership { unit, posts, valid_from: None, valid_to: None };
        let new = NewPerson {
            login: login.to_owned(),
            name: name.clone(),
            phone: None,
            email: None,
            locale: Locale::default(),
            membership,
        };
        let made = person::create(tx, self.ctx, &new)?.person;
        rows::set_password(tx, made.id, self.hash, self.ctx.now)?;
        let posts = vec![Post::Agent.name().to_owned()];
        let login = Login { login: login.to_owned(), password: self.shared.to_owned(), name, posts };
        Ok((made.id, login))
    }

    fn telephone(
        &self,
        tx: &mut Tx<'_>,
        (name, login): (&str, &str),
        person: PersonId,
    ) -> Result<SipExtension, Error> {
        let new =
            NewExtension { name: name.to_owned(), person: Some(person), active: true, new_password: true };
        let (_, password) = call::keep_extension(tx, self.ctx, &new)?;
        let password = password.unwrap_or_default();
        Ok(SipExtension { user: name.to_owned(), password, login: login.to_owned() })
    }

    fn queue(
        &self,
        tx: &mut Tx<'_>,
        org: OrgId,
        agents: BTreeMap<PersonId, BTreeMap<String, u8>>,
    ) -> Result<QueueId, Error> {
        let there = huiyin_store::call::settings::queue_coded(tx, org, &self.words.queue.code)?;
        let queue = there.unwrap_or_else(|| {
            let words = &self.words.queue;
            let id = QueueId(self.ctx.uuid());
            // whoever tries it wants to be called again soon
            Queue { wrap_up: 2, ..Queue::new(id, words.code.clone(), words.name.clone()) }
        });
        let id = queue.id;
        call::keep_queue(tx, self.ctx, &QueueSeen { queue, agents })?;
        Ok(id)
    }

    /// The hotline's menu, unless somebody made another of it.
    fn menu(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let there = call::menus(tx, self.ctx)?.iter().any(|seen| seen.menu.name == MENU.0);
        if !there {
            let new = NewMenu { text: MENU.1.to_owned(), note: None, seen: None };
            call::keep_menu(tx, self.ctx, MENU.0, new)?;
        }
        Ok(())
    }

    fn lines(&self, tx: &mut Tx<'_>, (unit, queue): (UnitId, QueueId), phones: u32) -> Result<(), Error> {
        // CALL-2; who asks for many telephones wants to see many calls
        let most = Some(LINES.max(phones.saturating_mul(2)));
        for words in &self.words.line {
            let line = LineRow {
                number: words.number.clone(),
                org: self.ctx.org(),
                unit,
                name: words.name.clone(),
                service: Some(words.service.clone()),
                menu: words.menu.clone(),
                queue: words.queue.as_ref().map(|_| queue),
                most,
                active: true,
            };
            call::keep_line(tx, self.ctx, &line)?;
        }
        Ok(())
    }
}
