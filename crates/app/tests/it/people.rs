//! People appointed, changed, dismissed; establishment and separation.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use huiyin_app::people::person::{self, PersonChange};
use huiyin_app::people::{HandOver, Obligations, OpenWork, establishment, hand_over, membership};
use huiyin_app::{Class, Ctx, Error};
use huiyin_domain::ids::{OrgId, PersonId};
use huiyin_domain::people::{Duty, Post, UnitLevel};
use huiyin_store::sql::Tx;
use huiyin_testkit::engines::both_engines_migrated;

use crate::house::{House, newcomer, place};

/// SLM-1
#[test]
fn one_person_holds_posts_at_several_units_and_loses_them_one_by_one() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let estate = house.unit("e1", UnitLevel::Estate, house.root());
        let lin = house.appoint("lin", estate, &[Post::Agent, Post::Visitor]);
        let root = house.root();
        let row = house
            .run(move |tx, ctx| membership::add(tx, ctx, lin, &place(root, &[Post::Statistics])))
            .unwrap();
        assert_eq!(house.ctx(lin).actor.posts.len(), 3);
        house.clock.advance(10);
        let app = house.app.clone();
        house.run(move |tx, ctx| membership::end(&app, tx, ctx, row.id)).unwrap();
        assert_eq!(house.ctx(lin).actor.posts.len(), 2);
        let first = house.run(move |tx, ctx| membership::list(tx, ctx, lin)).unwrap();
        let id = first.iter().find(|row| row.membership.unit == estate).unwrap().id;
        let app = house.app.clone();
        let only_lead = BTreeSet::from([Post::Lead]);
        house.run(move |tx, ctx| membership::change_posts(&app, tx, ctx, id, only_lead)).unwrap();
        let posts: Vec<Post> = house.ctx(lin).actor.posts.iter().map(|held| held.post).collect();
        assert_eq!(posts, [Post::Lead]);
        let history = house.run(move |tx, ctx| membership::list(tx, ctx, lin)).unwrap();
        assert_eq!(history.len(), 3, "the past stays as it was");
    });
}

/// SLM-1
#[test]
fn appointing_needs_the_post_and_a_free_login() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let lin = house.appoint("lin", house.root(), &[Post::Agent]);
        let root = house.root();
        let again = house.run(move |tx, ctx| person::create(tx, ctx, &newcomer("LIN", root, &[Post::Agent])));
        assert_eq!(again.unwrap_err().code(), "login_taken");
        let none = house.run(move |tx, ctx| person::create(tx, ctx, &newcomer("ma", root, &[])));
        assert_eq!(none.unwrap_err().fields()[0].code, "posts_missing");
        let denied = house.run_as(house.ctx(lin), move |tx, ctx| {
            person::create(tx, ctx, &newcomer("ma", root, &[Post::Agent]))
        });
        assert_eq!(denied.unwrap_err().class(), Class::Denied);
        let people = house.run(|tx, ctx| person::list(tx, ctx, None, 50)).unwrap();
        let logins: Vec<&str> = people.iter().map(|view| view.person.login.as_str()).collect();
        assert_eq!(logins, ["chen", "lin"], "nothing of the refused ones is stored");
    });
}

///
#[test]
fn a_colleague_sees_the_name_but_not_the_number() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let lin = house.appoint("lin", house.root(), &[Post::Agent]);
        let ma = house.appoint("ma", house.root(), &[Post::Agent]);
        let seen =
            |by| house.run_as(house.ctx(by), move |tx, ctx| person::get(tx, ctx, lin)).unwrap().person.phone;
        assert_eq!(seen(ma), None);
        assert!(seen(lin).is_some() && seen(house.admin).is_some());
    });
}

/// contracts §2
#[test]
fn a_change_of_an_old_version_is_refused() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let lin = house.appoint("lin", house.root(), &[Post::Agent]);
        let named = |name: &str| PersonChange { name: Some(name.into()), ..PersonChange::default() };
        let change = |version, name: &str| {
            let change = named(name);
            house.run(move |tx, ctx| person::change(tx, ctx, lin, version, &change))
        };
        assert_eq!(change(Some(1), "林一").unwrap().person.version, 2);
        assert_eq!(change(Some(1), "林二").unwrap_err().class(), Class::Stale);
        assert_eq!(change(None, "林三").unwrap().person.name, "林三");
        let ma = house.appoint("ma", house.root(), &[Post::Agent]);
        let change = named("马一");
        let denied = house.run_as(house.ctx(ma), move |tx, ctx| person::change(tx, ctx, lin, None, &change));
        assert_eq!(denied.unwrap_err().class(), Class::Denied);
    });
}

/// Some cases that one person has to pass on.
#[derive(Default)]
struct Desk {
    owner: AtomicU64,
    cases: AtomicU64,
}

fn low(person: PersonId) -> u64 {
    person.0.as_u64_pair().1
}

impl Obligations for Desk {
    fn open(&self, _: &mut Tx<'_>, _: OrgId, person: PersonId) -> Result<OpenWork, Error> {
        let own = self.owner.load(Ordering::SeqCst) == low(person);
        let cases = if own { self.cases.load(Ordering::SeqCst) } else { 0 };
        Ok(OpenWork { cases, ..OpenWork::default() })
    }

    fn hand_over(&self, tx: &mut Tx<'_>, ctx: &Ctx, step: HandOver) -> Result<OpenWork, Error> {
        let open = self.open(tx, ctx.org(), step.from)?;
        self.owner.store(low(step.to), Ordering::SeqCst);
        Ok(open)
    }
}

/// PROP-14, X-15
#[test]
fn nobody_leaves_while_something_would_be_without_an_owner() {
    both_engines_migrated(|store| {
        let desk = Arc::new(Desk::default());
        let house = House::owing(store, vec![desk.clone()]);
        let lin = house.appoint_with_password("lin", house.root(), &[Post::Agent]);
        let ma = house.appoint("ma", house.root(), &[Post::Agent]);
        desk.owner.store(low(lin), Ordering::SeqCst);
        desk.cases.store(3, Ordering::SeqCst);
        let cookie = house.sign_in("lin", crate::house::PASSWORD).unwrap().secret;
        let leave = || {
            let app = house.app.clone();
            house.run(move |tx, ctx| person::deactivate(&app, tx, ctx, lin))
        };
        let refused = leave().unwrap_err();
        assert_eq!((refused.code(), &refused.params()["cases"]), ("still_owns_work", &3.into()));
        assert!(house.ctx(lin).actor.holds(Post::Agent));
        let give = |by, from, to| {
            let app = house.app.clone();
            house.run_as(house.ctx(by), move |tx, ctx| hand_over(&app, tx, ctx, HandOver { from, to }))
        };
        assert_eq!(give(ma, lin, ma).unwrap_err().class(), Class::Denied);
        assert_eq!(give(lin, lin, lin).unwrap_err().fields()[0].code, "same_person");
        assert_eq!(give(lin, lin, ma).unwrap().cases, 3);
        leave().unwrap();
        assert!(crate::house::wait(huiyin_app::session::by_cookie(&house.app, &cookie)).is_err());
        assert_eq!(give(house.admin, ma, lin).unwrap_err().fields()[0].code, "person_unknown");
        house.clock.advance(1);
        let root = house.root();
        let back =
            house.run(move |tx, ctx| person::reactivate(tx, ctx, lin, &place(root, &[Post::Lead]))).unwrap();
        assert_eq!(back.posts.len(), 1);
    });
}

/// SLM-1
#[test]
fn the_last_administrator_stays() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let (app, admin) = (house.app.clone(), house.admin);
        let refused = house.run(move |tx, ctx| person::deactivate(&app, tx, ctx, admin)).unwrap_err();
        assert_eq!(refused.code(), "last_administrator");
        assert!(house.ctx(admin).actor.holds(Post::Admin), "the refusal changed nothing");
        house.appoint("lin", house.root(), &[Post::Admin]);
        house.clock.advance(1);
        let app = house.app.clone();
        house.run(move |tx, ctx| person::deactivate(&app, tx, ctx, admin)).unwrap();
    });
}

/// PROP-9, X-32
#[test]
fn each_site_has_its_establishment_and_hears_of_gaps() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let (one, two) = (
            house.unit("e1", UnitLevel::Estate, house.root()),
            house.unit("e2", UnitLevel::Estate, house.root()),
        );
        let head = house.appoint("lin", one, &[Post::Head, Post::Visitor]);
        house.run(move |tx, ctx| establishment::set(tx, ctx, one, None)).unwrap();
        let large = BTreeMap::from([(Post::Agent, 12)]);
        house.run(move |tx, ctx| establishment::set(tx, ctx, two, Some(&large))).unwrap();
        let short = |by| -> Vec<(Post, u32, u32)> {
            let report = house.run_as(house.ctx(by), establishment::report).unwrap();
            report.gaps.iter().map(|gap| (gap.post, gap.wanted, gap.present)).collect()
        };
        let own = [(Post::Agent, 1, 0), (Post::Lead, 1, 0), (Post::Visitor, 2, 1)];
        let mut seen = short(head);
        seen.sort();
        assert_eq!(seen, own, "a head hears of the own site only");
        assert_eq!(short(house.admin).len(), 4);
        let smaller = BTreeMap::from([(Post::Agent, 0)]);
        let denied =
            house.run_as(house.ctx(head), move |tx, ctx| establishment::set(tx, ctx, two, Some(&smaller)));
        assert_eq!(denied.unwrap_err().class(), Class::Denied);
    });
}

/// SUP-1, X-39
#[test]
fn a_desk_of_two_hears_which_duties_it_cannot_keep_apart() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let estate = house.unit("e1", UnitLevel::Estate, house.root());
        house.appoint("lin", estate, &[Post::Agent, Post::Verifier, Post::Visitor]);
        let clashes = house.run(move |tx, ctx| establishment::separation(tx, ctx, estate)).unwrap();
        let stuck = |duty| clashes.iter().any(|clash| clash.second == duty && clash.always);
        assert!(stuck(Duty::Supervisor), "nobody supervises: {clashes:?}");
        assert!(!stuck(Duty::Verifier), "the administrator's posts reach the estate: {clashes:?}");
        assert!(clashes.iter().any(|clash| clash.second == Duty::Verifier && clash.people.len() == 1));
    });
}
