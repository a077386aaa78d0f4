//! Messages, promised calls and standings of customers, on both engines.

use huiyin_domain::call::facts::CallDirection;
use huiyin_domain::call::message::{MessageState, MessageStep, MessageWay};
use huiyin_domain::call::promise::{CallBackReason, PromisedCall};
use huiyin_domain::call::standing::Standing;
use huiyin_domain::ids::{CallBackId, CallId, CallMessageId, OrgId, PartyId, PersonId, UnitId};
use huiyin_domain::people::Scope;
use huiyin_domain::time::Timestamp;
use huiyin_store::StoreError;
use huiyin_store::call::back::{self, CallBackFilter, CallBackRow};
use huiyin_store::call::message::{self, MessageFilter, MessageRow};
use huiyin_store::call::{list, standing};
use huiyin_testkit::engines::both_engines_migrated;
use serde_json::json;
use uuid::Uuid;

const ORG: OrgId = OrgId(1);
const OTHER: OrgId = OrgId(2);

const fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(number))
}

const fn at(second: i64) -> Timestamp {
    Timestamp::from_micros(1_790_000_000_000_000 + second * 1_000_000)
}

fn party() -> PartyId {
    PartyId(Uuid::from_u128(40))
}

fn said(number: u128, taken: i64) -> MessageRow {
    let body = json!({"name": "王女士", "company": null, "phone": "13800000001", "what": "电梯异响",
        "requests": null, "key": "complaint", "reply_needed": true, "repeated": true});
    MessageRow {
        id: CallMessageId(Uuid::from_u128(number)),
        unit: UnitId(Uuid::from_u128(3)),
        recipient: person(1),
        taken_by: person(2),
        call: Some(CallId(Uuid::from_u128(9))),
        case: None,
        party: Some(party()),
        done_at: None,
        body: Some(serde_json::from_value(body).unwrap()),
        way: MessageWay {
            taken_at: at(taken),
            deliver_by: at(taken + 1_800),
            delivered_at: None,
            read_at: None,
            replied_at: None,
            reply_needed: true,
        },
        reply: None,
        version: 1,
    }
}

fn promised(number: u128, due: i64, agent: Option<PersonId>) -> CallBackRow {
    CallBackRow {
        id: CallBackId(Uuid::from_u128(number)),
        unit: UnitId(Uuid::from_u128(3)),
        agent,
        made_by: agent.map(|_| person(2)),
        call: Some(CallId(Uuid::from_u128(9))),
        case: None,
        party: Some(party()),
        promise: PromisedCall {
            reason: CallBackReason::Question,
            number: "13800000001".into(),
            skill: None,
            promised_at: at(0),
            due: at(due),
            kept_at: None,
            tries: 0,
        },
        about: Some("停车费".into()),
        note: None,
        version: 1,
    }
}

/// TEL-21, TEL-22, X-37: a message comes back as it was taken, within its house and to
/// whom it concerns; a step on an old version changes nothing; its words go with the
/// identity of the customer.
#[test]
fn messages_come_back_within_their_house() {
    both_engines_migrated(|store| {
        let (first, second) = (said(11, 0), said(12, 60));
        let kept = [first.clone(), second.clone()];
        store
            .write_blocking(move |tx| {
                for row in &kept {
                    message::insert(tx, ORG, row)?;
                }
                Ok::<_, StoreError>(())
            })
            .unwrap();
        let mine = Scope::of(ORG, person(1), &[]);
        let of_mine = |filter: MessageFilter| {
            let mine = mine.clone();
            store.read_blocking(move |tx| message::list(tx, &mine, &filter, at(100))).unwrap()
        };
        let all = MessageFilter { recipient: Some(person(1)), limit: 10, ..MessageFilter::default() };
        assert_eq!(of_mine(all.clone()), [second.clone(), first.clone()], "latest first");
        let after = Some((second.way.taken_at, second.id));
        assert_eq!(of_mine(MessageFilter { after, ..all.clone() }), std::slice::from_ref(&first));
        let id = first.id;
        let strange = Scope::of(ORG, person(3), &[]);
        let seen = store.read_blocking(move |tx| message::seen(tx, &strange, id, at(100))).unwrap();
        assert_eq!(seen, None, "whom it does not concern");
        assert_eq!(store.read_blocking(move |tx| message::get(tx, OTHER, id)).unwrap(), None);
        let mut done = first.clone();
        done.way = done.way.step(MessageStep::Reply, at(50)).unwrap();
        (done.reply, done.done_at) = (Some("已回电".into()), Some(at(50)));
        let again = done.clone();
        let steps = store
            .write_blocking(move |tx| {
                Ok::<_, StoreError>([message::step(tx, ORG, &done)?, message::step(tx, ORG, &again)?])
            })
            .unwrap();
        assert_eq!(steps, [true, false]);
        let open = of_mine(MessageFilter { open: Some(true), ..all.clone() });
        assert_eq!(open, [second]);
        let over = of_mine(MessageFilter { open: Some(false), ..all });
        assert_eq!((over[0].way.state(), over[0].version), (MessageState::Done, 2));
        store.write_blocking(|tx| standing::forget(tx, ORG, party())).unwrap();
        let gone = store.read_blocking(move |tx| message::get(tx, ORG, id)).unwrap().unwrap();
        assert_eq!((gone.body, gone.reply), (None, None));
    });
}

/// TEL-18, TEL-33: promises come by their time, anybody's to whoever takes calls; a try on
/// an old version changes nothing; the number goes with the identity of the customer.
#[test]
fn promised_calls_come_by_their_time() {
    both_engines_migrated(|store| {
        let rows =
            [promised(21, 600, Some(person(1))), promised(22, 300, None), promised(23, 900, Some(person(5)))];
        let kept = rows.clone();
        store
            .write_blocking(move |tx| {
                for row in &kept {
                    back::insert(tx, ORG, row)?;
                }
                Ok::<_, StoreError>(())
            })
            .unwrap();
        let list = |anybody, open, after| {
            let mine = Scope::of(ORG, person(1), &[]);
            let filter = CallBackFilter {
                person: Some(person(1)),
                anybody,
                open,
                after,
                limit: 10,
                ..CallBackFilter::default()
            };
            store.read_blocking(move |tx| back::list(tx, &mine, &filter, at(0))).unwrap()
        };
        let (own, free) = (rows[0].clone(), rows[1].clone());
        assert_eq!(list(true, Some(true), None), [free.clone(), own.clone()]);
        assert_eq!(list(false, Some(true), None), std::slice::from_ref(&own));
        assert_eq!(list(true, None, None), [own.clone(), free.clone()], "latest first");
        assert_eq!(list(true, Some(true), Some((free.promise.due, free.id))), std::slice::from_ref(&own));
        let mut reached = free.clone();
        reached.promise = reached.promise.tried(true, at(200));
        let again = reached.clone();
        let tried = store
            .write_blocking(move |tx| {
                Ok::<_, StoreError>([back::tried(tx, ORG, &reached)?, back::tried(tx, ORG, &again)?])
            })
            .unwrap();
        assert_eq!(tried, [true, false]);
        assert_eq!(list(true, Some(false), None)[0].promise.is_kept(at(400)), Some(true));
        let number = |org| {
            let filter =
                CallBackFilter { number: Some("13800000001".into()), limit: 10, ..CallBackFilter::default() };
            let scope = Scope::everything(org, person(9));
            store.read_blocking(move |tx| back::list(tx, &scope, &filter, at(0))).unwrap().len()
        };
        assert_eq!((number(ORG), number(OTHER)), (3, 0));
        store.write_blocking(|tx| standing::forget(tx, ORG, party())).unwrap();
        assert_eq!(number(ORG), 0, "X-37");
    });
}

/// TEL-33: figures tell whether a call back that was asked for in the queue was kept from
/// the promise itself, as it stands when they are asked.
#[test]
fn figures_know_promises_as_they_stand() {
    both_engines_migrated(|store| {
        let facts =
            json!({"direction": CallDirection::In, "typed": false, "arrived_at": at(0), "queue": null,
            "agent": null, "line": null, "service": null, "result": "call_back", "queued": true,
            "answered": false, "wait_ms": 1, "rang_ms": null, "talk_ms": 0, "hold_ms": 0, "holds": 0,
            "wrap_up_ms": 0, "overflowed": false, "beyond_limit": false, "call_back_asked": true,
            "call_back_kept": null, "transfers": 0})
            .to_string();
        store
            .write_blocking(move |tx| {
                tx.execute(
                    "INSERT INTO calls (org, id, unit, direction, state, typed, node, called, arrived_at, ended_at,
                                        body, facts, version)
                     VALUES ($1, $2, $3, 'in', 'ended', 0, 'one', '4001', $4, $4, '{}', $5, 1)",
                    &huiyin_store::values![
                        ORG,
                        CallId(Uuid::from_u128(9)),
                        UnitId(Uuid::from_u128(3)),
                        at(0),
                        facts
                    ],
                )?;
                back::insert(tx, ORG, &promised(22, 300, None))
            })
            .unwrap();
        let kept = |now| {
            let scope = Scope::everything(ORG, person(9));
            let found = store.read_blocking(move |tx| list::facts(tx, &scope, (at(0), at(1)), now)).unwrap();
            assert_eq!(found.len(), 1);
            found[0].call_back_kept
        };
        assert_eq!((kept(at(299)), kept(at(301))), (None, Some(false)));
    });
}

/// a standing is kept once for each version that was seen, within its house.
#[test]
fn a_standing_is_kept_by_version() {
    both_engines_migrated(|store| {
        let vip =
            Standing { level: Some("vip".into()), skills: vec!["sichuanese".into()], ..Standing::default() };
        let new = vip.clone();
        let kept = store
            .write_blocking(move |tx| {
                let mut kept = Vec::new();
                for (org, seen) in [(ORG, 0), (ORG, 0), (ORG, 1), (OTHER, 0)] {
                    kept.push(standing::put(tx, org, (party(), seen), &new)?);
                }
                Ok::<_, StoreError>(kept)
            })
            .unwrap();
        assert_eq!(kept, [true, false, true, true]);
        assert_eq!(store.read_blocking(|tx| standing::get(tx, ORG, party())).unwrap(), Some((vip, 2)));
        store.write_blocking(|tx| standing::forget(tx, ORG, party())).unwrap();
        assert_eq!(store.read_blocking(|tx| standing::get(tx, ORG, party())).unwrap(), None);
        assert!(store.read_blocking(|tx| standing::get(tx, OTHER, party())).unwrap().is_some());
    });
}
