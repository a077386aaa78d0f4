//! What is done once a day is done by one process of all.

use huiyin_app::Clock;
use huiyin_app::work::{Daily, Runner, Tick, everything, kinds};
use huiyin_domain::time::Timestamp;
use huiyin_testkit::engines::both_engines_migrated;

use crate::house::{House, wait};

fn look(house: &House, daily: &Daily) -> usize {
    wait(daily.tick(&house.app, house.clock.now())).unwrap()
}

/// Does what was queued, so that only the beat keeps it from being queued again.
fn work_off(house: &House) {
    let (handlers, _) = everything(&house.app);
    let runner = Runner::new(house.app.clone(), handlers, Vec::new());
    wait(runner.run_due(house.clock.now())).unwrap();
}

/// Issue 3 §5: on a day's first look the work is queued, by one process; a
/// start on the same day queues only what an upgrade may have left.
#[test]
fn a_day_is_begun_by_one_process() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        // 2026-01-01T00:00Z is eight in the morning in Shanghai
        let (one, two) = (Daily::default(), Daily::default());
        assert_eq!((look(&house, &one), look(&house, &two)), (5, 0));
        work_off(&house);
        let kinds = [kinds::HOUSEKEEPING, kinds::REPORTS_DUE, kinds::FACTS_RECOUNT, kinds::TEXT_RETRAIN];
        for hours in 1..16 {
            house.clock.advance(3_600);
            assert_eq!(look(&house, &one) + look(&house, &two), 0, "{hours} hours later, {kinds:?}");
        }
        assert_eq!(look(&house, &Daily::default()), 1, "a start on the same day");
        work_off(&house);
        house.clock.advance(3_600);
        assert_eq!(house.clock.now(), Timestamp::parse("2026-01-01T16:00:00Z").unwrap());
        let several: Vec<Daily> = (0..4).map(|_| Daily::default()).collect();
        let queued: usize = std::thread::scope(|scope| {
            let looks: Vec<_> = several.iter().map(|daily| scope.spawn(|| look(&house, daily))).collect();
            looks.into_iter().map(|look| look.join().unwrap()).sum()
        });
        assert_eq!(queued, 5, "midnight in Shanghai: a new day, begun once");
        assert_eq!(look(&house, &one) + look(&house, &two), 0);
    });
}
