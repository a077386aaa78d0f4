//! Customers: found at intake, covered by post, searched openly, erased lawfully.

use huiyin_app::party::{self, NewParty, PartyChange, PartySearch, PartyView, Reporter, Room};
use huiyin_app::{Class, Ctx, Error};
use huiyin_domain::ids::{PartyId, PersonId, UnitId};
use huiyin_domain::people::{Post, UnitLevel};
use huiyin_domain::text::Text;
use huiyin_domain::time::Timestamp;
use huiyin_store::party::erasure;
use huiyin_testkit::engines::both_engines_migrated;

use crate::house::House;

fn reporter(name: &str, phone: &str) -> Reporter {
    Reporter {
        name: Text::new(name).ok(),
        phone: (!phone.is_empty()).then(|| phone.to_owned()),
        ..Reporter::default()
    }
}

fn intake(house: &House, unit: UnitId, reporter: Reporter) -> Result<PartyId, Error> {
    house.run(move |tx, ctx| party::for_intake(tx, ctx, unit, &reporter))
}

fn seen(house: &House, by: PersonId, id: PartyId) -> Result<PartyView, Error> {
    house.run_as(house.ctx(by), move |tx, ctx| party::get(tx, ctx, id))
}

fn search(house: &House, by: PersonId, search: PartySearch) -> Result<Vec<PartyView>, Error> {
    let search = PartySearch { limit: 50, ..search };
    house.run_as(house.ctx(by), move |tx, ctx| Ok(party::list(tx, ctx, &search)?.items))
}

fn by_phone(phone: &str) -> PartySearch {
    PartySearch { phone: Some(phone.into()), ..PartySearch::default() }
}

fn accesses(house: &House) -> Vec<(String, String)> {
    let lines = house.run(|tx, ctx| huiyin_app::audit::list_access(tx, ctx, None, 100)).unwrap();
    lines.into_iter().map(|line| (line.what, line.field)).collect()
}

/// PROP-46: the same phone and name are one customer, however the number is written.
#[test]
fn intake_knows_customers_again() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let root = house.root();
        let first = intake(&house, root, reporter("王小姐", "+86 138-0000-0001")).unwrap();
        assert_eq!(intake(&house, root, reporter("王小姐", "13800000001")).unwrap(), first);
        assert_eq!(intake(&house, root, reporter("", "13800000001")).unwrap(), first, "only one has it");
        let other = intake(&house, root, reporter("王先生", "13800000001")).unwrap();
        assert_ne!(other, first, "another person of the household");
        let third = intake(&house, root, reporter("", "13800000001")).unwrap();
        assert!(third != first && third != other, "which of the two called is not known");
        assert_eq!(seen(&house, house.admin, first).unwrap().same_phone.len(), 2, "duplicates are shown");
    });
}

/// PROP-47, X-38, X-36: nothing is insisted on, and nobody is refused.
#[test]
fn intake_insists_on_nothing() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let root = house.root();
        let nobody = intake(&house, root, Reporter::default()).unwrap();
        assert_eq!(seen(&house, house.admin, nobody).unwrap().name, None);
        let wrong = intake(&house, root, reporter("王", "call me")).unwrap_err();
        assert_eq!(wrong.fields()[0].code, "invalid_phone");
        let refused = intake(&house, root, reporter("赵", "13800000009")).unwrap();
        let change = PartyChange {
            version: 1,
            do_not_visit: Some(true),
            do_not_visit_why: Some("拒绝一切回访".into()),
            ..PartyChange::default()
        };
        house.run(move |tx, ctx| party::change(tx, ctx, refused, &change)).unwrap();
        assert_eq!(intake(&house, root, reporter("赵", "13800000009")).unwrap(), refused);
    });
}

/// PROP-46: a room is entered once, and who lives there is known.
#[test]
fn a_room_is_one_household() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let room = Room { building: Text::new("5").unwrap(), room: Text::new("0301").unwrap() };
        let at = |name: &str| Reporter { household: Some(room.clone()), ..reporter(name, "") };
        let one = intake(&house, house.root(), at("钱")).unwrap();
        let two = intake(&house, house.root(), at("孙")).unwrap();
        let home = |id| seen(&house, house.admin, id).unwrap().residences[0].household;
        assert_eq!(home(one), home(two));
        let there =
            search(&house, house.admin, PartySearch { household: Some(home(one)), ..Default::default() });
        assert_eq!(there.unwrap().len(), 2);
    });
}

/// covered by post, where the post counts; views are logged.
#[test]
fn identity_is_covered_by_post_and_views_are_logged() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let centre = house.unit("c", UnitLevel::Centre, house.root());
        let id = intake(&house, centre, reporter("周某某", "13800000001")).unwrap();
        let agent = house.appoint("agent", centre, &[Post::Agent]);
        let watch = house.appoint("watch", centre, &[Post::Supervision]);
        let clear = seen(&house, agent, id).unwrap();
        assert_eq!(
            (clear.name.as_deref(), &clear.phones[0][..], clear.masked),
            (Some("周某某"), "13800000001", false)
        );
        let logged = accesses(&house);
        for field in ["name", "phone", "address"] {
            assert!(logged.contains(&("view".into(), field.into())), "{logged:?}");
        }
        let covered = seen(&house, watch, id).unwrap();
        assert_eq!(
            (covered.name.as_deref(), &covered.phones[0][..], covered.masked),
            (Some("周**"), "138****0001", true)
        );
        assert_eq!(search(&house, watch, PartySearch::default()).unwrap().len(), 1);
        assert_eq!(accesses(&house).len(), logged.len(), "what stays covered is no view");
        assert_eq!(search(&house, agent, PartySearch::default()).unwrap().len(), 1);
        assert_eq!(accesses(&house).len(), logged.len() + 3, "a list that shows them is a view too");
        let elsewhere = house.unit("d", UnitLevel::Centre, house.root());
        let stranger = house.appoint("stranger", elsewhere, &[Post::Agent]);
        assert_eq!(seen(&house, stranger, id).unwrap_err().class(), Class::NotFound);
        let employee = house.appoint("employee", centre, &[Post::Employee]);
        assert_eq!(seen(&house, employee, id).unwrap_err().class(), Class::Denied);
    });
}

/// a number is searched whole or by its last four digits, and that is logged.
#[test]
fn searches_uncover_nothing_and_are_logged() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let id = intake(&house, house.root(), reporter("吴", "13800000001")).unwrap();
        let agent = house.appoint("agent", house.root(), &[Post::Agent]);
        let watch = house.appoint("watch", house.root(), &[Post::Supervision]);
        for phone in ["13800000001", "0001", "+86 138 0000 0001"] {
            assert_eq!(search(&house, agent, by_phone(phone)).unwrap()[0].id, id, "{phone}");
        }
        let part = search(&house, agent, by_phone("138")).unwrap_err();
        assert_eq!(part.fields()[0].code, "part_of_number");
        let searched = accesses(&house).into_iter().filter(|(what, _)| what == "search").count();
        assert_eq!(searched, 3);
        let name = || PartySearch { name: Some("吴".into()), ..PartySearch::default() };
        assert_eq!(search(&house, agent, name()).unwrap().len(), 1);
        assert_eq!(search(&house, watch, name()).unwrap_err().class(), Class::Denied, "no oracle");
    });
}

/// PROP-63: the flag needs its reason, when set and when taken back.
#[test]
fn the_flag_against_visits_needs_a_reason() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let new = NewParty { name: Some("郑".into()), unit: Some(house.root()), ..NewParty::default() };
        let id = house.run(move |tx, ctx| party::create(tx, ctx, &new)).unwrap().id;
        let set = |version, flag, why: Option<&str>| {
            let change = PartyChange {
                version,
                do_not_visit: Some(flag),
                do_not_visit_why: why.map(str::to_owned),
                ..PartyChange::default()
            };
            house.run(move |tx, ctx| party::change(tx, ctx, id, &change))
        };
        assert_eq!(set(1, true, None).unwrap_err().fields()[0].path, "do_not_visit_why");
        assert!(set(1, true, Some("强烈拒绝")).unwrap().do_not_visit);
        assert_eq!(set(1, false, Some("x")).unwrap_err().class(), Class::Stale);
        assert!(set(2, false, None).is_err());
        assert!(!set(2, false, Some("本人来电同意")).unwrap().do_not_visit);
        let flagged = PartySearch { do_not_visit: Some(true), ..PartySearch::default() };
        assert!(search(&house, house.admin, flagged).unwrap().is_empty());
    });
}

/// identity goes, the number stays, and a restore repeats it.
#[test]
fn an_erased_identity_stays_erased() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let org = house.org.org;
        let id = intake(&house, house.root(), reporter("冯某", "13800000001")).unwrap();
        let agent = house.appoint("agent", house.root(), &[Post::Agent]);
        let refused = house.run_as(house.ctx(agent), move |tx, ctx| party::erase(tx, ctx, id, "本人申请"));
        assert_eq!(refused.unwrap_err().class(), Class::Denied);
        house.run(move |tx, ctx| party::erase(tx, ctx, id, "本人申请 2026-01")).unwrap();
        let gone = seen(&house, house.admin, id).unwrap();
        assert!(gone.name.is_none() && gone.phones.is_empty() && gone.erased_at.is_some());
        assert_ne!(intake(&house, house.root(), reporter("冯某", "13800000001")).unwrap(), id);
        let log =
            house.store.read_blocking(move |tx| erasure::since(tx, org, Timestamp::from_micros(0))).unwrap();
        assert_eq!((log.len(), log[0].basis.as_str()), (1, "本人申请 2026-01"));
        // as after a restore from before it: the identity is back, the log is replayed
        house
            .store
            .write_blocking(move |tx| {
                let sql = "UPDATE parties SET name = '冯某', erased_at = NULL WHERE id = $1";
                tx.execute(sql, &huiyin_store::values![id])
            })
            .unwrap();
        let again = house.run(move |tx, ctx: &Ctx| party::replay(tx, ctx, &log)).unwrap();
        assert_eq!(again, 1);
        assert!(seen(&house, house.admin, id).unwrap().name.is_none());
    });
}
