//! Who is told, once, and who next.

use huiyin_app::Class;
use huiyin_app::error::Params;
use huiyin_app::notify::{self, MailWish, Notice};
use huiyin_app::work::kinds;
use huiyin_domain::case::Recipient;
use huiyin_domain::ids::{CaseId, NotificationId, PersonId, UnitId};
use huiyin_domain::people::{Post, UnitLevel};
use huiyin_store::jobs;
use huiyin_testkit::engines::both_engines_migrated;

use crate::errands::{Errands, STORY};
use crate::house::House;

fn notice(source: &str, urgent: bool) -> Notice {
    let params: Params = [("number".to_owned(), "TS-1".into())].into_iter().collect();
    Notice { source: source.into(), case: None, why: "transferred_to_you".into(), params, urgent }
}

fn tell(house: &House, notice: Notice, people: &[PersonId], post: Option<Post>) -> usize {
    let people = people.to_vec();
    house.run(move |tx, ctx| notify::tell(tx, ctx, &notice, &people, post)).unwrap().len()
}

fn inbox(house: &House, person: PersonId) -> Vec<notify::Notification> {
    let ctx = house.ctx(person);
    house.run_as(ctx, |tx, ctx| notify::list(tx, ctx, false, None, 50)).unwrap().items
}

fn resolve(house: &House, unit: UnitId, to: Recipient) -> Vec<PersonId> {
    house.run(move |tx, ctx| notify::resolve(tx, ctx.org(), unit, to, ctx.now)).unwrap()
}

/// Issue 3 §3, SLM-1: a post is told at the case's unit, else at the nearest above.
#[test]
fn a_post_is_found_at_the_unit_or_above_and_never_nobody() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let centre = house.unit("c", UnitLevel::Centre, house.root());
        let (a, b) = (house.unit("a", UnitLevel::Estate, centre), house.unit("b", UnitLevel::Estate, centre));
        let upper = house.appoint("upper", centre, &[Post::Lead]);
        let own = house.appoint("own", a, &[Post::Lead, Post::Agent]);
        let second = house.appoint("second", a, &[Post::Lead]);
        assert_eq!(resolve(&house, a, Recipient::Post(Post::Lead)), [own, second]);
        assert_eq!(resolve(&house, b, Recipient::Post(Post::Lead)), [upper]);
        assert_eq!(resolve(&house, b, Recipient::Person(own)), [own]);
        // nobody is general manager, and a stranger is nobody here
        assert_eq!(resolve(&house, a, Recipient::Post(Post::Gm)), [own], "whoever answers for the unit");
        let stranger = PersonId(uuid::Uuid::from_u128(9));
        assert_eq!(resolve(&house, b, Recipient::Person(stranger)), [upper]);
    });
}

/// Issue 3 §3: told once of each source; read and acknowledged times are kept.
#[test]
fn a_person_is_told_once_and_only_they_see_it() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let lin = house.appoint("lin", house.root(), &[Post::Agent]);
        let wu = house.appoint("wu", house.root(), &[Post::Agent]);
        assert_eq!(tell(&house, notice("s1", false), &[lin, wu], None), 2);
        assert_eq!(tell(&house, notice("s1", false), &[lin, wu], None), 0, "not a second time");
        house.clock.advance(60);
        tell(&house, notice("s2", false), &[lin], None);
        let mine = inbox(&house, lin);
        assert_eq!(mine.iter().map(|item| item.source.as_str()).collect::<Vec<_>>(), ["s2", "s1"]);
        let (newest, oldest) = (mine[0].id, mine[1].id);
        let foreign = house.run_as(house.ctx(wu), move |tx, ctx| notify::mark_read(tx, ctx, newest));
        assert_eq!(foreign.unwrap_err().class(), Class::NotFound);
        let read = house.run_as(house.ctx(lin), move |tx, ctx| notify::mark_read(tx, ctx, newest)).unwrap();
        house.clock.advance(60);
        let seen = house.run_as(house.ctx(lin), move |tx, ctx| notify::acknowledge(tx, ctx, newest)).unwrap();
        assert_eq!(seen.read_at, read.read_at, "the first reading counts");
        assert!(seen.acknowledged_at > seen.read_at);
        assert_eq!(house.run_as(house.ctx(lin), notify::unread).unwrap(), 1);
        let page = house.run_as(house.ctx(lin), |tx, ctx| notify::list(tx, ctx, false, None, 1)).unwrap();
        let next = page.next;
        let page =
            house.run_as(house.ctx(lin), move |tx, ctx| notify::list(tx, ctx, false, next, 1)).unwrap();
        assert_eq!((page.items[0].id, page.next), (oldest, None));
    });
}

/// X-53, PROP-24: what nobody reads goes up, post by post, once each.
#[test]
fn an_unread_urgent_notice_goes_up() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let agents = ["lin", "wu"].map(|login| desk.appoint(login, desk.root(), &[Post::Agent]));
        let lead = desk.appoint("lead", desk.root(), &[Post::Lead]);
        let manager = desk.appoint("manager", desk.root(), &[Post::Manager]);
        tell(&desk, notice("s1", true), &agents, Some(Post::Agent));
        desk.after(29 * 60);
        assert!(inbox(&desk, lead).is_empty(), "not yet");
        desk.after(60);
        let up = inbox(&desk, lead);
        assert_eq!(up.len(), 1, "one notice, although two did not read");
        assert_eq!(up[0].why, "unread_escalated");
        let params: Params = serde_json::from_str(&up[0].params).unwrap();
        assert_eq!(
            (params["why"].as_str(), params["unread_by"].as_str()),
            (Some("transferred_to_you"), Some("agent"))
        );
        assert!(inbox(&desk, agents[0])[0].escalated_at.is_some());
        desk.after(30 * 60);
        let head = inbox(&desk, desk.admin);
        assert!(head.iter().any(|item| item.source == "s1^head"), "{head:?}");
        desk.after(30 * 60);
        assert_eq!(inbox(&desk, manager).len(), 1);
        // nobody deputises for or is general manager: it ends here
        desk.after(24 * 3600);
        assert_eq!(inbox(&desk, lead).len(), 1, "nothing comes twice");
    });
}

/// Issue 3 §3: a notice that one of its readers read goes nowhere.
#[test]
fn one_reader_of_several_is_enough() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let agents = ["lin", "wu"].map(|login| desk.appoint(login, desk.root(), &[Post::Agent]));
        let lead = desk.appoint("lead", desk.root(), &[Post::Lead]);
        desk.run(|tx, ctx| notify::set_escalation_minutes(tx, ctx, 5)).unwrap();
        tell(&desk, notice("s1", true), &agents, Some(Post::Agent));
        let id: NotificationId = inbox(&desk, agents[1])[0].id;
        desk.run_as(desk.ctx(agents[1]), move |tx, ctx| notify::mark_read(tx, ctx, id)).unwrap();
        desk.after(5 * 60);
        assert!(inbox(&desk, lead).is_empty());
    });
}

/// mail goes by each person's wish and holds nothing of the customer.
#[test]
fn mail_follows_the_wish_and_is_skipped_once_read() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let lin = desk.appoint("lin", desk.root(), &[Post::Agent]);
        let change = huiyin_app::people::person::PersonChange {
            email: Some("lin@example.org".into()),
            ..Default::default()
        };
        desk.run(move |tx, ctx| huiyin_app::people::person::change(tx, ctx, lin, None, &change)).unwrap();
        tell(&desk, notice("s1", false), &[lin], None);
        tell(&desk, notice("s2", true), &[lin], None);
        desk.after(0);
        let mails = |desk: &Errands| desk.ways.mails.lock().unwrap().len();
        assert_eq!(mails(&desk), 1, "what is urgent, while nothing was said");
        desk.run_as(desk.ctx(lin), |tx, ctx| notify::set_mail_wish(tx, ctx, MailWish::Always)).unwrap();
        tell(&desk, notice("s3", false), &[lin], None);
        tell(&desk, notice("s4", false), &[lin], None);
        let newest = inbox(&desk, lin)[0].id;
        desk.run_as(desk.ctx(lin), move |tx, ctx| notify::mark_read(tx, ctx, newest)).unwrap();
        desk.after(0);
        assert_eq!(mails(&desk), 2, "what was read meanwhile is not mailed");
        let mail = desk.ways.mails.lock().unwrap()[0].clone();
        assert_eq!(
            (mail.to.as_str(), mail.why.as_str(), mail.urgent),
            ("lin@example.org", "transferred_to_you", true)
        );
    });
}

/// X-37, PROP-67: a case's events reach people and webhooks once, without its text.
#[test]
fn a_case_tells_without_its_text_and_never_twice() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let lin = desk.appoint("lin", desk.root(), &[Post::Agent]);
        let hook = crate::hooks::hook(&["*"]);
        let ways = desk.ways.clone();
        desk.run(move |tx, ctx| huiyin_app::webhook::create(tx, ctx, ways.as_ref(), &hook)).unwrap();
        let case: CaseId = desk.complaint(lin, desk.root());
        desk.after(0);
        let topics = desk.ways.topics();
        assert!(topics.contains(&"case.received".to_owned()), "{topics:?}");
        for post in desk.ways.posts.lock().unwrap().iter() {
            assert!(!post.body.contains("李某某") && !post.body.contains(STORY), "{}", post.body);
            assert!(post.body.contains(&case.to_string()) && post.body.contains("\"number\""));
        }
        // the same change queued again, as after a crash, tells nobody anything
        let count = desk.ways.posts.lock().unwrap().len();
        desk.run(move |tx, ctx| {
            let change = notify::CaseChange { case, from_seq: 1, to_seq: 99 };
            huiyin_app::work::enqueue(tx, ctx, kinds::CASE_CHANGED, &change, (ctx.now, None))
        })
        .unwrap();
        desk.after(0);
        assert_eq!(desk.ways.posts.lock().unwrap().len(), count);
        assert_eq!(
            desk.store.read_blocking(|tx| jobs::dead(tx, huiyin_domain::ids::OrgId(1), None, 9)).unwrap(),
            []
        );
    });
}

/// Issue 3 §5: a change that is nobody's news leaves the queue without a turn; one
/// that somebody wants to hear takes it.
#[test]
fn nobodys_news_is_dropped_and_somebodys_is_told() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let lin = desk.appoint("lin", desk.root(), &[Post::Agent]);
        let waiting = || {
            let now = desk.ctx(lin).now;
            let due = desk.store.read_blocking(move |tx| jobs::due(tx, now, 50)).unwrap();
            due.into_iter().filter(|(job, _)| job.kind == kinds::CASE_CHANGED).count()
        };
        desk.complaint(lin, desk.root());
        assert_eq!(waiting(), 1);
        desk.after(0);
        assert_eq!((waiting(), desk.ways.topics().len(), inbox(&desk, lin).len()), (0, 0, 0));
        let ways = desk.ways.clone();
        let hook = crate::hooks::hook(&["case.received"]);
        desk.run(move |tx, ctx| huiyin_app::webhook::create(tx, ctx, ways.as_ref(), &hook)).unwrap();
        desk.complaint(lin, desk.root());
        desk.after(0);
        assert_eq!((waiting(), desk.ways.topics()), (0, vec!["case.received".to_owned()]));
    });
}
