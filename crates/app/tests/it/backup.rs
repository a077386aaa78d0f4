//! Administrators hear of a backup that is too old.

use std::sync::{Arc, Mutex};

use huiyin_app::notify::{self, Notification};
use huiyin_app::work::{Runner, everything};
use huiyin_app::{Clock, Copies};
use huiyin_domain::ids::PersonId;
use huiyin_domain::people::Post;
use huiyin_domain::time::Timestamp;
use huiyin_testkit::engines::both_engines_migrated;

use crate::house::{House, wait};

/// Says of the last backup what a test wants it to say.
#[derive(Default)]
struct Told(Mutex<Option<Timestamp>>);

impl Copies for Told {
    fn last(&self) -> Option<Timestamp> {
        *self.0.lock().unwrap()
    }
}

fn runner(house: &House) -> Runner {
    let (handlers, ticks) = everything(&house.app);
    Runner::new(house.app.clone(), handlers, ticks)
}

fn reasons(house: &House, person: PersonId) -> Vec<String> {
    let page = house.run_as(house.ctx(person), |tx, ctx| notify::list(tx, ctx, false, None, 50)).unwrap();
    let mine = page.items.into_iter().filter(|Notification { why, .. }| why.starts_with("backup_"));
    mine.map(|item| item.why).collect()
}

/// Issue 3 §5: the administrators, and nobody else, are told once a day while
/// the last backup is older than 24 hours, whichever process looks.
#[test]
fn administrators_are_told_once_a_day_of_a_backup_that_is_too_old() {
    both_engines_migrated(|store| {
        let mut house = House::new(store);
        let copies = Arc::new(Told::default());
        house.app = house.app.clone().with_copies(copies.clone());
        let lin = house.appoint("lin", house.root(), &[Post::Agent, Post::Head]);
        let (one, two) = (runner(&house), runner(&house));
        let look = |hours: i64| {
            house.clock.advance(hours * 3_600);
            wait(one.run_due(house.clock.now())).unwrap();
            wait(two.run_due(house.clock.now())).unwrap();
            reasons(&house, house.admin)
        };
        assert!(look(0).is_empty() && look(23).is_empty(), "nothing to lose yet");
        assert_eq!(look(2), ["backup_missing"]);
        assert_eq!(look(2), ["backup_missing"], "once a day");
        *copies.0.lock().unwrap() = Some(house.clock.now());
        assert_eq!(look(24), ["backup_missing"], "young enough");
        assert_eq!(look(1), ["backup_old", "backup_missing"]);
        assert_eq!(look(24), ["backup_old", "backup_old", "backup_missing"], "the next day again");
        *copies.0.lock().unwrap() = Some(house.clock.now());
        assert_eq!(look(1).len(), 3, "all is well");
        assert!(reasons(&house, lin).is_empty(), "it is no case work");
    });
}
