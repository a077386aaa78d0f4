//! What a person may see, as SQL.

use huiyin_app::case;
use huiyin_domain::case::{Command, CommandKind};
use huiyin_domain::ids::{PersonId, UnitId};
use huiyin_domain::people::{Post, Scope, UnitLevel};
use huiyin_store::people::scope::{ScopePieces, filter};
use huiyin_store::{Query, scope_pieces, values};
use huiyin_testkit::engines::both_engines_migrated;
use serde_json::json;
use uuid::Uuid;

use crate::errands::Errands;
use crate::house::House;

const PIECES: ScopePieces = scope_pieces!(org: "t.org", unit: "t.unit", own: ["t.owner", "t.handler"]);

fn seen(house: &House, scope: Scope) -> Vec<i64> {
    let now = house.ctx(house.admin).now;
    let rows = house.app.store.read_blocking(move |tx| {
        let mut query = Query::new("SELECT t.n FROM things t WHERE ", []);
        filter(&mut query, &PIECES, &scope, now);
        query.push(" ORDER BY t.n");
        tx.query(&query)
    });
    rows.unwrap().iter().map(|row| row.get(0).unwrap()).collect()
}

/// SLM-1, SUP-1
#[test]
fn the_filter_shows_what_the_scope_covers_and_nothing_else() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let root = house.root();
        let (one, two) =
            (house.unit("e1", UnitLevel::Estate, root), house.unit("e2", UnitLevel::Estate, root));
        let repair = house.unit("e1-repair", UnitLevel::Department, one);
        let lin = house.appoint("lin", one, &[Post::Employee]);
        let nobody = PersonId(Uuid::nil());
        // n, unit, owner; row 6 lies in another organisation with the same unit and owner.
        let rows: Vec<(i64, i64, UnitId, PersonId)> = vec![
            (1, 0, root, nobody),
            (2, 0, one, nobody),
            (3, 0, repair, nobody),
            (4, 0, two, nobody),
            (5, 0, two, lin),
            (6, 1, one, lin),
        ];
        let org = house.org.org;
        house
            .app
            .store
            .write_blocking(move |tx| {
                tx.execute(
                    "CREATE TABLE things (org BIGINT, n BIGINT, unit TEXT, owner TEXT, handler TEXT)",
                    &[],
                )?;
                tx.execute_many(
                    "INSERT INTO things (org, n, unit, owner, handler) VALUES ($1, $2, $3, $4, $5)",
                    rows.into_iter()
                        .map(|(n, other, unit, owner)| values![org.0 + other, n, unit, owner, "none"]),
                )
            })
            .unwrap();
        let at = |unit, post| Scope::of(org, lin, &[huiyin_domain::people::PostHeld { unit, post }]);
        assert_eq!(seen(&house, at(one, Post::Employee)), [5]);
        assert_eq!(seen(&house, at(one, Post::Department)), [2, 5]);
        assert_eq!(seen(&house, at(one, Post::Agent)), [2, 3, 5]);
        assert_eq!(seen(&house, at(root, Post::Lead)), [1, 2, 3, 4, 5]);
        assert_eq!(seen(&house, at(two, Post::Gm)), [1, 2, 3, 4, 5]);
        assert_eq!(seen(&house, Scope::of(org, lin, &[])), [5]);
        // The estate moves below another one's department tree: sight moves along.
        house.clock.advance(10);
        let moved =
            house.run(move |tx, ctx| huiyin_app::people::unit::move_to(tx, ctx, repair, Some(two), None));
        moved.unwrap();
        assert_eq!(seen(&house, at(one, Post::Agent)), [2, 5]);
        assert_eq!(seen(&house, at(two, Post::Agent)), [3, 4, 5]);
    });
}

/// ASC-4: who is given a form sees the case and takes it, wherever they work; their
/// colleague who is given nothing does not know of it.
#[test]
fn a_form_goes_to_another_department() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let lin = desk.appoint("lin", desk.root(), &[Post::Agent]);
        let works = desk.unit("works", UnitLevel::Department, desk.root());
        let [expert, colleague] =
            ["expert", "colleague"].map(|login| desk.appoint(login, works, &[Post::Department]));
        let id = desk.complaint(lin, desk.root());
        let act = |by: PersonId, action: &str, body: serde_json::Value| {
            let (ctx, rules) = (desk.ctx(by), desk.rules.clone());
            let command = Command::read(CommandKind::parse(action).unwrap(), body).unwrap();
            desk.run_as(ctx, move |tx, ctx| case::act(tx, ctx, &rules, (id, None), command).map(drop))
        };
        let sees =
            |by: PersonId| desk.run_as(desk.ctx(by), move |tx, ctx| case::visible(tx, ctx, id)).is_ok();
        act(lin, "file_form", json!({"form": "acceptance", "fields": {"event": "机油泡沫多"}})).unwrap();
        assert!(!sees(expert) && !sees(colleague));
        act(lin, "hand_over_form", json!({"form": "acceptance", "to": expert})).unwrap();
        assert!(sees(expert) && !sees(colleague));
        act(expert, "take_form", json!({"form": "acceptance"})).unwrap();
        assert_eq!(
            act(colleague, "take_form", json!({"form": "acceptance"})).unwrap_err().code(),
            "not_found"
        );
    });
}
