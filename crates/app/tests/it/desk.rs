//! Quick change of person at a shared desk.

use huiyin_app::session::{SignedIn, SwitchPerson, by_cookie, change_password, set_pin, switch_person};
use huiyin_app::{Ctx, Error};
use huiyin_domain::locale::Locale;
use huiyin_domain::people::Post;
use huiyin_testkit::engines::both_engines_migrated;

use crate::house::{House, PASSWORD, wait};

fn ctx(house: &House, signed: &SignedIn) -> Ctx {
    house.app.ctx(signed.actor.clone(), "test", Locale::ZhCn)
}

fn switch(house: &House, now: &SignedIn, login: &str, secret: &str) -> Result<SignedIn, Error> {
    let request = SwitchPerson { login: login.into(), secret: secret.into(), code: None, source: None };
    wait(switch_person(&house.app, &ctx(house, now), request))
}

/// SLM-1
#[test]
fn two_people_share_a_desk_and_each_works_under_the_own_name() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        house.appoint_with_password("lin", house.root(), &[Post::Agent]);
        let chen = house.sign_in("chen", PASSWORD).unwrap();
        wait(set_pin(&house.app, &ctx(&house, &chen), PASSWORD, Some("482913"))).unwrap();
        let lin = switch(&house, &chen, "lin", PASSWORD).unwrap();
        assert_eq!((lin.session.id, lin.actor.login.as_str()), (chen.session.id, "lin"));
        assert!(wait(by_cookie(&house.app, &chen.secret)).is_err(), "the old cookie is dead");
        let back = switch(&house, &lin, "chen", "482913").unwrap();
        assert_eq!(back.actor.login, "chen");
        assert_eq!(back.session.expires_at, lin.session.expires_at, "a pin lengthens nothing");
        assert_eq!(house.audited().iter().filter(|action| *action == "desk_taken_over").count(), 2);
    });
}

/// SLM-1
#[test]
fn a_pin_serves_only_where_its_person_signed_in_with_the_password() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        house.appoint_with_password("lin", house.root(), &[Post::Agent]);
        let chen = house.sign_in("chen", PASSWORD).unwrap();
        wait(set_pin(&house.app, &ctx(&house, &chen), PASSWORD, Some("482913"))).unwrap();
        let elsewhere = house.sign_in("lin", PASSWORD).unwrap();
        assert_eq!(switch(&house, &elsewhere, "chen", "482913").unwrap_err().code(), "login_failed");
        assert_eq!(switch(&house, &chen, "lin", "482913").unwrap_err().code(), "login_failed");
        let lin = switch(&house, &chen, "lin", PASSWORD).unwrap();
        // A new password makes every other desk forget the person.
        let fresh = house.sign_in("chen", PASSWORD).unwrap();
        wait(change_password(&house.app, &ctx(&house, &fresh), PASSWORD, "five tall quiet trees")).unwrap();
        assert_eq!(switch(&house, &lin, "chen", "482913").unwrap_err().code(), "login_failed");
        let weak = wait(set_pin(&house.app, &ctx(&house, &fresh), "five tall quiet trees", Some("123456")));
        assert_eq!(weak.unwrap_err().fields()[0].code, "pin_common");
    });
}
