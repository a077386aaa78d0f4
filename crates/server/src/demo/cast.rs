//! The company: organisation, units, people with their posts.

use super::logins::Logins;
use super::words::{Company, PersonWords, UnitWords};
use huiyin_app::people::membership::{self, NewMembership};
use huiyin_app::people::organisation::{self, NewOrganisation};
use huiyin_app::people::person::{self, NewPerson};
use huiyin_app::people::unit::{self, NewUnit};
use huiyin_app::{Actor, App, Ctx, Error, Via};
use huiyin_domain::ids::{OrgId, PersonId, SessionId, UnitId};
use huiyin_domain::locale::Locale;
use huiyin_domain::people::UnitLevel;
use huiyin_domain::time::Timestamp;
use huiyin_store::people::person as rows;
use huiyin_store::sql::Tx;
use std::collections::BTreeMap;

/// The company as founded: ids by code, people by login.
pub struct Cast {
    /// The organisation.
    pub org: OrgId,
    units: BTreeMap<String, UnitId>,
    people: BTreeMap<String, Actor>,
}

impl Cast {
    /// Founds the company at a moment of the past.
    ///
    /// # Errors
    /// When the words contradict the rules of the house.
    pub fn found(
        tx: &mut Tx<'_>,
        app: &App,
        company: &Company,
        logins: &Logins,
        began: Timestamp,
    ) -> Result<Self, Error> {
        let machine = at(app, Actor::command_line(OrgId(0)), began);
        let root = NewOrganisation {
            code: company.code.clone(),
            name: company.name.clone(),
            level: UnitLevel::Group,
            ..NewOrganisation::default_one()
        };
        let made = organisation::create(tx, &machine, &root)?;
        let inside = organisation::within(&machine, made.org);
        let units = BTreeMap::from([(company.code.clone(), made.root_unit)]);
        let mut cast = Self { org: made.org, units, people: BTreeMap::new() };
        for words in &company.unit {
            cast.add_unit(tx, &inside, words)?;
        }
        for words in &company.person {
            cast.appoint(tx, &inside, words, logins)?;
        }
        Ok(cast)
    }

    fn add_unit(&mut self, tx: &mut Tx<'_>, ctx: &Ctx, words: &UnitWords) -> Result<(), Error> {
        let new = NewUnit {
            code: words.code.clone(),
            name: words.name.clone(),
            level: words.level,
            parent: Some(self.unit(&words.under)?),
            valid_from: None,
        };
        let made = unit::add(tx, ctx, &new)?;
        self.units.insert(words.code.clone(), made.id);
        Ok(())
    }

    fn appoint(
        &mut self,
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        words: &PersonWords,
        logins: &Logins,
    ) -> Result<(), Error> {
        let mut places = Vec::new();
        for place in &words.places {
            let (unit, posts) = (self.unit(&place.unit)?, place.posts.clone());
            places.push(NewMembership { unit, posts, valid_from: None, valid_to: None });
        }
        let mut places = places.into_iter();
        let first = places.next().ok_or_else(|| missing("place", &words.login))?;
        let new = NewPerson {
            login: words.login.clone(),
            name: words.name.clone(),
            phone: None,
            email: None,
            locale: Locale::default(),
            membership: first,
        };
        let made = person::create(tx, ctx, &new)?.person;
        for place in places {
            membership::add(tx, ctx, made.id, &place)?;
        }
        let hash = logins.hash(&words.login).ok_or_else(|| missing("password", &words.login))?;
        rows::set_password(tx, made.id, hash, ctx.now)?;
        let actor = Actor {
            org: self.org,
            person: made.id,
            login: made.login,
            name: made.name,
            posts: membership::posts(tx, self.org, made.id, ctx.now)?,
            via: Via::Session(SessionId(ctx.uuid())),
        };
        self.people.insert(words.login.clone(), actor);
        Ok(())
    }

    /// Gives the id of a unit by its code.
    ///
    /// # Errors
    /// When the words name a unit that they do not have.
    pub fn unit(&self, code: &str) -> Result<UnitId, Error> {
        self.units.get(code).copied().ok_or_else(|| missing("unit", code))
    }

    /// Gives a person, ready to act, by the login.
    ///
    /// # Errors
    /// When the words name a person that they do not have.
    pub fn person(&self, login: &str) -> Result<&Actor, Error> {
        self.people.get(login).ok_or_else(|| missing("person", login))
    }

    /// Gives a person by id.
    pub fn by_id(&self, id: PersonId) -> Option<&Actor> {
        self.people.values().find(|actor| actor.person == id)
    }
}

/// Gives the context of somebody at a moment of the story.
pub fn at(app: &App, actor: Actor, now: Timestamp) -> Ctx {
    Ctx { now, ..app.ctx(actor, "demo", Locale::default()) }
}

fn missing(what: &str, name: &str) -> Error {
    Error::internal(format!("the words of the demo have no {what} {name}"))
}
