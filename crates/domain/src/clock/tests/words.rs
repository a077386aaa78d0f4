use crate::clock::{ClockKind, LimitError, LimitRule, Terms, Warn};
use proptest::prelude::*;

/// the words of a pack's limits, in the singular and the plural.
#[test]
fn limits_are_read() {
    let cases = [
        ("end of same day", LimitRule::EndOfSameDay),
        ("end of same working day", LimitRule::EndOfSameWorkingDay),
        ("2 working days", LimitRule::WorkingDays(2)),
        ("1 working day", LimitRule::WorkingDays(1)),
        ("7 days", LimitRule::Days(7)),
        ("1 week", LimitRule::Days(7)),
        ("24 h", LimitRule::Duration(86_400)),
        ("24h", LimitRule::Duration(86_400)),
        ("15 min", LimitRule::Duration(900)),
        ("16 business hours", LimitRule::BusinessTime(57_600)),
        ("90 business min", LimitRule::BusinessTime(5_400)),
    ];
    for (words, rule) in cases {
        assert_eq!(words.parse(), Ok(rule), "{words}");
    }
}

/// the words of a pack's warnings.
#[test]
fn warnings_are_read() {
    assert_eq!("2 h before".parse(), Ok(Warn::Duration(7_200)));
    assert_eq!("1 working day before".parse(), Ok(Warn::WorkingDays(1)));
    assert_eq!("4 business hours before".parse(), Ok(Warn::BusinessTime(14_400)));
    assert_eq!("1 day before".parse(), Ok(Warn::Days(1)));
    for wrong in ["2 h", "2 h after", "before", "end of same day before", ""] {
        assert!(wrong.parse::<Warn>().is_err(), "{wrong}");
    }
}

/// a misspelt limit is refused with the words that come nearest.
#[test]
fn near_matches_are_named() {
    let near = |words: &str| match words.parse::<LimitRule>() {
        Err(LimitError::Unknown { near, .. }) => near[0].clone(),
        other => panic!("{words}: {other:?}"),
    };
    assert_eq!(near("2 workingdays"), "\"2 working days\"");
    assert_eq!(near("1 workin day"), "\"1 working day\"");
    assert_eq!(near("end of sameday"), "\"end of same day\"");
    assert_eq!(near("end of the same working day"), "\"end of same working day\"");
    assert_eq!(near("16 bussiness hours"), "\"16 business hours\"");
    let warn = "1 workin day before".parse::<Warn>().unwrap_err();
    assert!(warn.to_string().contains("did you mean \"1 working day before\""), "{warn}");
}

/// nothing, and more than ten years, is no limit.
#[test]
fn limits_have_a_range() {
    for wrong in
        ["0 working days", "2601 working days", "0 h", "999999 weeks", "99999999999999 days", "4294967295 h"]
    {
        let error = wrong.parse::<LimitRule>().unwrap_err();
        assert!(matches!(error, LimitError::OutOfRange { .. }), "{wrong}: {error}");
    }
    for wrong in ["-1 working days", "1.5 h", "two days", "", "１ day"] {
        assert!(matches!(wrong.parse::<LimitRule>(), Err(LimitError::Unknown { .. })), "{wrong}");
    }
}

/// a clock of a pack is read as its author writes it.
#[test]
fn terms_are_read() {
    let text = "kind = \"reply\"\ndue = \"end of same day\"\nwarn = \"2 h before\"\nsource = [\"PROP-79\", \"X-3\"]\n";
    let terms: Terms = toml::from_str(text).unwrap();
    assert_eq!((terms.kind, terms.due, terms.pausable), (ClockKind::Reply, LimitRule::EndOfSameDay, false));
    assert!(toml::from_str::<Terms>(&text.replace("warn", "warning")).is_err());
    for kind in ClockKind::ALL {
        assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.word()));
    }
}

pub(super) fn any_rule() -> impl Strategy<Value = LimitRule> {
    prop_oneof![
        Just(LimitRule::EndOfSameDay),
        Just(LimitRule::EndOfSameWorkingDay),
        (1_u32..40).prop_map(LimitRule::WorkingDays),
        (1_u32..40).prop_map(LimitRule::Days),
        (1_u32..400_000).prop_map(LimitRule::BusinessTime),
        (1_u32..2_000_000).prop_map(LimitRule::Duration),
    ]
}

proptest! {
    /// a limit and a warning are written as they are read.
    #[test]
    fn words_round_trip(rule in any_rule()) {
        prop_assert_eq!(rule.to_string().parse(), Ok(rule));
        let warn = format!("{rule} before").parse::<Warn>();
        prop_assert_eq!(warn.map(|warn| warn.to_string()).ok(), match rule {
            LimitRule::EndOfSameDay | LimitRule::EndOfSameWorkingDay => None,
            _ => Some(format!("{rule} before")),
        });
    }

    /// any text is read or refused, never a panic, and the error stays short.
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,400}") {
        if let Err(error) = text.parse::<LimitRule>() {
            prop_assert!(error.to_string().chars().count() < 2_000);
        }
        let warn = (text + "!").parse::<Warn>();
        prop_assert!(warn.is_err());
    }
}
