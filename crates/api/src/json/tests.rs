use super::*;
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Complaint,
    Repair,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Sample {
    kind: Kind,
    text: String,
    count: Option<u8>,
    #[serde(default)]
    parts: Vec<Part>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Part {
    amount: i64,
}

#[track_caller]
fn refused(body: impl AsRef<[u8]>) -> (u16, String, String, String) {
    let problem = parse::<Sample>(body.as_ref()).expect_err("must be refused");
    let field = problem.fields.first();
    let path = field.map(|field| field.path.clone()).unwrap_or_default();
    let code = field.map(|field| field.code.to_string()).unwrap_or_default();
    (problem.status.as_u16(), problem.code.to_string(), path, code)
}

/// Bad input (issue 3): each fault has its own code and its place.
#[test]
fn every_fault_is_named_with_its_place() {
    let deep = format!(r#"{{"kind":{}1{}}}"#, "[".repeat(40), "]".repeat(40));
    let long = format!(r#"{{"kind":"complaint","text":"{}"}}"#, "长".repeat(MAX_TEXT));
    let cases: Vec<(&[u8], u16, &str, &str, &str)> = vec![
        (b"", 400, "empty_body", "", ""),
        (b" \n", 400, "empty_body", "", ""),
        (b"{", 400, "invalid_json", "", ""),
        (b"{} {}", 400, "invalid_json", "", ""),
        (b"{\"kind\":1e999}", 400, "invalid_json", "", ""),
        (b"{\"kind\":\"\\ud800\"}", 400, "invalid_json", "", ""),
        (b"{\"kind\":\"\xff\"}", 400, "invalid_utf8", "", ""),
        (b"[]", 422, "invalid_body", "", "wrong_type"),
        (b"[\"repair\",\"x\",null,[]]", 422, "invalid_body", "", "wrong_type"),
        (b"null", 422, "invalid_body", "", "wrong_type"),
        (b"{}", 422, "invalid_body", "kind", "missing_field"),
        (b"{\"kind\":\"complaint\"}", 422, "invalid_body", "text", "missing_field"),
        (b"{\"kind\":\"x\",\"text\":\"\"}", 422, "invalid_body", "kind", "unknown_value"),
        (b"{\"kind\":7,\"text\":\"\"}", 422, "invalid_body", "kind", "wrong_type"),
        (b"{\"kind\":\"repair\",\"text\":7}", 422, "invalid_body", "text", "wrong_type"),
        (b"{\"kind\":\"repair\",\"text\":\"\",\"x\":1}", 422, "invalid_body", "x", "unknown_field"),
        (b"{\"kind\":\"repair\",\"kind\":\"repair\"}", 422, "invalid_body", "kind", "duplicate_key"),
        (b"{\"kind\":\"repair\",\"text\":\"\",\"count\":256}", 422, "invalid_body", "count", "out_of_range"),
        (b"{\"kind\":\"repair\",\"text\":\"\",\"count\":-1}", 422, "invalid_body", "count", "out_of_range"),
        (b"{\"kind\":\"repair\",\"text\":\"\",\"count\":1.5}", 422, "invalid_body", "count", "wrong_type"),
        (b"{\"kind\":\"repair\",\"text\":\"a\\u0000\"}", 422, "invalid_body", "text", "control_character"),
        (b"{\"kind\":\"repair\",\"text\":\"\\u0085\"}", 422, "invalid_body", "text", "control_character"),
        (
            b"{\"kind\":\"repair\",\"text\":\"\",\"parts\":[{\"amount\":1},{\"amount\":\"1\"}]}",
            422,
            "invalid_body",
            "parts[1].amount",
            "wrong_type",
        ),
        (
            b"{\"kind\":\"repair\",\"text\":\"\",\"parts\":[{\"amount\":1,\"y\":2}]}",
            422,
            "invalid_body",
            "parts[0].y",
            "unknown_field",
        ),
        (long.as_bytes(), 422, "invalid_body", "text", "too_long"),
    ];
    for (body, status, code, path, field) in cases {
        let shown = String::from_utf8_lossy(body).chars().take(80).collect::<String>();
        let expected = (status, code.to_owned(), path.to_owned(), field.to_owned());
        assert_eq!(refused(body), expected, "{shown}");
    }
    assert_eq!(refused(deep).3, "too_deep");
}

/// Bad input (issue 3): what is right passes, line breaks and whole floats too.
#[test]
fn what_is_right_passes() {
    let body = r#"{"kind":"complaint","text":"漏水\r\n\t3天","count":3.0,"parts":[{"amount":-1}]}"#;
    let sample: Sample = parse(body.as_bytes()).expect("right");
    assert_eq!((sample.kind, sample.count), (Kind::Complaint, Some(3)));
    assert_eq!(sample.parts, [Part { amount: -1 }]);
    let absent: Sample = parse(br#"{"kind":"repair","text":"","count":null}"#).expect("null is absent");
    assert_eq!(absent.count, None);
}

/// Bad input (issue 3): domain types say their own code.
#[test]
fn a_time_without_offset_says_so() {
    #[derive(Debug, Deserialize)]
    struct Dated {
        #[expect(dead_code, reason = "only its reading matters")]
        at: huiyin_domain::time::Timestamp,
    }
    for (at, code) in [
        ("2026-10-01T09:00:00", "time_malformed"),
        ("0000-01-01T00:00:00Z", "time_out_of_range"),
        ("9999-12-31T23:59:59Z", "time_out_of_range"),
        ("yesterday", "time_malformed"),
    ] {
        let problem = parse::<Dated>(format!(r#"{{"at":"{at}"}}"#).as_bytes()).expect_err("refused");
        assert_eq!((problem.fields[0].path.as_str(), problem.fields[0].code.as_ref()), ("at", code), "{at}");
    }
}

proptest! {
    /// Bad input (issue 3): no bytes make the reader panic.
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse::<Sample>(&bytes);
    }

    /// Bad input (issue 3): what serde_json writes is read as it was.
    #[test]
    fn reading_keeps_every_value(names in proptest::collection::btree_map("[a-z]{1,5}", any::<i64>(), 0..10)) {
        let text = serde_json::to_vec(&names).expect("map");
        let value: std::collections::BTreeMap<String, i64> = parse(&text).expect("read");
        prop_assert_eq!(value, names);
    }
}
