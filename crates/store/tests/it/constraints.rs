//! Violations carry the same names on both engines.

use crate::{insert, with_items};
use huiyin_store::{StoreError, Tx, values};
use huiyin_testkit::engines::{TestStore, both_engines};

fn refusal(store: &TestStore, sql: &'static str) -> StoreError {
    store.write_blocking(move |tx| tx.execute(sql, &[])).unwrap_err()
}

fn tables(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.execute(
        "CREATE TABLE people (
           org BIGINT NOT NULL, id TEXT NOT NULL, login TEXT NOT NULL, phone TEXT, age BIGINT, boss TEXT, nick TEXT,
           PRIMARY KEY (org, id),
           UNIQUE (org, login),
           CONSTRAINT people_phone UNIQUE (org, phone),
           CONSTRAINT people_age CHECK (age >= 0),
           FOREIGN KEY (org, boss) REFERENCES people (org, id))",
        &[],
    )?;
    tx.execute("CREATE UNIQUE INDEX people_one_boss ON people (org, boss) WHERE age = 99", &[])?;
    tx.execute("CREATE UNIQUE INDEX people_lower ON people (org, lower(nick))", &[])?;
    let first = values![1, "a", "li", "139", 99, "a", "Xiao"];
    let sql =
        "INSERT INTO people (org, id, login, phone, age, boss, nick) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    tx.execute(sql, &first).map(drop)
}

#[test]
fn a_unique_violation_names_its_index() {
    both_engines(|store| {
        store.write_blocking(tables).unwrap();
        for (sql, name) in [
            ("INSERT INTO people (org, id, login) VALUES (1, 'a', 'x')", "people_pkey"),
            ("INSERT INTO people (org, id, login) VALUES (1, 'b', 'li')", "people_org_login_key"),
            ("INSERT INTO people (org, id, login, phone) VALUES (1, 'b', 'x', '139')", "people_phone"),
            (
                "INSERT INTO people (org, id, login, age, boss) VALUES (1, 'b', 'x', 99, 'a')",
                "people_one_boss",
            ),
            ("INSERT INTO people (org, id, login, nick) VALUES (1, 'b', 'x', 'XIAO')", "people_lower"),
        ] {
            assert_eq!(refusal(&store, sql), StoreError::Unique { constraint: name.into() }, "{sql}");
        }
    });
}

#[test]
fn a_number_as_key_is_named_too() {
    both_engines(|store| {
        with_items(&store);
        store.write_blocking(|tx| insert(tx, 1, "a")).unwrap();
        let error = store.write_blocking(|tx| insert(tx, 1, "b")).unwrap_err();
        assert!(error.is_unique("items_pkey"), "{error:?}");
        let error = store.write_blocking(|tx| insert(tx, 2, "a")).unwrap_err();
        assert!(error.is_unique("items_name"), "{error:?}");
    });
}

#[test]
fn other_violations_have_their_own_kind() {
    both_engines(|store| {
        store.write_blocking(tables).unwrap();
        let error =
            refusal(&store, "INSERT INTO people (org, id, login, boss) VALUES (1, 'b', 'x', 'nobody')");
        assert_eq!(error, StoreError::ForeignKey);
        let error = refusal(&store, "INSERT INTO people (org, id, login, age) VALUES (1, 'b', 'x', -1)");
        assert_eq!(error, StoreError::Check { constraint: "people_age".into() });
        let error = refusal(&store, "INSERT INTO people (org, id, login) VALUES (1, 'b', NULL)");
        assert_eq!(error, StoreError::NotNull { column: "people.login".into() });
        assert!(matches!(refusal(&store, "INSERT INTO nowhere VALUES (1)"), StoreError::Other { .. }));
    });
}

#[test]
fn error_texts_never_repeat_values() {
    both_engines(|store| {
        store.write_blocking(tables).unwrap();
        let error = store
            .write_blocking(|tx| {
                let row = values![1, "a", "王秘密"];
                tx.execute("INSERT INTO people (org, id, login) VALUES ($1, $2, $3)", &row)
            })
            .unwrap_err();
        assert!(!format!("{error} {error:?}").contains("王秘密"), "{error:?}");
        let wrong = store.read_blocking(|tx| {
            // read as a number: an error on PostgreSQL, 0 on SQLite
            tx.all("SELECT CAST(login AS BIGINT) FROM people WHERE login = $1", &values!["li"])
        });
        assert!(!format!("{wrong:?}").contains("\"li\""), "{wrong:?}");
    });
}
