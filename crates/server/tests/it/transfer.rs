//! `huiyin import` and `huiyin export`, from the outside.

use huiyin_store::{Engine, StoreConfig};
use huiyin_testkit::engines::TestStore;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const MAP: &str = r#"
import = "cases"
source = "old-desk"
[columns]
id = "external_id"
time = { to = "received_at", formats = ["yyyy-MM-dd HH:mm"] }
text = "text"
type = "category"
name = "party_name"
[defaults]
kind = "complaint"
channel = "web"
"#;

const ROWS: &str = "id,time,text,type,name\n\
    1,2025-12-05 16:30,=1+1,equipment,林女士\n\
    2,2025-12-06 09:00,lamp broken,,\n\
    3,2025-12-06 09:00,lamp broken,no_such,\n\
    4,never,lamp broken,,\n";

/// A folder with table and mapping, and the flags that name the data.
struct Desk {
    folder: TempDir,
    place: Vec<String>,
    // dropped last: takes the schema away
    _store: Option<TestStore>,
}

impl Desk {
    fn on(engine: Engine) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (place, store) = match engine {
            Engine::Sqlite => {
                (vec!["--data".to_owned(), folder.path().join("data").display().to_string()], None)
            }
            Engine::Postgres => {
                let store = TestStore::empty(engine);
                let StoreConfig::Postgres(server) = store.config() else { panic!("not a server") };
                (vec!["--database-url".to_owned(), server.url.clone()], Some(store))
            }
        };
        let desk = Self { folder, place, _store: store };
        fs::write(desk.path("map.toml"), MAP).unwrap();
        fs::write(desk.path("rows.csv"), ROWS).unwrap();
        let files = desk.path("files");
        let mut admin = desk.command(&["admin", "create", "--login", "chen", "--password-stdin"]);
        admin.args(["--files", &files]).stdin(Stdio::piped());
        let mut child = admin.stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(b"four small windy boats\n").unwrap();
        assert!(child.wait_with_output().unwrap().status.success());
        desk
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_huiyin"));
        command.args(args).args(&self.place).env_remove("HUIYIN_DATA").env_remove("HUIYIN_DATABASE_URL");
        command
    }

    fn run(&self, args: &[&str]) -> (i32, String, String) {
        let Output { status, stdout, stderr } = self.command(args).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.code().unwrap(), text(stdout), text(stderr))
    }

    fn import(&self, more: &[&str]) -> (i32, String, String) {
        let (rows, map) = (self.path("rows.csv"), self.path("map.toml"));
        self.run(&[&["import", "cases", &rows, "--map", &map], more].concat())
    }
}

/// Issue 3 §7, contracts §4: counts, error file, exit codes, a second run, both engines.
#[test]
fn wrong_rows_are_told_in_a_file_and_the_rest_is_imported() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let desk = Desk::on(engine);
        let (code, out, _) = desk.import(&["--dry-run", "--lang", "en"]);
        assert_eq!(code, 1, "{engine:?}");
        assert!(out.starts_with("4 read, 2 would be imported, 0 already there, 2 wrong\n"), "{out}");
        let (code, out, _) = desk.import(&["--lang", "en"]);
        assert_eq!(code, 1);
        assert!(out.starts_with("4 read, 2 imported, 0 already there, 2 wrong\n"), "{out}");
        let errors = fs::read_to_string(desk.path("rows.csv.errors.csv")).unwrap();
        let lines: Vec<&str> = errors.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines[0], "line,column,code,reason,value");
        assert!(
            lines
                .iter()
                .any(|line| line.starts_with("4,type,unknown_category,") && line.ends_with(",no_such"))
        );
        assert!(lines.iter().any(|line| line.starts_with("5,time,not_a_time,")), "{lines:?}");
        let (code, out, _) = desk.import(&["--json"]);
        let told: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!((code, told["imported"].as_u64(), told["already_there"].as_u64()), (1, Some(0), Some(2)));
        let (code, table, _) = desk.run(&["export", "cases", "--format", "csv", "--output", "-"]);
        assert_eq!((code, table.lines().count()), (0, 3), "{table}");
        assert!(table.contains("reply_working_days") && !table.contains("林女士"), "{table}");
        assert!(table.contains(",'=1+1"), "a spreadsheet must not calculate it: {table}");
    }
}

/// Issue 3 §7
#[test]
fn a_clean_file_ends_with_zero_and_leaves_no_error_file() {
    let desk = Desk::on(Engine::Sqlite);
    let two: Vec<&str> = ROWS.lines().take(3).collect();
    fs::write(desk.path("rows.csv"), two.join("\n")).unwrap();
    let (code, out, _) = desk.import(&[]);
    assert_eq!((code, out.as_str()), (0, "2 read, 2 imported, 0 already there, 0 wrong\n"));
    assert!(!Path::new(&desk.path("rows.csv.errors.csv")).exists());
}

/// Issue 3 §7: what cannot be meant ends with 2 and imports nothing.
#[test]
fn wrong_usage_ends_with_two() {
    let desk = Desk::on(Engine::Sqlite);
    let (rows, map) = (desk.path("rows.csv"), desk.path("map.toml"));
    let (code, _, why) = desk.run(&["import", "units", &rows, "--map", &map]);
    assert_eq!(code, 2);
    assert!(why.contains("is a mapping for cases, not for units"), "{why}");
    fs::write(&map, MAP.replace("name = \"party_name\"\n", "")).unwrap();
    let (code, _, why) = desk.import(&["--lang", "en"]);
    assert_eq!(code, 2);
    assert!(why.contains("neither reads nor ignores column “name”"), "{why}");
    fs::write(&map, "import = \"cases\"\n[columns").unwrap();
    assert_eq!(desk.import(&[]).0, 2);
    assert_eq!(desk.run(&["import", "cases", &rows]).0, 2, "no mapping");
    let (code, _, why) =
        desk.run(&["export", "cases", "--format", "csv", "--output", "-", "--status", "nowhere"]);
    assert_eq!(code, 2, "{why}");
}

/// contracts §1: import refuses a folder in use with its address, export runs beside.
#[test]
fn a_running_server_keeps_imports_out_and_lets_exports_run() {
    let desk = Desk::on(Engine::Sqlite);
    assert_eq!(desk.import(&[]).0, 1);
    let lock = Path::new(&desk.path("data")).join("huiyin.lock");
    let mut held = fs::OpenOptions::new().write(true).truncate(true).open(lock).unwrap();
    held.lock().unwrap();
    writeln!(held, "process 7 at http://127.0.0.1:8080").unwrap();
    let (code, _, why) = desk.import(&[]);
    assert_eq!(code, 1);
    assert!(why.contains("in use by process 7 at http://127.0.0.1:8080"), "{why}");
    for format in ["csv", "xlsx", "jsonl"] {
        let file = desk.path(format);
        let args = ["export", "cases", "--format", format, "--output", &file, "--lang", "zh", "--personal"];
        let (code, _, why) = desk.run(&args);
        assert_eq!((code, why.lines().last()), (0, Some("2 cases")), "{why}");
        assert!(fs::metadata(file).unwrap().len() > 100);
    }
    let table = fs::read_to_string(desk.path("csv")).unwrap();
    assert!(table.contains("答复工作日数") && table.contains("林女士"), "{table}");
}
