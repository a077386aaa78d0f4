//! The call centre of the real binary: recorded calls, and what a sudden death leaves.

use crate::site::huiyin;
use serde_json::Value;

/// Runs the bench at a size that every machine carries; gives what it printed.
fn bench(words: &[&str]) -> Value {
    let output = huiyin(&["bench", "calls", "--json", "--chance", "0"]).args(words).output().unwrap();
    let why = String::from_utf8_lossy(&output.stderr).into_owned();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{why}"))
}

/// Issue 7: calls come through menu and queue to agents; no two are mixed up, and each has
/// its record and a recording that plays.
#[test]
fn calls_through_menu_and_queue_are_recorded() {
    let report =
        bench(&["--calls", "25", "--seconds", "3", "--rate", "20", "--set-ups", "0", "--crash", "0"]);
    let load = &report["loads"][0];
    assert_eq!(load["mixed_up"], 0, "{load}");
    assert!(load["packets"].as_u64().unwrap() > 5_000, "{load}");
    let records = &load["records"];
    assert_eq!(
        (&records["calls"], &records["answered"], &records["recorded"]),
        (&25.into(), &25.into(), &25.into()),
        "{records}"
    );
}

/// Issue 7: killed in the middle of 100 calls: after the restart agents register again and
/// are ready, call records end with a reason, recordings play, and a new call is answered.
#[test]
fn a_kill_in_the_middle_of_a_hundred_calls_loses_no_record() {
    let report = bench(&["--calls", "0", "--rate", "25", "--set-ups", "0", "--crash", "100"]);
    let crash = &report["crash"];
    let records = &crash["records"];
    assert_eq!((&records["results"]["lost"], &records["recorded"]), (&100.into(), &100.into()), "{crash}");
    assert_eq!(records["agents"]["ready"], 100, "{crash}");
    assert_eq!(crash["answers_again"], true, "{crash}");
}
