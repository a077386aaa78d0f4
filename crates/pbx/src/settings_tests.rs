use super::*;

const ASTERISK: &str = r#"
kind = "asterisk"
url = "http://127.0.0.1:8088"
user = "huiyin"
secret_file = "pbx.secret"
[[line]]
name = "carrier"
[[line]]
name = "spare"
dial = "PJSIP/9{}@spare"
caller_id = "4001"
"#;

/// CALL-5: a number outside may go over each line in turn, or over one.
#[test]
fn numbers_go_over_the_lines_in_their_order() {
    let settings = PbxSettings::parse(ASTERISK).unwrap();
    let number =
        |trunk: Option<&str>| Target::Number { number: "13800138000".into(), trunk: trunk.map(Into::into) };
    let dials = |target: &Target| -> Vec<String> {
        settings.ways(target).unwrap().into_iter().map(|way| way.dial).collect()
    };
    assert_eq!(dials(&number(None)), ["PJSIP/13800138000@carrier", "PJSIP/913800138000@spare"]);
    assert_eq!(dials(&number(Some("spare"))), ["PJSIP/913800138000@spare"]);
    assert_eq!(settings.ways(&number(Some("gone"))), Err(Cause::Unreachable));
    assert_eq!(dials(&Target::Extension("1001".into())), ["PJSIP/1001"]);
}

/// CALL-5: what somebody types can never become a second dial string.
#[test]
fn signs_that_mean_something_to_a_pbx_are_refused() {
    let settings = PbxSettings::parse(ASTERISK).unwrap();
    for bad in ["1001&PJSIP/0900", "1,2", "a b", "", "1|2", "${x}", "1\n2", "{x=y}1", "１２"] {
        assert_eq!(settings.ways(&Target::Extension(bad.into())), Err(Cause::NotFound), "{bad}");
        let number = Target::Number { number: bad.into(), trunk: None };
        assert_eq!(settings.ways(&number), Err(Cause::NotFound), "{bad}");
    }
}

/// CALL-5: wrong settings say which field is wrong.
#[test]
fn wrong_settings_name_their_field() {
    for (from, to, field) in [
        ("http://127.0.0.1:8088", "127.0.0.1", "url"),
        ("http://127.0.0.1", "http://a:b@127.0.0.1", "url"),
        ("user = \"huiyin\"", "user = \"\"", "user"),
        ("PJSIP/9{}@spare", "PJSIP/9@spare", "dial"),
        ("name = \"spare\"", "name = \"a b\"", "line.name"),
        ("user =", "usr =", "usr"),
    ] {
        let fault = PbxSettings::parse(&ASTERISK.replace(from, to)).unwrap_err().to_string();
        assert!(fault.contains(field), "{fault}");
    }
}

/// CALL-5: the files of the settings are meant from their own folder.
#[test]
fn the_secret_is_read_beside_the_settings() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("pbx.toml"), ASTERISK).unwrap();
    let settings = PbxSettings::load(&folder.path().join("pbx.toml")).unwrap();
    assert!(settings.secret().unwrap_err().to_string().contains("pbx.secret"));
    std::fs::write(folder.path().join("pbx.secret"), " s3cret\n").unwrap();
    assert_eq!(settings.secret().unwrap(), "s3cret");
    std::fs::write(folder.path().join("pbx.secret"), "\n").unwrap();
    assert!(settings.secret().is_err());
}

/// CALL-5: the event socket is named by host and port.
#[test]
fn the_event_socket_has_host_and_port() {
    let text = "kind = \"freeswitch\"\nurl = \"tcp://[::1]:8021\"\nsecret_file = \"s\"";
    assert_eq!(PbxSettings::parse(text).unwrap().host_and_port(), Some(("::1", 8021)));
    assert!(PbxSettings::parse(&text.replace(":8021", "")).is_err());
}
