//! A list of very many cases is made piece by piece.

use huiyin_app::Error;
use huiyin_domain::ids::{CaseId, PersonId, UnitId};
use huiyin_domain::paper::body::Remark;
use huiyin_domain::paper::stocktake::StocktakeStep;
use huiyin_domain::people::UnitLevel;
use huiyin_domain::time::Timestamp;
use huiyin_store::paper::line::{self, Day};
use huiyin_testkit::engines::both_engines_migrated;
use uuid::Uuid;

use crate::errands::Errands;
use crate::stocktake::{desk, lines, lists, step, word};

const HOUR: i64 = 3600;

fn listed(desk: &Errands, by: PersonId, id: Uuid) -> Vec<CaseId> {
    lines(desk, by, id).iter().map(|line| line.case).collect()
}

/// Takes all from the lists, as if none had been made.
fn empty(desk: &Errands) {
    desk.run(|tx, _| Ok::<_, Error>(tx.execute("DELETE FROM stocktake_lines", &[])?)).unwrap();
}

/// PROP-16: a list of very many cases is made piece by piece, each case once; a list
/// that was signed is not written to any more.
#[test]
fn a_long_list_is_made_piece_by_piece() {
    both_engines_migrated(|store| {
        let (desk, lin, lead) = desk(store);
        let made: Vec<CaseId> = (0..7)
            .map(|_| {
                desk.after(60);
                desk.complaint(lin, desk.root())
            })
            .collect();
        desk.after(9 * HOUR);
        let (id, _) = lists(&desk, lead)[0];
        let listed = |desk: &Errands| listed(desk, lead, id);
        assert_eq!(listed(&desk), made);
        empty(&desk);
        let root = desk.root();
        let mut after = None;
        for whole in [2, 4, 6, 7] {
            after = desk
                .run(move |tx, ctx| {
                    let day = Day { paper: id, unit: root, from: ctx.now, until: ctx.now };
                    Ok::<_, Error>(line::extend(tx, ctx.org(), &day, (after, 2))?)
                })
                .unwrap();
            assert_eq!(listed(&desk), made[..whole]);
            assert_eq!(after.map(|(_, case)| case), (whole < 7).then(|| made[whole - 1]));
        }
        empty(&desk);
        let queue = |desk: &Errands| {
            let rest = serde_json::json!({"paper": id, "after": null});
            desk.run(move |tx, ctx| {
                huiyin_app::work::enqueue(tx, ctx, "stocktake_listed", &rest, (ctx.now, None))
            })
            .unwrap();
            desk.after(1);
        };
        queue(&desk);
        assert_eq!(listed(&desk), made, "the machine goes on with it");
        for case in &made {
            step(&desk, lin, id, word(*case)).unwrap();
        }
        step(&desk, lead, id, StocktakeStep::Sign(Remark { text: None })).unwrap();
        desk.complaint(lin, desk.root());
        queue(&desk);
        assert_eq!(listed(&desk), made, "what was signed stays");
    });
}

/// PROP-16: a unit with one case does not wait for the pieces of the others.
#[test]
fn the_list_of_a_unit_does_not_wait_for_the_cases_of_others() {
    both_engines_migrated(|store| {
        let (desk, lin, lead) = desk(store);
        let root = desk.root();
        for _ in 0..5 {
            desk.complaint(lin, root);
        }
        let site = desk.unit("site", UnitLevel::Centre, root);
        let own = desk.complaint(lin, site);
        desk.after(9 * HOUR);
        let (id, _) = lists(&desk, lead)[0];
        empty(&desk);
        let piece = |unit: UnitId| {
            desk.run(move |tx, ctx| {
                let until = Timestamp::from_micros(i64::MAX);
                let day = Day { paper: id, unit, from: ctx.now, until };
                Ok::<_, Error>(line::extend(tx, ctx.org(), &day, (None, 2))?)
            })
            .unwrap()
        };
        assert_eq!((piece(site), listed(&desk, lead, id)), (None, vec![own]), "one piece, and whole");
        assert!(piece(root).is_some(), "the root has more than one piece");
    });
}
