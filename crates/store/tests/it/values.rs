//! What goes in comes out the same.

use huiyin_domain::ids::{CaseId, OrgId};
use huiyin_domain::time::Timestamp;
use huiyin_store::{StoreError, Value, values};
use huiyin_testkit::engines::both_engines;

#[test]
fn every_kind_of_value_comes_back_unchanged() {
    both_engines(|store| {
        let texts = ["", "业主投诉:电梯困人 🛗", "it's \"quoted\" \\ %_", "\u{1}\n\t\u{10ffff}"];
        let mut rows: Vec<[Value; 4]> = texts.map(|text| values![1, text, 0.5, vec![0_u8, 255]]).to_vec();
        for number in [i64::MIN, -1, 0, i64::MAX] {
            rows.push(values![number, "x", f64::MAX, Vec::new()]);
        }
        rows.push([Value::Null, Value::Null, Value::Null, Value::Null]);
        let expected = rows.clone();
        let found = store
            .write_blocking(move |tx| {
                tx.execute("CREATE TABLE v (n BIGINT, t TEXT, r DOUBLE PRECISION, b BYTEA, at BIGINT)", &[])?;
                for (at, [n, t, r, b]) in rows.into_iter().enumerate() {
                    let sql = "INSERT INTO v (n, t, r, b, at) VALUES ($1, $2, $3, $4, $5)";
                    tx.execute(sql, &[n, t, r, b, Value::Int(at as i64)])?;
                }
                tx.all("SELECT n, t, r, b FROM v ORDER BY at", &[])
            })
            .unwrap();
        let found: Vec<_> = found.iter().map(|row| row.values().to_vec()).collect();
        assert_eq!(found, expected);
    });
}

#[test]
fn typed_values_come_back_typed() {
    both_engines(|store| {
        let id: CaseId = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
        store
            .write_blocking(move |tx| {
                tx.execute("CREATE TABLE v (org BIGINT, id TEXT, at BIGINT, flag BIGINT, note TEXT)", &[])?;
                let row = values![OrgId(7), id, Timestamp::from_micros(-5), true, None::<String>];
                tx.execute("INSERT INTO v (org, id, at, flag, note) VALUES ($1, $2, $3, $4, $5)", &row)?;
                let row = tx.one("SELECT org, id, at, flag, note FROM v", &[])?.unwrap();
                assert_eq!(row.get::<OrgId>(0)?, OrgId(7));
                assert_eq!(row.get::<CaseId>(1)?, id);
                assert_eq!(row.get::<Timestamp>(2)?, Timestamp::from_micros(-5));
                assert!(row.get::<bool>(3)?);
                assert_eq!(row.get::<Option<String>>(4)?, None);
                assert!(matches!(row.get::<i64>(1), Err(StoreError::Type { .. })));
                assert!(matches!(row.get::<String>(4), Err(StoreError::Type { .. })));
                assert!(matches!(row.get::<String>(5), Err(StoreError::Type { .. })));
                Ok::<_, StoreError>(())
            })
            .unwrap();
    });
}

#[test]
fn placeholders_are_bound_by_their_number() {
    both_engines(|store| {
        let row = store
            .write_blocking(|tx| {
                tx.execute("CREATE TABLE v (a TEXT, b TEXT, c TEXT)", &[])?;
                tx.execute("INSERT INTO v (a, b, c) VALUES ($2, $1, $2)", &values!["one", "two"])?;
                tx.one("SELECT a, b, c FROM v WHERE b = $2 AND a = $1", &values!["two", "one"])
            })
            .unwrap();
        assert_eq!(row.unwrap().values(), values!["two", "one", "two"]);
    });
}

#[test]
fn too_few_and_too_many_values_are_refused() {
    both_engines(|store| {
        for values in [values!["a"].to_vec(), values!["a", "b", "c"].to_vec()] {
            let sql = "SELECT CAST($1 AS TEXT), CAST($2 AS TEXT)";
            let error = store.read_blocking(move |tx| tx.all(sql, &values)).unwrap_err();
            assert!(matches!(error, StoreError::Other { .. }), "{error:?}");
        }
    });
}

#[test]
fn a_zero_byte_in_text_is_refused_alike_and_not_repeated() {
    both_engines(|store| {
        let values = values!["secret\0"];
        let error = store.read_blocking(move |tx| tx.all("SELECT CAST($1 AS TEXT)", &values)).unwrap_err();
        assert!(matches!(error, StoreError::Type { .. }), "{error:?}");
        assert!(!error.to_string().contains("secret"));
    });
}

#[test]
fn flags_and_casts_come_back_as_numbers() {
    both_engines(|store| {
        let sql = "SELECT EXISTS (SELECT 1), CAST(SUM(n) AS BIGINT), COUNT(*) FROM (SELECT 2 AS n) AS t";
        let row = store.read_blocking(move |tx| tx.one(sql, &[])).unwrap().unwrap();
        assert!(row.get::<bool>(0).unwrap());
        assert_eq!((row.get::<i64>(1), row.get::<i64>(2)), (Ok(2), Ok(1)));
    });
}
