//! An organisation with an administrator, time in hand.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::Arc;

use huiyin_app::people::membership::NewMembership;
use huiyin_app::people::organisation::Organisation;
use huiyin_app::people::person::{self, NewPerson};
use huiyin_app::people::unit::{self, NewUnit};
use huiyin_app::session::{
    NewAdministrator, SignIn, SignedIn, create_admin, redeem_reset, reset_link, sign_in,
};
use huiyin_app::{Actor, App, Ctx, Error, Obligations, Via};
use huiyin_domain::ids::{PersonId, SessionId, UnitId};
use huiyin_domain::locale::Locale;
use huiyin_domain::people::{Post, UnitLevel};
use huiyin_store::audit::AuditFilter;
use huiyin_store::sql::Tx;
use huiyin_testkit::engines::{MADE_AT, TestStore, runtime};
use huiyin_testkit::world::{FakeClock, FixedIds};

pub const PASSWORD: &str = "four small windy boats";

pub struct House {
    pub app: App,
    pub clock: Arc<FakeClock>,
    pub org: Organisation,
    pub admin: PersonId,
    pub store: TestStore,
}

impl Deref for House {
    type Target = App;

    fn deref(&self) -> &App {
        &self.app
    }
}

impl House {
    pub fn new(store: TestStore) -> Self {
        Self::owing(store, Vec::new())
    }

    pub fn owing(store: TestStore, obligations: Vec<Arc<dyn Obligations>>) -> Self {
        let clock = Arc::new(FakeClock::at(MADE_AT));
        let mut app = App::new((*store).clone(), clock.clone(), Arc::new(FixedIds::default())).unwrap();
        app.obligations = obligations;
        let (org, view) = create_admin(&app, administrator("chen")).unwrap();
        Self { app, clock, org, admin: view.person.id, store }
    }

    pub fn root(&self) -> UnitId {
        self.org.root_unit
    }

    /// The context of a person as of now, in a session that is not stored.
    pub fn ctx(&self, person: PersonId) -> Ctx {
        let org = self.org.org;
        let machine = self.app.ctx(Actor::system(org), "test", Locale::ZhCn);
        let view = self.run_as(machine, move |tx, ctx| person::get(tx, ctx, person)).unwrap();
        let via = Via::Session(SessionId(person.0));
        let Person { login, name, .. } = view.person;
        let actor = Actor { org, person, login, name, posts: view.posts, via };
        self.app.ctx(actor, "test", Locale::ZhCn)
    }

    pub fn run_as<T: Send + 'static>(
        &self,
        ctx: Ctx,
        use_case: impl FnOnce(&mut Tx<'_>, &Ctx) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.app.store.write_blocking(move |tx| use_case(tx, &ctx))
    }

    /// Runs a use case as the administrator.
    pub fn run<T: Send + 'static>(
        &self,
        use_case: impl FnOnce(&mut Tx<'_>, &Ctx) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.run_as(self.ctx(self.admin), use_case)
    }

    pub fn unit(&self, code: &str, level: UnitLevel, parent: UnitId) -> UnitId {
        let (code, name) = (code.to_owned(), format!("unit {code}"));
        let new = NewUnit { code, name, level, parent: Some(parent), valid_from: None };
        self.run(move |tx, ctx| unit::add(tx, ctx, &new)).unwrap().id
    }

    /// Appoints somebody without a password.
    pub fn appoint(&self, login: &str, unit: UnitId, posts: &[Post]) -> PersonId {
        let new = newcomer(login, unit, posts);
        self.run(move |tx, ctx| person::create(tx, ctx, &new)).unwrap().person.id
    }

    /// Appoints somebody who has chosen [`PASSWORD`].
    pub fn appoint_with_password(&self, login: &str, unit: UnitId, posts: &[Post]) -> PersonId {
        let id = self.appoint(login, unit, posts);
        let link = self.run(move |tx, ctx| reset_link(tx, ctx, id)).unwrap();
        wait(redeem_reset(&self.app, &link, PASSWORD, "test")).unwrap();
        id
    }

    pub fn sign_in(&self, login: &str, password: &str) -> Result<SignedIn, Error> {
        wait(sign_in(&self.app, attempt(login, password)))
    }

    /// The actions in the audit trail, oldest first.
    pub fn audited(&self) -> Vec<String> {
        let filter = AuditFilter { limit: 200, ..AuditFilter::default() };
        let lines = self.run(move |tx, ctx| huiyin_app::audit::list(tx, ctx, &filter)).unwrap();
        lines.into_iter().rev().map(|line| line.action).collect()
    }
}

use huiyin_app::people::person::Person;

pub fn wait<T>(work: impl Future<Output = T>) -> T {
    runtime().block_on(work)
}

pub fn administrator(login: &str) -> NewAdministrator {
    NewAdministrator { organisation: None, login: login.into(), name: None, password: PASSWORD.into() }
}

pub fn attempt(login: &str, password: &str) -> SignIn {
    SignIn {
        login: login.into(),
        password: password.into(),
        code: None,
        organisation: None,
        source: Some("192.0.2.7".into()),
        device: "a desk".into(),
        request_id: "test".into(),
    }
}

pub fn place(unit: UnitId, posts: &[Post]) -> NewMembership {
    let posts: BTreeSet<Post> = posts.iter().copied().collect();
    NewMembership { unit, posts, valid_from: None, valid_to: None }
}

pub fn newcomer(login: &str, unit: UnitId, posts: &[Post]) -> NewPerson {
    NewPerson {
        login: login.into(),
        name: format!("name of {login}"),
        phone: Some("13800000001".into()),
        email: None,
        locale: Locale::ZhCn,
        membership: place(unit, posts),
    }
}
