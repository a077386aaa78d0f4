//! `huiyin import`: rows become cases, units, households, people or posts.

use crate::command::admin::explained;
use crate::command::language::{Language, say};
use crate::command::migrate::open_current;
use crate::command::serve::app;
use crate::logs::{self, LogArgs};
use crate::outcome::{Found, Usage};
use crate::place::Place;
use crate::progress::Progress;
use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use huiyin_app::import::{self, Counts, ImportError, ImportRun, Watch, WrongRow};
use huiyin_app::{Actor, App};
use huiyin_domain::ids::OrgId;
use huiyin_i18n::{Locale, text};
use huiyin_store::people::organisation as rows;
use huiyin_tabular::source::Format;
use huiyin_tabular::{ErrorFile, ErrorLine, FileError, Mapping, WriteOptions};
use std::io::Write as _;
use std::path::PathBuf;

/// What to import, from which file, by which mapping.
#[derive(Debug, Args)]
pub struct Import {
    /// What the rows are
    kind: Kind,
    /// CSV, XLSX or JSON Lines, plain or gzip
    file: PathBuf,
    /// Mapping file: what each column becomes (docs/how-to/import.md)
    #[arg(long, value_name = "MAP.toml")]
    map: PathBuf,
    /// Check every row, write nothing
    #[arg(long)]
    dry_run: bool,
    /// Where wrong rows are told, as CSV; FILE.errors.csv when not said
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
    /// Language of the reasons
    #[arg(long, value_enum, default_value = "zh")]
    lang: Language,
    /// Print the counts as JSON
    #[arg(long)]
    json: bool,
    /// Code of the organisation; the only one when not said
    #[arg(long, value_name = "CODE")]
    org: Option<String>,
    #[command(flatten)]
    place: Place,
}

/// The kinds of import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Cases with their history
    Cases,
    /// The tree of the organisation
    Units,
    /// Rooms and who lives there
    Households,
    /// Staff with logins and posts
    People,
    /// Complaints on public pages, with the heat of their threads
    Posts,
}

impl Kind {
    const fn import(self) -> huiyin_tabular::Import {
        match self {
            Self::Cases => huiyin_tabular::Import::Cases,
            Self::Units => huiyin_tabular::Import::Units,
            Self::Households => huiyin_tabular::Import::Households,
            Self::People => huiyin_tabular::Import::People,
            Self::Posts => huiyin_tabular::Import::Posts,
        }
    }
}

/// Imports a file and prints what came of it.
///
/// # Errors
/// [`Found`] when some rows are wrong, [`Usage`] when file and mapping do not
/// fit, else when the folder is in use or the database fails.
pub fn run(args: &Import, logs: &LogArgs) -> anyhow::Result<()> {
    logs::start(logs).map_err(Usage)?;
    let settled = args.place.settle_database()?;
    let mapping = mapping(args)?;
    let _claim = settled.claim()?;
    let store = open_current(&settled)?;
    let app = app(&store)?;
    let done = within(args, &app, &mapping);
    store.close();
    let (counts, errors) = done?;
    print(args, &counts, errors.as_deref())?;
    if counts.wrong > 0 { bail!(Found) } else { Ok(()) }
}

fn mapping(args: &Import) -> anyhow::Result<Mapping> {
    let locale = args.lang.locale();
    let mapping = Mapping::load(&args.map).map_err(|fault| {
        let words = say(locale, fault.code.code(), &fault.params);
        Usage(format!("{}:{}: {words}", fault.file, fault.line))
    })?;
    let (asked, said) = (args.kind.import().as_str(), mapping.import().as_str());
    if asked != said {
        bail!(Usage(format!("{} is a mapping for {said}, not for {asked}", args.map.display())));
    }
    Ok(mapping)
}

/// Runs the import inside the organisation that is meant.
fn within(args: &Import, app: &App, mapping: &Mapping) -> anyhow::Result<(Counts, Option<PathBuf>)> {
    let actor = Actor::command_line(organisation_of(app, args.org.clone())?);
    let unfit = |error: FileError| Usage(format!("{}: {}", args.file.display(), in_words(&error, args)));
    let mut rows = mapping.open(&args.file).map_err(unfit)?;
    let mut watch = Telling::new(args, mapping);
    let run = ImportRun { app, actor: &actor, mapping, dry_run: args.dry_run };
    let ended = import::run(&run, &mut rows, &mut watch);
    // what was found before the run broke off is kept too
    let errors = watch.finish()?;
    match ended {
        Ok(counts) => Ok((counts, errors)),
        Err(ImportError::File(error)) => bail!("{}: {}", args.file.display(), in_words(&error, args)),
        Err(ImportError::App(error)) => Err(explained(&error)),
    }
}

fn in_words(error: &FileError, args: &Import) -> String {
    say(args.lang.locale(), error.code(), &error.params())
}

/// Finds the organisation that a command means.
///
/// # Errors
/// [`Usage`] when there is none of that code, or several and none is named;
/// it lists those that are there.
pub fn organisation_of(app: &App, code: Option<String>) -> anyhow::Result<OrgId> {
    let known = app.store.read_blocking(rows::all)?;
    let listed = || known.iter().map(|org| org.code.as_str()).collect::<Vec<_>>().join(", ");
    match (code, known.as_slice()) {
        (_, []) => bail!("there is no organisation yet; make one with `huiyin admin create`"),
        (None, [only]) => Ok(only.org),
        (None, _) => {
            bail!(Usage(format!("several organisations are here, name one with --org: {}", listed())))
        }
        (Some(code), _) => match known.iter().find(|org| org.code == code) {
            Some(found) => Ok(found.org),
            None => bail!(Usage(format!("--org: there is no organisation {code}, but: {}", listed()))),
        },
    }
}

/// Writes the error file and shows how far the run is.
struct Telling {
    path: PathBuf,
    locale: Locale,
    file: ErrorFile,
    progress: Progress,
}

impl Telling {
    fn new(args: &Import, mapping: &Mapping) -> Self {
        let path = args.errors.clone().unwrap_or_else(|| {
            let mut name = args.file.clone().into_os_string();
            name.push(".errors.csv");
            PathBuf::from(name)
        });
        let mut options = WriteOptions::new(Format::Csv, mapping.zone().clone());
        // it is read in a spreadsheet more often than anywhere else
        options.byte_order_mark = true;
        let locale = args.lang.locale();
        let reason =
            Box::new(move |error: &huiyin_tabular::CellError| say(locale, error.code.code(), &error.params));
        let file = ErrorFile::new(&path, options, reason);
        Self { path, locale, file, progress: Progress::counting("rows") }
    }

    /// Ends the error file; gives its name when something is in it.
    fn finish(self) -> anyhow::Result<Option<PathBuf>> {
        self.progress.end();
        let lines = self.file.finish();
        let lines = lines.with_context(|| format!("cannot write {}", self.path.display()))?;
        Ok((lines > 0).then_some(self.path))
    }
}

impl Watch for Telling {
    fn wrong(&mut self, wrong: &WrongRow) -> Result<(), FileError> {
        let reason = text(self.locale, &wrong.code, &wrong.params);
        self.file.write_line(&ErrorLine {
            line: wrong.line,
            column: &wrong.column,
            code: &wrong.code,
            reason: &reason,
            excerpt: &wrong.excerpt,
        })
    }

    fn progress(&mut self, counts: &Counts) {
        self.progress.done(counts.read, None);
    }
}

fn print(args: &Import, counts: &Counts, errors: Option<&std::path::Path>) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if args.json {
        let mut told = serde_json::to_value(counts)?;
        told["dry_run"] = args.dry_run.into();
        told["errors"] = errors.map(|path| path.display().to_string()).into();
        writeln!(out, "{told}")?;
        return Ok(());
    }
    let Counts { read, imported, already_there, wrong } = counts;
    let done = if args.dry_run { "would be imported" } else { "imported" };
    writeln!(out, "{read} read, {imported} {done}, {already_there} already there, {wrong} wrong")?;
    if let Some(path) = errors {
        writeln!(out, "wrong rows: {}", path.display())?;
    }
    Ok(())
}
