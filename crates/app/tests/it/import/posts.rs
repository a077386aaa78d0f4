//! What a watch list found on public pages.

use super::{Told, counts, import, import_from, source};
use crate::house::House;
use huiyin_domain::case::{Case, Channel, Flag, Relation};
use huiyin_domain::clock::ClockKind;
use huiyin_domain::paper::PaperKind;
use huiyin_domain::paper::online_post::OnlinePost;
use huiyin_store::case::read;
use huiyin_store::paper as rows;
use huiyin_tabular::Mapping;
use huiyin_testkit::engines::both_engines_migrated;

const MAP: &str = r#"
import = "posts"
source = "watch"
[columns]
"编号" = "external_id"
"平台" = "platform"
"网址" = "url"
"主题" = "thread"
"作者" = "author"
"内容" = "text"
"发帖" = { to = "posted_at", formats = ["yyyy-MM-dd HH:mm"] }
"诉点" = { to = "points", separator = "|" }
"跟帖" = "replies"
"浏览" = "views"
"读数" = { to = "seen_at", formats = ["yyyy-MM-dd HH:mm"] }
"#;

const HEAD: &str = "编号,平台,网址,主题,作者,内容,发帖,诉点,跟帖,浏览,读数\n";

const THREAD: &str = "https://forum.example/t/1";

/// A thread, a follow-up that only agrees, one that brings something new, then
/// one row for each thing that can be wrong.
const ROWS: [&str; 8] = [
    "P1,业主论坛,https://forum.example/t/1,,海风,电梯又停,2025-12-05 16:30,\"电梯常停，没人修|电话没人接\",12,300,2025-12-06 09:00",
    "P2,业主论坛,https://forum.example/t/1#13,https://forum.example/t/1,路人,我家也是,2025-12-06 10:00,,20,410,2025-12-06 11:00",
    "P3,业主论坛,https://forum.example/t/1#14,https://forum.example/t/1,林,门禁也坏了,2025-12-06 12:00,门禁坏了,,,",
    "B1,业主论坛,forum,,,乱,2025-12-05 16:30,,,,",
    "B2,业主论坛,https://forum.example/t/2,,,乱,2025-12-05 16:30,,-3,,",
    "B3,业主论坛,https://forum.example/t/2,,,乱,2030-12-05 16:30,,,,",
    "B4,业主论坛,https://forum.example/t/1#1,https://forum.example/t/1,,早,2025-12-01 08:00,,,,",
    "B5,业主论坛,https://forum.example/t/2,,,乱,2025-12-05 16:30,,,9,",
];

fn table(rows: &[&str]) -> Vec<u8> {
    format!("{HEAD}{}\n", rows.join("\n")).into_bytes()
}

fn post(house: &House) -> OnlinePost {
    let unit = house.root();
    let row = house
        .run(move |tx, ctx| Ok(rows::of_period(tx, ctx.org(), PaperKind::OnlinePost, (unit, THREAD))?))
        .unwrap();
    serde_json::from_str(&row.unwrap().body).unwrap()
}

fn case(house: &House, id: &'static str) -> Case {
    let found = house.run(move |tx, ctx| {
        let id = read::by_external(tx, ctx.org(), "watch", id)?.unwrap();
        Ok(read::case(tx, ctx.org(), id)?.unwrap().case)
    });
    found.unwrap()
}

fn count(house: &House, sql: &'static str) -> i64 {
    house.run(move |tx, _| Ok(tx.one(sql, &[])?.unwrap().get::<i64>(0)?)).unwrap()
}

/// PROP-71, PROP-75, PROP-76, PROP-91, contracts §4: a thread is one item however
/// often it is followed up, what is new is a case of its own, limits count from
/// the posting, wrong rows are told, nobody else is.
#[test]
fn posts_of_a_watch_list_become_threads_with_their_heat() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let (done, told) = import(&house, MAP, &table(&ROWS));
        let expected = [
            (5, "网址", "address_malformed"),
            (6, "跟帖", "out_of_range"),
            (7, "发帖", "in_the_future"),
            (8, "发帖", "time_order"),
            (9, "跟帖", "missing_required"),
        ];
        assert_eq!(told.brief(), expected);
        assert_eq!(done, counts(8, 3, 0, 5));
        let thread = post(&house);
        let points: Vec<&str> = thread.points.iter().map(|point| point.text.as_str()).collect();
        assert_eq!(points, ["电梯常停，没人修", "电话没人接", "门禁坏了"]);
        let heat: Vec<_> = thread.heat.iter().map(|seen| (seen.replies, seen.views)).collect();
        assert_eq!(heat, [(12, Some(300)), (20, Some(410))]);
        assert_eq!(thread.follow_ups.len(), 2);
        assert_eq!(thread.follow_ups[1].url.as_deref(), Some("https://forum.example/t/1#14"));
        let (first, news) = (case(&house, "P1"), case(&house, "P3"));
        assert_eq!(thread.case, Some(first.id));
        assert_eq!((first.channel, first.received_at), (Channel::Online, thread.posted_at));
        assert!(first.has(Flag::NoUsableContact), "PROP-60");
        let breached = first.clocks.iter().find(|clock| clock.kind == ClockKind::Measures).unwrap();
        assert!(breached.breached_at.is_some(), "posted in working hours: measures the same day");
        let linked: Vec<_> = news.relations.iter().map(|(relation, other, _)| (*relation, *other)).collect();
        assert_eq!(linked, [(Relation::FollowsFrom, first.id)]);
        assert_eq!(count(&house, "SELECT COUNT(*) FROM papers"), 1);
        assert_eq!(count(&house, "SELECT COUNT(*) FROM cases"), 2, "what only agrees is no case");
        assert_eq!(count(&house, "SELECT COUNT(*) FROM jobs"), 0, "history tells nobody");
    });
}

/// Contracts §4: idempotent by organisation, source and external id; a later
/// reading is news of the thread, the same one is not (PROP-91).
#[test]
fn a_watch_list_may_come_every_day() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let trial =
            import_from(&house, &Mapping::parse("map.toml", MAP).unwrap(), source(&table(&ROWS[..3])), true);
        assert_eq!(trial.unwrap().0, counts(3, 3, 0, 0));
        assert_eq!(count(&house, "SELECT COUNT(*) FROM papers"), 0, "a trial leaves nothing");
        import(&house, MAP, &table(&ROWS[..3]));
        let before = post(&house);
        let (again, _): (_, Told) = import(&house, MAP, &table(&ROWS[..3]));
        assert_eq!(again, counts(3, 0, 3, 0));
        assert_eq!(post(&house), before);
        let later = ROWS[0].replace(",12,300,2025-12-06 09:00", ",55,1200,2025-12-08 09:00");
        assert_eq!(import(&house, MAP, &table(&[&later])).0, counts(1, 1, 0, 0));
        assert_eq!(import(&house, MAP, &table(&[&later])).0, counts(1, 0, 1, 0));
        let heat: Vec<_> = post(&house).heat.iter().map(|seen| seen.replies).collect();
        assert_eq!(heat, [12, 20, 55]);
    });
}
