//! The commands of `huiyin`; each one's arguments stand beside its code.

use crate::command;
use crate::logs::LogArgs;
use clap::{Parser, Subcommand};

/// Huiyin (回音): complaints from first contact to verified closure.
#[derive(Debug, Parser)]
#[command(name = "huiyin", version, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    pub logs: LogArgs,
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the product over HTTP
    Serve(command::serve::Serve),
    /// Bring the schema of the database to this version
    Migrate(command::migrate::Migrate),
    /// Check settings, files and rights without starting anything
    CheckConfig(command::serve::Serve),
    /// Make administrators
    #[command(subcommand)]
    Admin(command::admin::Admin),
    /// Found and list organisations
    #[command(subcommand)]
    Org(command::org::Org),
    /// Due times with their explanation, a year, an import
    #[command(subcommand)]
    Calendar(command::calendar::CalendarCommand),
    /// Take over rows of a CSV, XLSX or JSON Lines file
    Import(command::import::Import),
    /// Write tables for other programs
    #[command(subcommand)]
    Export(command::export::Export),
    /// Write the whole file of a case as a zip that verifies itself
    Casefile(command::casefile::CaseFile),
    /// Prescribed reports: write, list and freeze them
    Report(command::report::ReportArgs),
    /// Look the data through: chains, anchors, texts, files
    Doctor(command::doctor::Doctor),
    /// Copy everything, beside a running server
    Backup(command::backup::Backup),
    /// Bring a backup back into an empty place
    Restore(command::restore::Restore),
    /// Where the search index stands; make it anew
    #[command(subcommand)]
    Index(command::index::IndexCommand),
    /// Check, show, compare and activate policy packs
    Pack(command::pack::PackArgs),
    /// Check voice menus, show them as a tree with what is said
    Menu(command::menu::MenuArgs),
    /// Look at incidents: when something became hot, from files alone
    #[command(subcommand)]
    Incident(command::incident::IncidentCommand),
    /// Bring in articles and fact sheets
    #[command(subcommand)]
    Knowledge(command::knowledge::KnowledgeCommand),
    /// Learn categories and find same incidents in files of messages
    #[command(subcommand)]
    Text(command::text::TextCommand),
    /// Measure how fast this build is on this machine
    Bench(command::bench::Bench),
    /// Print the OpenAPI document
    Openapi,
}
