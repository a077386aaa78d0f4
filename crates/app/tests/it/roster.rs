//! The duty table: who answers, and the hours that nobody covers.

use huiyin_app::duty::{self, DutyKind, NewDuty, RosterFilter};
use huiyin_app::{Class, Error};
use huiyin_domain::ids::{PersonId, UnitId};
use huiyin_domain::people::{Post, UnitLevel};
use huiyin_domain::time::Timestamp;
use huiyin_testkit::engines::{MADE_AT, both_engines_migrated};

use crate::house::House;

const HOUR: i64 = 3_600_000_000;

fn at(hour: i64) -> Timestamp {
    Timestamp::from_micros(MADE_AT.micros() + hour * HOUR)
}

fn stretch(person: PersonId, unit: UnitId, kind: DutyKind, hours: (i64, i64)) -> NewDuty {
    NewDuty { person, unit, kind, from: at(hours.0), to: at(hours.1) }
}

fn add(house: &House, by: PersonId, new: NewDuty) -> Result<duty::DutyRow, Error> {
    house.run_as(house.ctx(by), move |tx, ctx| duty::add(tx, ctx, &new))
}

fn answers(house: &House, unit: UnitId) -> Option<PersonId> {
    house.run(move |tx, ctx| duty::answering(tx, ctx.org(), unit, ctx.now)).unwrap()
}

/// PROP-14, contracts §3: on duty, else lead, else head, upwards, else the administrator.
#[test]
fn somebody_always_answers() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let centre = house.unit("c", UnitLevel::Centre, house.root());
        assert_eq!(answers(&house, centre), Some(house.admin), "lead and head of the whole house");
        let head = house.appoint("head", centre, &[Post::Head]);
        assert_eq!(answers(&house, centre), Some(head));
        let lead = house.appoint("lead", centre, &[Post::Lead]);
        assert_eq!(answers(&house, centre), Some(lead));
        let agent = house.appoint("agent", centre, &[Post::Agent]);
        add(&house, lead, stretch(agent, centre, DutyKind::OnDuty, (0, 8))).unwrap();
        assert_eq!(answers(&house, centre), Some(agent));
        house.clock.set(at(8));
        assert_eq!(answers(&house, centre), Some(lead), "duty ends with its last hour");
        add(&house, lead, stretch(lead, centre, DutyKind::Absent, (8, 20))).unwrap();
        assert_eq!(answers(&house, centre), Some(head), "who is absent does not answer");
        add(&house, head, stretch(head, centre, DutyKind::Absent, (8, 20))).unwrap();
        assert_eq!(answers(&house, centre), Some(house.admin));
        let admin = house.admin;
        add(&house, admin, stretch(admin, house.root(), DutyKind::Absent, (8, 20))).unwrap();
        assert_eq!(answers(&house, centre), Some(lead), "where all are away, still the nearest one");
    });
}

/// PROP-45: the roster reports any uncovered hour.
#[test]
fn uncovered_hours_are_reported() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let lead = house.appoint("lead", house.root(), &[Post::Lead]);
        let agent = house.appoint("agent", house.root(), &[Post::Agent]);
        let gaps = |house: &House| {
            let found = house.run(|tx, ctx| duty::gaps(tx, ctx, None, (at(0), at(24)))).unwrap();
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].unit, house.root());
            found[0].gaps.clone()
        };
        assert_eq!(gaps(&house), [(at(0), at(24))], "no roster is no cover");
        add(&house, lead, stretch(agent, house.root(), DutyKind::OnDuty, (0, 16))).unwrap();
        add(&house, lead, stretch(lead, house.root(), DutyKind::OnDuty, (15, 24))).unwrap();
        assert_eq!(gaps(&house), []);
        let away = add(&house, agent, stretch(agent, house.root(), DutyKind::Absent, (2, 4))).unwrap();
        assert_eq!(gaps(&house), [(at(2), at(4))], "who is absent covers nothing");
        house.run_as(house.ctx(agent), move |tx, ctx| duty::cancel(tx, ctx, away.id)).unwrap();
        assert_eq!(gaps(&house), []);
    });
}

/// PROP-21: availability is what the person said, less what they are away.
#[test]
fn a_visit_needs_somebody_available() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let fitter = house.appoint("fitter", house.root(), &[Post::Department]);
        let free = |house: &House, hours: (i64, i64)| {
            let period = (at(hours.0), at(hours.1));
            house.run(move |tx, ctx| duty::is_available(tx, ctx.org(), fitter, period)).unwrap()
        };
        assert!(!free(&house, (9, 10)));
        add(&house, fitter, stretch(fitter, house.root(), DutyKind::Available, (9, 12))).unwrap();
        assert!(free(&house, (9, 12)) && !free(&house, (11, 13)));
        add(&house, fitter, stretch(fitter, house.root(), DutyKind::Absent, (10, 11))).unwrap();
        assert!(free(&house, (9, 10)) && !free(&house, (9, 12)));
    });
}

/// PROP-45, bad input: who may not set duty, and stretches that are none.
#[test]
fn the_table_refuses_what_is_wrong() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let lead = house.appoint("lead", house.root(), &[Post::Lead]);
        let agent = house.appoint("agent", house.root(), &[Post::Agent]);
        let root = house.root();
        let own = add(&house, agent, stretch(agent, root, DutyKind::OnDuty, (0, 8))).unwrap_err();
        assert_eq!(own.class(), Class::Denied);
        let field = |new: NewDuty| add(&house, lead, new).unwrap_err().fields()[0].code.clone();
        assert_eq!(field(stretch(agent, root, DutyKind::OnDuty, (8, 8))), "time_order");
        assert_eq!(field(stretch(agent, root, DutyKind::OnDuty, (0, 24 * 500))), "period_too_long");
        let nobody = PersonId(uuid::Uuid::from_u128(1));
        assert_eq!(field(stretch(nobody, root, DutyKind::OnDuty, (0, 8))), "person_unknown");
        let nowhere = UnitId(uuid::Uuid::from_u128(1));
        assert_eq!(field(stretch(agent, nowhere, DutyKind::OnDuty, (0, 8))), "unit_unknown");
        add(&house, lead, stretch(agent, root, DutyKind::OnDuty, (0, 8))).unwrap();
        let twice = add(&house, lead, stretch(agent, root, DutyKind::OnDuty, (7, 9))).unwrap_err();
        assert_eq!(twice.code(), "duty_overlaps");
        let filter = RosterFilter { from: at(0), to: at(8), unit: Some(root), person: None, kind: None };
        assert_eq!(house.run(move |tx, ctx| duty::list(tx, ctx, &filter)).unwrap().len(), 1);
    });
}
