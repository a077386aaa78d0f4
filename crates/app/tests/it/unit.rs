//! The organisation tree.

use huiyin_app::Class;
use huiyin_app::people::unit::{self, NewUnit};
use huiyin_domain::people::{Post, UnitLevel};
use huiyin_store::people::unit as rows;
use huiyin_testkit::engines::both_engines_migrated;

use crate::house::House;

///
#[test]
fn a_move_keeps_the_past_and_the_stored_paths_agree_with_the_tree() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let root = house.root();
        let (north, south) =
            (house.unit("north", UnitLevel::Centre, root), house.unit("south", UnitLevel::Centre, root));
        let estate = house.unit("e1", UnitLevel::Estate, north);
        let repair = house.unit("e1-repair", UnitLevel::Department, estate);
        let before = house.ctx(house.admin).now;
        house.clock.advance(100);
        house.run(move |tx, ctx| unit::move_to(tx, ctx, estate, Some(south), None)).unwrap();
        let now = house.ctx(house.admin).now;
        for at in [before, now] {
            let (tree, path) = house
                .run(move |tx, ctx| Ok((unit::tree(tx, ctx)?, rows::path(tx, ctx.org(), repair, at)?)))
                .unwrap();
            assert_eq!(path, tree.path(repair, at));
            assert_eq!(path[1], if at == before { north } else { south });
        }
        assert!(house.audited().contains(&"unit_moved".to_owned()));
    });
}

///
#[test]
fn what_would_break_the_tree_is_refused() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let estate = house.unit("e1", UnitLevel::Estate, house.root());
        let add = |code: &str, level, parent| {
            let new = NewUnit {
                code: code.into(),
                name: "x".into(),
                level,
                parent: Some(parent),
                valid_from: None,
            };
            house.run(move |tx, ctx| unit::add(tx, ctx, &new)).map_err(|error| error.code())
        };
        assert_eq!(add("e1", UnitLevel::Estate, house.root()), Err("code_taken"));
        assert_eq!(add("e2", UnitLevel::Company, estate), Err("unit_level"));
        let lin = house.appoint("lin", estate, &[Post::Agent]);
        house.clock.advance(1);
        let end = |unit| house.run(move |tx, ctx| unit::end(tx, ctx, unit)).map_err(|error| error.code());
        assert_eq!(end(estate), Err("unit_in_use"));
        assert_eq!(end(house.root()), Err("unit_in_use"));
        let app = house.app.clone();
        house.run(move |tx, ctx| huiyin_app::people::person::deactivate(&app, tx, ctx, lin)).unwrap();
        assert_eq!(end(estate), Ok(()));
        assert_eq!(end(estate), Err("unit_not_standing"));
        let ma = house.appoint("ma", house.root(), &[Post::Agent]);
        let root = house.root();
        let denied = house.run_as(house.ctx(ma), move |tx, ctx| unit::rename(tx, ctx, root, "ours"));
        assert_eq!(denied.unwrap_err().class(), Class::Denied);
    });
}
