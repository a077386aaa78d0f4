//! Who a secret is may be remembered; what it may do is asked each time.

use huiyin_app::session::token::{self, NewToken};
use huiyin_app::session::{Shown, organisations, recognise, switch_organisation};
use huiyin_app::{App, Class, Ctx, Error};
use huiyin_domain::ids::PersonId;
use huiyin_domain::locale::Locale;
use huiyin_domain::people::Post;
use huiyin_domain::time::Timestamp;
use huiyin_store::people::{access, membership as memberships, person as persons, session as sessions};
use huiyin_testkit::engines::both_engines_migrated;

use crate::house::{House, PASSWORD, place, wait};
use crate::organisation::{machine, twin};

/// A request that was let in at the edge.
fn enter(app: &App, shown: &Shown) -> Result<Ctx, Error> {
    let (presented, access) = wait(recognise(app, shown.clone()))?;
    let mut ctx = app.ctx(presented.actor, "test", Locale::ZhCn);
    ctx.access = Some(access);
    Ok(ctx)
}

/// What the use case of such a request sees.
fn posts(app: &App, ctx: &Ctx) -> Result<Vec<Post>, Class> {
    let seen = |ctx: &Ctx| ctx.actor.posts.iter().map(|held| held.post).collect::<Vec<_>>();
    let read = wait(app.read(ctx, move |_, ctx| Ok(seen(ctx)))).map_err(|error| error.class());
    let written = wait(app.write(ctx, move |_, ctx| Ok(seen(ctx)))).map_err(|error| error.class());
    let once = wait(app.once(ctx.clone(), 200, |_, _| Ok(()))).map(drop).map_err(|error| error.class());
    assert_eq!((&read, read.clone().map(drop)), (&written, once));
    read
}

fn token_of(house: &House, person: PersonId, expires_at: Option<Timestamp>) -> (token::TokenRow, Shown) {
    let new = NewToken { name: "a script".into(), expires_at, posts: None };
    let made = house.run_as(house.ctx(person), move |tx, ctx| token::create(tx, ctx, &new)).unwrap();
    (made.0, Shown::token(&made.1))
}

/// Contracts §2, SLM-1: a revocation holds for a request that was let in before it,
/// also when another process made it.
#[test]
fn what_was_revoked_opens_nothing_in_any_process() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let elsewhere = App::new((*house.store).clone(), house.clock.clone(), house.app.ids.clone()).unwrap();
        let lin = house.appoint("lin", house.root(), &[Post::Agent]);
        let (row, shown) = token_of(&house, lin, None);
        let (here, there) = (enter(&house.app, &shown).unwrap(), enter(&elsewhere, &shown).unwrap());
        assert_eq!(posts(&house.app, &here), Ok(vec![Post::Agent]));
        assert_eq!(posts(&elsewhere, &there), Ok(vec![Post::Agent]));
        let id = row.id;
        house.run(move |tx, ctx| token::revoke(tx, ctx, lin, id)).unwrap();
        assert_eq!(posts(&house.app, &here), Err(Class::Unauthenticated));
        assert_eq!(posts(&elsewhere, &there), Err(Class::Unauthenticated));
        assert!(enter(&house.app, &shown).is_err() && enter(&elsewhere, &shown).is_err());
    });
}

/// PROP-51, SLM-1: posts count as they are when the use case runs, by change and by time.
#[test]
fn posts_are_those_of_the_moment() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let lin = house.appoint("lin", house.root(), &[Post::Agent]);
        let shown = token_of(&house, lin, None).1;
        let before = enter(&house.app, &shown).unwrap();
        let more = place(house.root(), &[Post::Lead]);
        let added =
            house.run(move |tx, ctx| huiyin_app::people::membership::add(tx, ctx, lin, &more)).unwrap();
        assert_eq!(posts(&house.app, &before), Ok(vec![Post::Agent, Post::Lead]));
        let (org, soon) = (house.org.org, Timestamp::from_micros(before.now.micros() + 10_000_000));
        house.run(move |tx, _| Ok(memberships::end(tx, org, added.id, soon)?)).unwrap();
        let between = enter(&house.app, &shown).unwrap();
        assert_eq!(posts(&house.app, &between), Ok(vec![Post::Agent, Post::Lead]));
        house.clock.advance(10);
        let after = enter(&house.app, &shown).unwrap();
        assert_eq!(after.actor.posts.iter().map(|held| held.post).collect::<Vec<_>>(), [Post::Agent]);
        let app = house.app.clone();
        house.run(move |tx, ctx| huiyin_app::people::person::deactivate(&app, tx, ctx, lin)).unwrap();
        assert_eq!(posts(&house.app, &after), Err(Class::Unauthenticated));
    });
}

/// Contracts §2: a token's own end and an idle session are noticed without any change.
#[test]
fn what_ends_by_time_is_not_remembered_beyond_it() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let soon = Timestamp::from_micros(house.ctx(house.admin).now.micros() + 30_000_000);
        let short = token_of(&house, house.admin, Some(soon)).1;
        house.appoint_with_password("lin", house.root(), &[Post::Agent]);
        let cookie = Shown::cookie(&house.sign_in("lin", PASSWORD).unwrap().secret);
        assert!(enter(&house.app, &short).is_ok() && enter(&house.app, &cookie).is_ok());
        house.clock.advance(29);
        assert!(enter(&house.app, &short).is_ok());
        house.clock.advance(1);
        assert!(enter(&house.app, &short).is_err());
        for _ in 0..4 {
            house.clock.advance(3600);
            assert!(enter(&house.app, &cookie).is_ok(), "use keeps a session alive");
        }
        house.clock.advance(2 * 3600);
        assert!(enter(&house.app, &cookie).is_err());
    });
}

/// PROP-67, SLM-1: a request of a session that moved to another organisation
/// meanwhile does nothing in either.
#[test]
fn a_session_that_moved_is_asked_to_come_again() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let twin = twin(&house);
        house.appoint_with_password("lin", house.root(), &[Post::Agent]);
        let new = place(twin.root_unit, &[Post::Lead]);
        let invited = move |tx: &mut huiyin_store::sql::Tx<'_>, ctx: &Ctx| {
            huiyin_app::people::person::invite(tx, ctx, "lin", &new)
        };
        house.run_as(machine(&house, twin.org), invited).unwrap();
        let shown = Shown::cookie(&house.sign_in("lin", PASSWORD).unwrap().secret);
        let (late, mover) = (enter(&house.app, &shown).unwrap(), enter(&house.app, &shown).unwrap());
        let moved = house.app.write(&mover, |tx, ctx| switch_organisation(tx, ctx, "twin").map(drop));
        wait(moved).unwrap();
        assert_eq!(posts(&house.app, &late), Err(Class::Unavailable));
        let fresh = enter(&house.app, &shown).unwrap();
        assert_eq!(fresh.org(), twin.org);
        assert_eq!(wait(house.app.read(&fresh, organisations)).unwrap().len(), 2);
    });
}

/// Contracts §2: whatever changes who may do what is counted; what does not, is not.
#[test]
fn every_change_of_access_is_counted() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let lin = house.appoint_with_password("lin", house.root(), &[Post::Agent]);
        let signed = house.sign_in("lin", PASSWORD).unwrap();
        let (session, now, org) = (signed.session.clone(), signed.session.created_at, house.org.org);
        let count = || house.store.read_blocking(access::number).unwrap();
        let later = Timestamp::from_micros(now.micros() + 1);
        let before = count();
        house.run(move |tx, _| Ok(sessions::touch(tx, session.id, later)?)).unwrap();
        house.sign_in("lin", PASSWORD).unwrap();
        assert_eq!(count(), before, "use and further sign-ins take nothing away");
        type Step = Box<dyn FnOnce(&mut huiyin_store::sql::Tx<'_>) -> Result<(), Error> + Send>;
        let (one, two, three, four) =
            (signed.session.clone(), signed.session.clone(), signed.session.id, lin);
        let steps: Vec<(&str, Step)> = vec![
            ("handed to", Box::new(move |tx| Ok(sessions::hand_to(tx, &one, "digest")?))),
            ("organisation", Box::new(move |tx| Ok(sessions::set_org(tx, two.id, org)?))),
            ("session ended", Box::new(move |tx| Ok(sessions::revoke(tx, four, three, now).map(drop)?))),
            ("others ended", Box::new(move |tx| Ok(sessions::revoke_others(tx, four, None, now).map(drop)?))),
            (
                "tokens ended",
                Box::new(move |tx| Ok(huiyin_store::people::token::revoke_all(tx, four, now).map(drop)?)),
            ),
            (
                "person",
                Box::new(move |tx| {
                    let person = persons::get(tx, four)?.unwrap();
                    Ok(persons::update(tx, &person, now).map(drop)?)
                }),
            ),
        ];
        for (what, step) in steps {
            let before = count();
            house.run(move |tx, _| step(tx)).unwrap();
            assert_eq!(count(), before + 1, "{what}");
        }
    });
}
