//! API tokens.

use std::collections::BTreeSet;

use huiyin_app::session::by_token;
use huiyin_app::session::token::{self, NewToken};
use huiyin_app::{Class, Via};
use huiyin_domain::locale::Locale;
use huiyin_domain::people::Post;
use huiyin_domain::time::Timestamp;
use huiyin_testkit::engines::both_engines_migrated;

use crate::house::{House, wait};

fn asked(posts: Option<&[Post]>, expires_at: Option<Timestamp>) -> NewToken {
    let posts = posts.map(|posts| posts.iter().copied().collect::<BTreeSet<Post>>());
    NewToken { name: "a script".into(), expires_at, posts }
}

/// SLM-1, contracts §2
#[test]
fn a_token_uses_some_of_the_posts_and_never_more() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let new = asked(Some(&[Post::Agent]), None);
        let (row, secret) = house.run(move |tx, ctx| token::create(tx, ctx, &new)).unwrap();
        let actor = wait(by_token(&house.app, &secret)).unwrap().actor;
        assert_eq!(actor.via, Via::Token(row.id));
        assert_eq!(actor.posts.iter().map(|held| held.post).collect::<Vec<_>>(), [Post::Agent]);
        let by_token_ctx = house.app.ctx(actor, "test", Locale::ZhCn);
        let wider = asked(Some(&[Post::Admin]), None);
        let refused = house.run_as(by_token_ctx.clone(), move |tx, ctx| token::create(tx, ctx, &wider));
        assert_eq!(refused.unwrap_err().fields()[0].code, "posts_not_held");
        let child = house.run_as(by_token_ctx, |tx, ctx| token::create(tx, ctx, &asked(None, None))).unwrap();
        assert_eq!(child.0.posts, Some(BTreeSet::from([Post::Agent])));
        let none = house.run(|tx, ctx| token::create(tx, ctx, &asked(Some(&[]), None)));
        assert_eq!(none.unwrap_err().fields()[0].code, "posts_missing");
    });
}

/// contracts §2
#[test]
fn a_token_ends_by_time_by_hand_and_with_its_person() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let lin = house.appoint("lin", house.root(), &[Post::Agent]);
        let soon = Timestamp::from_micros(house.ctx(house.admin).now.micros() + 60_000_000);
        let create = |expires| {
            house.run_as(house.ctx(lin), move |tx, ctx| token::create(tx, ctx, &asked(None, expires)))
        };
        let works = |secret: &str| wait(by_token(&house.app, secret)).is_ok();
        let (short, by_hand, last) =
            (create(Some(soon)).unwrap().1, create(None).unwrap(), create(None).unwrap().1);
        assert!(works(&short) && works(&by_hand.1) && works(&last));
        house.clock.advance(60);
        assert!(!works(&short));
        assert_eq!(create(Some(soon)).unwrap_err().fields()[0].code, "time_order");
        let id = by_hand.0.id;
        let theft = house.appoint("ma", house.root(), &[Post::Agent]);
        let denied = house.run_as(house.ctx(theft), move |tx, ctx| token::revoke(tx, ctx, lin, id));
        assert_eq!(denied.unwrap_err().class(), Class::Denied);
        house.run(move |tx, ctx| token::revoke(tx, ctx, lin, id)).unwrap();
        assert!(!works(&by_hand.1) && works(&last));
        let app = house.app.clone();
        house.run(move |tx, ctx| huiyin_app::people::person::deactivate(&app, tx, ctx, lin)).unwrap();
        assert!(!works(&last));
    });
}
