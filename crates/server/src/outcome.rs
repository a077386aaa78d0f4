//! How a command ends when it is not clean.

use std::io::Write as _;
use std::process::ExitCode;

/// The command line itself is wrong: exit code 2 instead of 1.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);

/// Something was found; it has been said already, only the code is left.
#[derive(Debug, thiserror::Error)]
#[error("something was found")]
pub struct Found;

/// Says why a command ended, on standard error, and gives its exit code.
pub fn tell(error: &anyhow::Error) -> ExitCode {
    if error.is::<Found>() {
        return ExitCode::from(1);
    }
    // nobody is left to be told when standard error is closed
    let _ = writeln!(std::io::stderr(), "error: {error:#}");
    ExitCode::from(if error.is::<Usage>() { 2 } else { 1 })
}
