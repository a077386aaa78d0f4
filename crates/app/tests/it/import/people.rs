//! Rows that become units, households and people.

use super::{counts, import, import_from, source};
use crate::house::House;
use huiyin_domain::people::Post;
use huiyin_store::party::household;
use huiyin_store::people::{membership, person, unit};
use huiyin_tabular::Mapping;
use huiyin_testkit::engines::both_engines_migrated;

const UNITS: &str = r#"
import = "units"
source = "tree"
[columns]
code = "code"
name = "name"
level = "level"
above = "parent"
from = "valid_from"
"#;

const HOUSEHOLDS: &str = r#"
import = "households"
source = "rooms"
[columns]
estate = "unit"
building = "building"
room = "code"
area = "area"
since = "moved_in_on"
head = "head_name"
phones = "phones"
"#;

const PEOPLE: &str = r#"
import = "people"
source = "staff"
[columns]
login = "login"
name = "name"
unit = "unit"
posts = "posts"
mail = "email"
"#;

const TREE: &str = "code,name,level,above,from\n\
    repairs,维修部,department,lakeside,2024-01-01\n\
    lakeside,湖畔小区,estate,,2024-01-01\n\
    lost,无处,department,nowhere,\n\
    odd,怪,planet,,\n";

/// Issue 3 §7: a parent may stand further down than its child.
#[test]
fn units_find_their_parents() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let (done, told) = import(&house, UNITS, TREE.as_bytes());
        assert_eq!(told.brief(), [(4, "above", "unit_unknown"), (5, "level", "unknown_value")]);
        assert_eq!(done, counts(4, 2, 0, 2));
        assert_eq!(import(&house, UNITS, TREE.as_bytes()).0, counts(4, 0, 2, 2));
        let org = house.org.org;
        let root = house.root();
        let path = house
            .run(move |tx, ctx| {
                let repairs = unit::by_code(tx, org, "repairs")?.unwrap();
                Ok(unit::path(tx, org, repairs.id, ctx.now)?)
            })
            .unwrap();
        assert_eq!((path.len(), path[0]), (3, root));
    });
}

/// Issue 3 §7
#[test]
fn a_trial_run_knows_units_of_the_same_file() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let map = Mapping::parse("map.toml", UNITS).unwrap();
        let (done, _) = import_from(&house, &map, source(TREE.as_bytes()), true).unwrap();
        assert_eq!(done, counts(4, 2, 0, 2));
        let org = house.org.org;
        let there = house.run(move |tx, _| Ok(unit::by_code(tx, org, "lakeside")?)).unwrap();
        assert!(there.is_none());
    });
}

/// Issue 3 §7, PROP-46: one head may have several rooms.
#[test]
fn households_come_with_their_heads() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let table = "estate,building,room,area,since,head,phones\n\
            default,1,0101,89.5,2020-05-01,林女士,13900001234;0731-5550001\n\
            default,1,0102,70,,林女士,13900001234\n\
            default,1,0101,89.5,,,\n\
            nowhere,1,0103,,,,\n\
            default,1,0104,-3,,,\n";
        let (done, told) = import(&house, HOUSEHOLDS, table.as_bytes());
        assert_eq!(done, counts(5, 2, 1, 2), "{:?}", told.wrong);
        let brief = told.brief();
        assert!(brief.contains(&(5, "estate", "unit_unknown")), "{brief:?}");
        assert!(brief.iter().any(|(line, column, _)| (*line, *column) == (6, "area")), "{brief:?}");
        let (org, root) = (house.org.org, house.root());
        let (first, heads) = house
            .run(move |tx, _| {
                let first = household::at(tx, org, root, "1", "0101")?.unwrap();
                let heads = tx.one("SELECT COUNT(*) FROM parties", &[])?.unwrap().get::<i64>(0)?;
                Ok((first, heads))
            })
            .unwrap();
        assert_eq!((first.area, heads), (Some(8950), 1));
    });
}

/// Issue 3 §7, SLM-1
#[test]
fn people_come_with_their_posts() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let table = "login,name,unit,posts,mail\n\
            wu.er,吴二,default,\"agent,visitor\",wu@desk.test\n\
            chen,陈,default,agent,\n\
            zhao,赵,nowhere,agent,\n\
            qian,钱,default,wizard,\n\
            x,孙,default,agent,\n";
        let (done, told) = import(&house, PEOPLE, table.as_bytes());
        let expected =
            [(4, "unit", "unit_unknown"), (5, "posts", "unknown_value"), (6, "login", "login_shape")];
        assert_eq!(told.brief(), expected);
        assert_eq!(done, counts(5, 1, 1, 3));
        let org = house.org.org;
        let posts = house
            .run(move |tx, _| {
                let person = person::by_login(tx, "wu.er")?.unwrap();
                assert!(!person.has_password);
                Ok(membership::of_person(tx, org, person.id)?.remove(0).membership.posts)
            })
            .unwrap();
        assert_eq!(posts.into_iter().collect::<Vec<_>>(), [Post::Agent, Post::Visitor]);
    });
}

/// Issue 3 §7: nothing is dropped in silence.
#[test]
fn only_cases_keep_extras() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let map = Mapping::parse("map.toml", &format!("{PEOPLE}hobby = \"extra.hobby\"\n")).unwrap();
        let table = b"login,name,unit,posts,mail,hobby\nwu.er,Wu,default,agent,,chess\n";
        let Err(error) = import_from(&house, &map, source(table), false) else { panic!("taken") };
        assert_eq!(error.to_string(), "extra_not_kept");
    });
}
