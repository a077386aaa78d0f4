//! The job queue: taken once, finished once, never lost.

use std::collections::BTreeSet;

use huiyin_domain::ids::{JobId, OrgId};
use huiyin_domain::time::Timestamp;
use huiyin_store::jobs::{self, Claimed, NewJob};
use huiyin_store::{Store, StoreError};
use huiyin_testkit::engines::{TestStore, both_engines_async, both_engines_migrated};
use uuid::Uuid;

fn t(second: i64) -> Timestamp {
    Timestamp::from_micros(second * 1_000_000)
}

fn job(number: u128, dedup: Option<&str>) -> NewJob {
    NewJob {
        id: JobId(Uuid::from_u128(number)),
        kind: "probe",
        payload: number.to_string(),
        run_at: t(10),
        dedup: dedup.map(str::to_owned),
        now: t(1),
    }
}

fn queue(store: &TestStore, org: i64, new: NewJob) -> bool {
    store.write_blocking(move |tx| jobs::enqueue(tx, OrgId(org), &new)).unwrap()
}

fn claim(store: &Store, runner: &'static str, now: i64) -> Vec<Claimed> {
    store.write_blocking(move |tx| jobs::claim(tx, runner, t(now), t(now + 60), 50)).unwrap()
}

/// Issue 3 §5: a job lives and dies with the transaction of its cause.
#[test]
fn a_refused_use_case_leaves_no_job() {
    both_engines_migrated(|store| {
        let refused = store.write_blocking(|tx| -> Result<(), StoreError> {
            jobs::enqueue(tx, OrgId(1), &job(1, None))?;
            Err(StoreError::Busy)
        });
        assert!(refused.is_err());
        assert!(claim(&store, "a", 100).is_empty());
    });
}

/// Issue 3 §5: work waits for its time and is taken with a lease.
#[test]
fn a_job_is_taken_once_until_its_lease_ends() {
    both_engines_migrated(|store| {
        assert!(queue(&store, 1, job(1, None)));
        assert_eq!(store.read_blocking(jobs::next_due), Ok(Some(t(10))));
        assert!(claim(&store, "a", 9).is_empty(), "not due yet");
        let taken = claim(&store, "a", 10);
        assert_eq!((taken.len(), taken[0].attempts, taken[0].payload.as_str()), (1, 1, "1"));
        assert!(claim(&store, "b", 11).is_empty(), "leased");
        // the process that held it is gone: its lease ends and another takes it
        let again = claim(&store, "b", 70);
        assert_eq!((again.len(), again[0].attempts), (1, 2));
        let id = again[0].id;
        let late = store.write_blocking(move |tx| jobs::finish(tx, OrgId(1), id, "a"));
        assert_eq!(late, Ok(false), "who lost the lease cannot finish");
        assert_eq!(store.write_blocking(move |tx| jobs::finish(tx, OrgId(1), id, "b")), Ok(true));
        assert!(claim(&store, "c", 1_000).is_empty());
        assert_eq!(store.read_blocking(jobs::next_due), Ok(None));
    });
}

/// Issue 3 §5: several servers on one database never do one job twice.
#[test]
fn two_runners_share_the_work_and_do_nothing_twice() {
    both_engines_async(|store| async move {
        for number in 0..400 {
            let new = job(number + 1, None);
            store.write(move |tx| jobs::enqueue(tx, OrgId(1), &new)).await.unwrap();
        }
        let other = Store::open(store.config()).unwrap();
        let mut racing = tokio::task::JoinSet::new();
        for (store, runner) in [((*store).clone(), "one"), (other, "two")] {
            racing.spawn(async move {
                let mut done = Vec::new();
                loop {
                    let taken =
                        store.write(move |tx| jobs::claim(tx, runner, t(20), t(80), 7)).await.unwrap();
                    if taken.is_empty() {
                        return done;
                    }
                    for job in taken {
                        let id = job.id;
                        assert!(store.write(move |tx| jobs::finish(tx, job.org, id, runner)).await.unwrap());
                        done.push(id);
                    }
                }
            });
        }
        let all: Vec<JobId> = racing.join_all().await.into_iter().flatten().collect();
        assert_eq!(all.len(), 400, "each was done");
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 400, "and none twice");
    });
}

/// Issue 3 §5: failed work waits and is given up into a list, from which it returns.
#[test]
fn what_is_given_up_is_listed_and_may_be_put_back() {
    both_engines_migrated(|store| {
        queue(&store, 1, job(1, Some("key")));
        let id = claim(&store, "a", 10)[0].id;
        let put_back =
            store.write_blocking(move |tx| jobs::retry(tx, OrgId(1), id, "a", (t(40), "too busy")));
        assert_eq!(put_back, Ok(true));
        assert!(claim(&store, "a", 39).is_empty());
        assert_eq!(claim(&store, "a", 40)[0].attempts, 2);
        let long = "话".repeat(400);
        store.write_blocking(move |tx| jobs::bury(tx, OrgId(1), id, "a", (t(41), &long))).unwrap();
        assert!(claim(&store, "a", 9_000).is_empty(), "dead work is not taken");
        let dead = store.read_blocking(|tx| jobs::dead(tx, OrgId(1), None, 10)).unwrap();
        assert_eq!((dead.len(), dead[0].attempts, dead[0].dead_at), (1, 2, t(41)));
        assert!(dead[0].last_error.len() <= 500 && dead[0].last_error.ends_with('话'));
        let elsewhere = store.write_blocking(move |tx| jobs::requeue(tx, OrgId(2), id, t(50)));
        assert_eq!(elsewhere, Ok(false), "another organisation's job does not exist here");
        assert_eq!(store.write_blocking(move |tx| jobs::requeue(tx, OrgId(1), id, t(50))), Ok(true));
        assert_eq!(claim(&store, "a", 50)[0].attempts, 1);
    });
}

/// Issue 3 §5: one waiting job for a key, in each organisation for itself.
#[test]
fn a_key_queues_one_waiting_job() {
    both_engines_migrated(|store| {
        assert!(queue(&store, 1, job(1, Some("daily"))));
        assert!(!queue(&store, 1, job(2, Some("daily"))));
        assert!(queue(&store, 2, job(3, Some("daily"))));
        let id = JobId(Uuid::from_u128(1));
        assert_eq!(claim(&store, "a", 10).len(), 2);
        store.write_blocking(move |tx| jobs::bury(tx, OrgId(1), id, "a", (t(11), "x"))).unwrap();
        assert!(queue(&store, 1, job(4, Some("daily"))), "a dead one does not stand in the way");
        // putting the dead one back would make two: the waiting one does the work
        assert_eq!(store.write_blocking(move |tx| jobs::requeue(tx, OrgId(1), id, t(12))), Ok(true));
        let taken = claim(&store, "b", 20);
        assert_eq!(taken.iter().map(|job| job.payload.as_str()).collect::<Vec<_>>(), ["4"]);
    });
}

/// Issue 3 §5: work that leaves nothing behind goes untaken, unless somebody took it meanwhile.
#[test]
fn idle_work_is_dropped_unless_a_runner_took_it() {
    both_engines_migrated(|store| {
        for number in 1..=3 {
            assert!(queue(&store, 1, job(number, None)));
        }
        let ids = |found: Vec<(Claimed, bool)>| -> Vec<(String, bool)> {
            found.into_iter().map(|(job, held)| (job.payload, held)).collect()
        };
        let due = || ids(store.read_blocking(|tx| jobs::due(tx, t(10), 50)).unwrap());
        assert!(store.read_blocking(|tx| jobs::due(tx, t(9), 50)).unwrap().is_empty(), "not due yet");
        assert_eq!(due(), [("1".into(), false), ("2".into(), false), ("3".into(), false)]);
        let taken = store.write_blocking(|tx| jobs::claim(tx, "a", t(10), t(60), 1)).unwrap();
        let idle = [1, 2].map(|number| (OrgId(1), JobId(Uuid::from_u128(number))));
        assert_eq!(taken[0].id, idle[0].1);
        assert_eq!(store.write_blocking(move |tx| jobs::drop_untaken(tx, &idle)), Ok(1));
        assert_eq!(due(), [("3".into(), false)]);
        let later = ids(store.read_blocking(|tx| jobs::due(tx, t(60), 50)).unwrap());
        assert_eq!(later, [("3".into(), false), ("1".into(), true)], "its lease ended: taken like any other");
    });
}
