//! Passwords, sessions, throttling, one-time codes, links.

use huiyin_app::session::{
    NewAdministrator, by_cookie, change_password, first_start_link, list, redeem_first_start, redeem_reset,
    reset_link, revoke, sign_in, sign_out, totp, unlock,
};
use huiyin_app::{App, Class, Ctx};
use huiyin_domain::ids::UnitId;
use huiyin_domain::locale::Locale;
use huiyin_domain::people::Post;
use huiyin_store::values;
use huiyin_testkit::engines::both_engines_migrated;
use huiyin_testkit::world::{FakeClock, FixedIds};
use std::sync::Arc;
use totp_rs::{Builder, Secret};

use crate::house::{House, PASSWORD, administrator, attempt, wait};

fn cookie_class(house: &House, cookie: &str) -> Option<Class> {
    wait(by_cookie(&house.app, cookie)).err().map(|error| error.class())
}

/// stack §1 sessions
#[test]
fn a_session_ends_idle_or_at_its_limit_and_keeps_no_secret() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let signed = house.sign_in(" Chen ", PASSWORD).unwrap();
        assert!(signed.actor.holds(Post::Admin));
        let presented = wait(by_cookie(&house.app, &signed.secret)).unwrap();
        assert_eq!(presented.actor, signed.actor);
        let secret = signed.secret.clone();
        let kept = house.store.read_blocking(move |tx| {
            tx.one("SELECT COUNT(*) FROM sessions WHERE token_digest = $1 OR id = $1", &values![secret])
        });
        assert_eq!(kept.unwrap().unwrap().get::<i64>(0).unwrap(), 0);
        // Used every hour it runs on, up to its absolute end.
        for hour in 0..14 {
            assert_eq!(cookie_class(&house, &signed.secret), None, "hour {hour}");
            house.clock.advance(3600);
        }
        assert_eq!(cookie_class(&house, &signed.secret), Some(Class::Unauthenticated));
        let idle = house.sign_in("chen", PASSWORD).unwrap();
        house.clock.advance(2 * 3600);
        assert_eq!(cookie_class(&house, &idle.secret), Some(Class::Unauthenticated));
        assert_eq!(cookie_class(&house, "made up"), Some(Class::Unauthenticated));
    });
}

/// stack §1 sessions
#[test]
fn sessions_are_listed_and_ended_one_by_one() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let (first, second) =
            (house.sign_in("chen", PASSWORD).unwrap(), house.sign_in("chen", PASSWORD).unwrap());
        let app = house.app.clone();
        let ctx = house.app.ctx(second.actor.clone(), "test", Locale::ZhCn);
        let all = house.run_as(ctx.clone(), move |tx, ctx| list(&app, tx, ctx)).unwrap();
        assert_eq!(all.len(), 2);
        let id = first.session.id;
        house.run_as(ctx.clone(), move |tx, ctx| revoke(tx, ctx, id)).unwrap();
        assert_eq!(cookie_class(&house, &first.secret), Some(Class::Unauthenticated));
        let again = house.run_as(ctx.clone(), move |tx, ctx| revoke(tx, ctx, id)).unwrap_err();
        assert_eq!(again.class(), Class::NotFound);
        house.run_as(ctx, sign_out).unwrap();
        assert_eq!(cookie_class(&house, &second.secret), Some(Class::Unauthenticated));
    });
}

/// domain.md §5
#[test]
fn a_refused_sign_in_never_says_why() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        house.appoint("nopassword", house.root(), &[Post::Agent]);
        let gone = house.appoint_with_password("gone", house.root(), &[Post::Agent]);
        let app = house.app.clone();
        house.run(move |tx, ctx| huiyin_app::people::person::deactivate(&app, tx, ctx, gone)).unwrap();
        let answers: Vec<String> =
            [("chen", "wrong password"), ("nobody", PASSWORD), ("nopassword", ""), ("gone", PASSWORD)]
                .map(|(login, password)| {
                    format!("{:?}", (house.sign_in(login, password)).unwrap_err().code())
                })
                .to_vec();
        assert!(answers.iter().all(|answer| answer == "\"login_failed\""), "{answers:?}");
    });
}

/// stack §1 password
#[test]
fn guessing_is_slowed_for_known_and_unknown_alike_and_an_administrator_unlocks() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let agent = house.appoint_with_password("lin", house.root(), &[Post::Agent]);
        for login in ["lin", "nobody"] {
            for _ in 0..6 {
                assert_eq!(house.sign_in(login, "wrong password").unwrap_err().code(), "login_failed");
            }
            let refused = house.sign_in(login, PASSWORD).unwrap_err();
            assert_eq!((refused.code(), refused.class()), ("too_many_attempts", Class::TooMany));
            assert_eq!(refused.params()["retry_after"], 30);
        }
        assert!(house.run(move |tx, ctx| unlock(tx, ctx, agent)).unwrap());
        house.sign_in("lin", PASSWORD).unwrap();
        house.clock.advance(31);
        assert_eq!(house.sign_in("nobody", "wrong password").unwrap_err().code(), "login_failed");
        assert_eq!(house.sign_in("nobody", "x").unwrap_err().params()["retry_after"], 60);
    });
}

/// stack §1 password
#[test]
fn a_source_that_guesses_at_many_logins_must_wait_too() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        for n in 0..31 {
            assert_eq!(house.sign_in(&format!("guess{n}"), "").unwrap_err().code(), "login_failed");
        }
        assert_eq!(house.sign_in("chen", PASSWORD).unwrap_err().code(), "too_many_attempts");
        let mut elsewhere = attempt("chen", PASSWORD);
        elsewhere.source = Some("192.0.2.8".into());
        wait(sign_in(&house.app, elsewhere)).unwrap();
    });
}

/// stack §1 password
#[test]
fn a_new_password_ends_the_other_sessions() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let (here, there) =
            (house.sign_in("chen", PASSWORD).unwrap(), house.sign_in("chen", PASSWORD).unwrap());
        let ctx = house.app.ctx(here.actor.clone(), "test", Locale::ZhCn);
        let wrong = wait(change_password(&house.app, &ctx, "wrong password", "five tall quiet trees"));
        assert_eq!(wrong.unwrap_err().fields()[0].code, "password_wrong");
        let weak = wait(change_password(&house.app, &ctx, PASSWORD, "chen-2026-chen"));
        assert_eq!(weak.unwrap_err().fields()[0].code, "password_like_login");
        wait(change_password(&house.app, &ctx, PASSWORD, "five tall quiet trees")).unwrap();
        assert_eq!(cookie_class(&house, &here.secret), None);
        assert_eq!(cookie_class(&house, &there.secret), Some(Class::Unauthenticated));
        assert!(house.sign_in("chen", PASSWORD).is_err());
        house.sign_in("chen", "five tall quiet trees").unwrap();
    });
}

/// stack §1 password
#[test]
fn a_reset_link_serves_once_and_not_for_ever() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let lin = house.appoint("lin", house.root(), &[Post::Agent]);
        let old = house.run(move |tx, ctx| reset_link(tx, ctx, lin)).unwrap();
        let link = house.run(move |tx, ctx| reset_link(tx, ctx, lin)).unwrap();
        let redeem = |link: &str, password: &str| {
            wait(redeem_reset(&house.app, link, password, "test")).map_err(|error| {
                error.fields().first().map_or(error.code().to_owned(), |field| field.code.clone())
            })
        };
        assert_eq!(redeem(&old, PASSWORD), Err("link_invalid".into()));
        assert_eq!(redeem(&link, "short"), Err("password_too_short".into()));
        assert_eq!(redeem(&link, PASSWORD), Ok(()));
        assert_eq!(redeem(&link, PASSWORD), Err("link_invalid".into()));
        house.sign_in("lin", PASSWORD).unwrap();
        let late = house.run(move |tx, ctx| reset_link(tx, ctx, lin)).unwrap();
        house.clock.advance(3 * 86_400);
        assert_eq!(redeem(&late, PASSWORD), Err("link_invalid".into()));
    });
}

fn code_at(secret: &str, ctx: &Ctx) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let seconds = u64::try_from(ctx.now.micros() / 1_000_000).unwrap();
    Builder::new().with_secret(secret).build().unwrap().generate(seconds).to_string()
}

/// stack §1 password
#[test]
fn a_one_time_code_is_asked_for_after_the_password_and_serves_once() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let enrolment = house.run(totp::begin).unwrap();
        assert!(enrolment.url.starts_with("otpauth://totp/"), "{}", enrolment.url);
        house.sign_in("chen", PASSWORD).unwrap();
        let wrong = house.run(|tx, ctx| totp::confirm(tx, ctx, "000000")).unwrap_err();
        assert_eq!(wrong.fields()[0].code, "code_wrong");
        let first = code_at(&enrolment.secret, &house.ctx(house.admin));
        let used = first.clone();
        house.run(move |tx, ctx| totp::confirm(tx, ctx, &first)).unwrap();
        let with = |code: Option<&str>| {
            let mut request = attempt("chen", PASSWORD);
            request.code = code.map(str::to_owned);
            wait(sign_in(&house.app, request)).map(drop).map_err(|error| error.code())
        };
        assert_eq!(with(None), Err("code_required"));
        assert_eq!(with(Some(&used)), Err("code_wrong"), "a code serves once");
        house.clock.advance(30);
        let next = code_at(&enrolment.secret, &house.ctx(house.admin));
        assert_eq!(with(Some(&next)), Ok(()));
        assert_eq!(house.sign_in("chen", "wrong password").unwrap_err().code(), "login_failed");
    });
}

/// contracts §1
#[test]
fn the_first_start_link_makes_one_administrator_and_ends() {
    both_engines_migrated(|store| {
        let clock = Arc::new(FakeClock::at(huiyin_testkit::engines::MADE_AT));
        let app = App::new((*store).clone(), clock, Arc::new(FixedIds::default())).unwrap();
        let make = |app: &App| {
            let inner = app.clone();
            app.store.write_blocking(move |tx| first_start_link(&inner, tx)).unwrap()
        };
        let link = make(&app).unwrap();
        let new = |login: &str| NewAdministrator { name: Some("陈一".into()), ..administrator(login) };
        assert_eq!(
            wait(redeem_first_start(&app, "made up", new("chen"), "t")).unwrap_err().code(),
            "link_invalid"
        );
        let view = wait(redeem_first_start(&app, &link, new("chen"), "t")).unwrap();
        assert_eq!(view.person.name, "陈一");
        assert_eq!(
            wait(redeem_first_start(&app, &link, new("lin"), "t")).unwrap_err().code(),
            "link_invalid"
        );
        assert_eq!(make(&app), None);
        let signed = wait(sign_in(&app, attempt("chen", PASSWORD))).unwrap();
        assert_eq!(
            signed.actor.posts.iter().filter(|held| held.unit != UnitId(uuid::Uuid::nil())).count(),
            4
        );
    });
}
