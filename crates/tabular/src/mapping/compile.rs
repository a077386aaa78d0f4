//! Checks a mapping file and makes a [`Mapping`] of it.

use super::convert::Reading;
use super::fault::{MappingCode as Code, MappingError, Place};
use super::file::{ColumnSpec, MappingFile, Scalar};
use super::moment::{self, TimeFormat};
use super::target::{Field, MappedValue, Shape, Target, is_name};
use super::{ColumnPlan, Mapping};
use crate::source::{ReadOptions, SourceCell};
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

/// Zone of times where the mapping names none.
const DEFAULT_ZONE: &str = "Asia/Shanghai";

/// Longest text of an extra, in bytes.
const EXTRA_BYTES: usize = 65_536;

/// Checks everything that can be known before the first row.
pub(super) fn compile(place: &Place<'_>) -> Result<Mapping, MappingError> {
    let file: MappingFile = toml::from_str(place.text).map_err(|error| place.syntax(&error))?;
    let mut compiler =
        Compiler { place, zone: zone(place, &file)?, used: BTreeSet::new(), seen: BTreeSet::new() };
    source(place, &file.source)?;
    let mut columns = Vec::with_capacity(file.columns.len());
    for (name, spec) in &file.columns {
        columns.push(compiler.column(&file, name, spec)?);
    }
    let defaults = compiler.defaults(&file)?;
    let required = compiler.required(&file, &defaults)?;
    compiler.tables(&file)?;
    compiler.ignored(&file)?;
    let ignore: BTreeSet<String> = file.ignore.iter().map(|name| name.get_ref().clone()).collect();
    Ok(Mapping {
        import: file.import,
        source: file.source.into_inner(),
        ignores_rest: ignore.contains("*"),
        zone: compiler.zone,
        options: ReadOptions {
            format: file.file.format,
            encoding: file.file.encoding,
            delimiter: file.file.delimiter.map(super::file::Delimiter::byte),
            sheet: file.file.sheet,
            header_line: file.file.header_line.map(|line| u64::from(line.get())),
            limits: crate::source::Limits::default(),
        },
        columns,
        defaults,
        required,
        ignore,
    })
}

/// Finds the time zone.
fn zone(place: &Place<'_>, file: &MappingFile) -> Result<TimeZone, MappingError> {
    let (name, at) = match &file.zone {
        Some(name) => (name.get_ref().as_str(), name.span().start),
        None => (DEFAULT_ZONE, 0),
    };
    let known = ["Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Taipei", "UTC"];
    TimeZone::get(name).map_err(|_| place.misnamed(at, Code::BadZone, name, known.into_iter()))
}

/// Checks the name of the source, which is part of every external id.
fn source(place: &Place<'_>, source: &Spanned<String>) -> Result<(), MappingError> {
    let name = source.get_ref();
    if is_name(&name.replace('-', "_")) {
        return Ok(());
    }
    let message = format!("source \"{name}\" must be 1 to 64 lower-case letters, digits, \"-\" or \"_\"");
    Err(place.fault(source.span().start, Code::BadSource, message).with("name", name))
}

/// What is known while the columns are gone through.
struct Compiler<'a> {
    place: &'a Place<'a>,
    zone: TimeZone,
    /// Value tables that a column reads.
    used: BTreeSet<String>,
    /// Targets that a column gives.
    seen: BTreeSet<Target>,
}

impl Compiler<'_> {
    /// Checks one column.
    fn column(
        &mut self,
        file: &MappingFile,
        name: &str,
        spec: &Spanned<ColumnSpec>,
    ) -> Result<ColumnPlan, MappingError> {
        let (at, spec) = (spec.span().start, &spec.get_ref().0);
        if spec.to.is_empty() {
            return Err(self.place.misnamed(at, Code::UnknownTarget, "", std::iter::empty()));
        }
        let mut targets = Vec::with_capacity(spec.to.len());
        for to in &spec.to {
            let target = self.target(file, to, at)?;
            if !self.seen.insert(target.clone()) {
                let message = format!("two columns become \"{target}\"");
                return Err(self.place.fault(at, Code::DuplicateTarget, message).with("name", &target));
            }
            let reading = self.reading(file, &target, spec, at)?;
            let default = match &spec.default {
                Some(value) => Some(self.default(&target, reading.shape, value, at)?),
                None => None,
            };
            targets.push(super::TargetPlan { target, reading, default });
        }
        let (is_required, may_be_absent) = (spec.required, spec.may_be_absent);
        Ok(ColumnPlan { name: name.to_owned(), targets, is_required, may_be_absent })
    }

    /// Finds a target of this import by its name.
    fn target(&self, file: &MappingFile, name: &str, at: usize) -> Result<Target, MappingError> {
        let known =
            Field::ALL.iter().filter(|field| field.belongs_to(file.import)).map(|field| field.as_str());
        match Target::parse(name) {
            None => Err(self.place.misnamed(at, Code::UnknownTarget, name, known)),
            Some(Target::Known(field)) if !field.belongs_to(file.import) => {
                let import = file.import.as_str();
                let message = format!("\"{name}\" is no target of an import of {import}");
                Err(self
                    .place
                    .fault(at, Code::WrongImport, message)
                    .with("name", name)
                    .with("import", import))
            }
            Some(target) => Ok(target),
        }
    }

    /// Says how the cells of a column are read for one target.
    fn reading(
        &mut self,
        file: &MappingFile,
        target: &Target,
        spec: &super::file::ColumnTable,
        at: usize,
    ) -> Result<Reading, MappingError> {
        let (shape, max_bytes) = match target {
            Target::Known(field) => (field.shape(), field.max_bytes()),
            Target::Extra(_) => (spec.shape.unwrap_or(Shape::Text), EXTRA_BYTES),
        };
        let is_timely = matches!(shape, Shape::Time | Shape::Date);
        let is_list = matches!(shape, Shape::List | Shape::Choices | Shape::Phones);
        let wrong = match spec {
            spec if spec.shape.is_some_and(|given| given != shape) => Some("type"),
            // one column may become a time and something else
            spec if !spec.formats.is_empty() && !is_timely && spec.to.len() == 1 => Some("formats"),
            spec if spec.separator.is_some() && !is_list => Some("separator"),
            spec if spec.separator.as_deref() == Some("") => Some("separator"),
            spec if spec.values.is_some() && is_timely => Some("values"),
            _ => None,
        };
        if let Some(setting) = wrong {
            let message = format!("\"{setting}\" does not apply to \"{target}\"");
            let error = self.place.fault(at, Code::NotApplicable, message);
            return Err(error.with("setting", setting).with("name", target));
        }
        Ok(Reading {
            shape,
            formats: self.formats(shape, &spec.formats, at)?,
            values: self.table(file, target, spec.values.as_deref(), at)?,
            separator: spec.separator.clone(),
            max_bytes,
        })
    }

    /// Reads the time formats, or gives the usual ones.
    fn formats(&self, shape: Shape, given: &[String], at: usize) -> Result<Vec<TimeFormat>, MappingError> {
        let usual = match shape {
            Shape::Time => moment::TIMES,
            Shape::Date => moment::DATES,
            _ => return Ok(Vec::new()),
        };
        let names: Vec<&str> =
            if given.is_empty() { usual.to_vec() } else { given.iter().map(String::as_str).collect() };
        let read = |name: &&str| {
            TimeFormat::parse(name).map_err(|reason| {
                let message = format!("time format \"{name}\": {reason}");
                self.place.fault(at, Code::BadFormat, message).with("format", name).with("reason", reason)
            })
        };
        names.iter().map(read).collect()
    }

    /// Finds the value table: by name, else the one that is named like the target.
    fn table(
        &mut self,
        file: &MappingFile,
        target: &Target,
        named: Option<&str>,
        at: usize,
    ) -> Result<Option<BTreeMap<String, String>>, MappingError> {
        let own = target.to_string();
        let name = named.unwrap_or(&own);
        let Some(table) = file.values.get(name) else {
            let names = file.values.keys().map(String::as_str);
            return match named {
                Some(name) => Err(self.place.misnamed(at, Code::UnknownTable, name, names)),
                None => Ok(None),
            };
        };
        self.used.insert(name.to_owned());
        Ok(Some(table.get_ref().iter().map(|(from, to)| (from.clone(), to.0.clone())).collect()))
    }

    /// Reads a default; value tables do not apply to it.
    fn default(
        &self,
        target: &Target,
        shape: Shape,
        value: &Scalar,
        at: usize,
    ) -> Result<MappedValue, MappingError> {
        let max_bytes = match target {
            Target::Known(field) => field.max_bytes(),
            Target::Extra(_) => EXTRA_BYTES,
        };
        let formats = self.formats(shape, &[], at)?;
        let reading = Reading { shape, formats, values: None, separator: None, max_bytes };
        match reading.read(&SourceCell::Text(value.0.clone()), &self.zone) {
            Ok(Some(read)) => Ok(read),
            outcome => {
                let reason = outcome.err().map_or("empty", |refusal| refusal.code.code());
                let message = format!("default \"{}\" of \"{target}\": {reason}", value.0);
                let error = self.place.fault(at, Code::BadDefault, message);
                Err(error.with("value", &value.0).with("name", target).with("reason", reason))
            }
        }
    }

    /// Reads the defaults of targets.
    fn defaults(&self, file: &MappingFile) -> Result<BTreeMap<Target, MappedValue>, MappingError> {
        let mut defaults = BTreeMap::new();
        for (name, value) in &file.defaults {
            let at = value.span().start;
            let target = self.target(file, name, at)?;
            let shape = if let Target::Known(field) = &target { field.shape() } else { Shape::Text };
            let read = self.default(&target, shape, value.get_ref(), at)?;
            defaults.insert(target, read);
        }
        Ok(defaults)
    }

    /// Lists what every row needs, and checks that the mapping can give it.
    fn required(
        &self,
        file: &MappingFile,
        defaults: &BTreeMap<Target, MappedValue>,
    ) -> Result<BTreeSet<Target>, MappingError> {
        let needed = Field::ALL.iter().filter(|field| field.is_required_by(file.import));
        let mut required: BTreeMap<Target, usize> = needed.map(|field| (Target::Known(*field), 0)).collect();
        for name in &file.required {
            let at = name.span().start;
            required.insert(self.target(file, name.get_ref(), at)?, at);
        }
        for (target, at) in &required {
            if !self.seen.contains(target) && !defaults.contains_key(target) {
                let message = format!("no column and no default gives \"{target}\", which every row needs");
                return Err(self.place.fault(*at, Code::MissingTarget, message).with("name", target));
            }
        }
        Ok(required.into_keys().collect())
    }

    /// Refuses value tables that nothing reads: mostly a misspelt name.
    fn tables(&self, file: &MappingFile) -> Result<(), MappingError> {
        let Some((name, table)) = file.values.iter().find(|(name, _)| !self.used.contains(*name)) else {
            return Ok(());
        };
        let message = format!("no column uses the value table \"{name}\"");
        Err(self.place.fault(table.span().start, Code::UnusedTable, message).with("name", name))
    }

    /// Refuses columns that are both read and ignored.
    fn ignored(&self, file: &MappingFile) -> Result<(), MappingError> {
        let Some(name) = file.ignore.iter().find(|name| file.columns.contains_key(name.get_ref())) else {
            return Ok(());
        };
        let message = format!("column \"{}\" is both read and ignored", name.get_ref());
        Err(self.place.fault(name.span().start, Code::ReadAndIgnored, message).with("name", name.get_ref()))
    }
}
