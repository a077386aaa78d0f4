//! The log: one line per happening on standard error.

use clap::{Args, ValueEnum};
use tracing_subscriber::EnvFilter;

/// How the log is written.
#[derive(Clone, Debug, Args)]
pub struct LogArgs {
    /// What is logged, such as `info` or `warn,huiyin_store=debug`
    #[arg(long, env = "HUIYIN_LOG", value_name = "FILTER", default_value = "info", global = true)]
    pub log: String,
    /// How a line looks
    #[arg(long, env = "HUIYIN_LOG_FORMAT", value_enum, default_value_t, global = true)]
    pub log_format: LogFormat,
}

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people
    #[default]
    Text,
    /// For programs, one JSON object a line
    Json,
}

/// Starts the log of this process.
///
/// # Errors
/// A text when the filter cannot be read.
pub fn start(args: &LogArgs) -> Result<(), String> {
    let filter = EnvFilter::try_new(&args.log).map_err(|error| format!("--log: {error}"))?;
    // the SIP library writes whole messages, digests included, where it is let
    let quiet = huiyin_telephony::LOG_DIRECTIVE.parse().map_err(|error| format!("--log: {error}"))?;
    let filter = filter.add_directive(quiet);
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match args.log_format {
        LogFormat::Text => builder.with_ansi(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| error.to_string())
}
