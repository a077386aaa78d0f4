//! Fact sheets: fields, values, changes.

use super::values;
use crate::knowledge::fact::{Schema, Values, changes};

/// PROP-2, PROP-3, PROP-4, PROP-5: the sheet has what the sources list, each section
/// with its source and a required field.
#[test]
fn the_sheet_has_every_section_of_the_source() {
    let schema = Schema::shipped();
    let sources: Vec<&str> =
        schema.sections.iter().flat_map(|section| &section.source).map(String::as_str).collect();
    assert_eq!(sources, ["PROP-2", "PROP-3", "PROP-4", "PROP-5", "PROP-5"]);
    assert!(schema.sections.iter().all(|section| section.fields.iter().any(|field| field.required)));
    for name in [
        "address",
        "land_area",
        "floor_area",
        "plot_ratio",
        "households",
        "parking_spaces",
        "building_type",
        "fee_high_rise",
        "fee_housekeeping",
        "fee_water",
        "fee_parking_month",
        "fee_clubhouse",
        "parking",
        "education",
        "commerce",
        "medical",
        "entertainment",
        "security",
        "transport",
        "other_facilities",
        "phone_desk",
        "laws",
        "contract",
    ] {
        assert!(schema.field(name).is_some(), "{name}");
    }
}

/// PROP-6: what a required field lacks is named, and nothing else.
#[test]
fn a_sheet_without_a_required_field_says_what_is_missing() {
    let schema = Schema::shipped();
    let mut all: Values = schema
        .fields()
        .filter(|field| field.required)
        .map(|field| (field.name.clone(), "1".into()))
        .collect();
    assert!(schema.missing(&all).is_empty());
    all.remove("households");
    let missing: Vec<(&str, &str)> =
        schema.missing(&all).iter().map(|(section, field)| (&*section.name, &*field.name)).collect();
    assert_eq!(missing, [("overview", "households")]);
}

/// PROP-1, bad input: a value has its type's one way of writing, or its fault.
#[test]
fn a_value_is_written_as_its_type_says() {
    let schema = Schema::shipped();
    let written = |field: &str, text: &str| schema.field(field).unwrap().written(text);
    assert_eq!(written("fee_parking_month", " ¥320元 ").as_deref(), Ok("320.00"));
    assert_eq!(written("land_area", "0046800.50").as_deref(), Ok("46800.5"));
    assert_eq!(written("desk_hours", "08:30—12:00，14:00-18:00").as_deref(), Ok("08:30-12:00 14:00-18:00"));
    assert_eq!(written("phone_desk", "0999-6001088").as_deref(), Ok("0999-6001088"));
    assert_eq!(written("handed_over", "2014-06-30").as_deref(), Ok("2014-06-30"));
    for (field, text, code) in [
        ("fee_parking_month", "三百", "invalid_amount"),
        ("land_area", "1e9", "invalid_number"),
        ("land_area", "1.23456", "invalid_number"),
        ("land_area", "-1", "invalid_number"),
        ("desk_hours", "早到晚", "invalid_hours"),
        ("desk_hours", "", "text_length"),
        ("phone_desk", "见公告", "invalid_phone"),
        ("handed_over", "2014-02-30", "invalid_date"),
        ("address", " ", "text_length"),
        ("address", "a\u{0}b", "control_character"),
    ] {
        assert_eq!(written(field, text), Err(code), "{field} {text:?}");
    }
    let said = |field: &str, value: &str, english| schema.field(field).unwrap().said(value, english);
    assert_eq!(said("fee_parking_month", "320.00", false), "320.00元/月");
    assert_eq!(said("households", "1026", true), "1026 households");
}

/// PROP-1: a schema of the house's own is read, or its fault is named.
#[test]
fn a_schema_is_read_or_refused() {
    let one = "[[section]]\nname='a'\nlabel={zh='甲',en='A'}\nsource=[]\n[[section.field]]\nname='b'\n\
               label={zh='乙',en='B'}\ntype='text'\n";
    assert_eq!(Schema::read(one).unwrap().fields().count(), 1);
    let twice = one.replace("name='b'", "name='a'");
    assert!(Schema::read(&twice).unwrap_err().to_string().contains("given twice"));
    assert!(Schema::read(&one.replace("name='b'", "name='B!'")).is_err());
    assert!(Schema::read("section = 1").is_err());
}

/// PROP-8: a change says what stood there and what stands there.
#[test]
fn a_change_of_a_sheet_is_told_field_by_field() {
    let told = changes(&values(&[("a", "1"), ("b", "2")]), &values(&[("b", "3"), ("c", "4")]));
    let told: Vec<(&str, Option<&str>, Option<&str>)> = told
        .iter()
        .map(|change| (&*change.field, change.before.as_deref(), change.after.as_deref()))
        .collect();
    assert_eq!(told, [("a", Some("1"), None), ("b", Some("2"), Some("3")), ("c", None, Some("4"))]);
}
