//! Where a table goes: a file that appears only when whole, or a stream.

use crate::failure::FileError;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Names where a table goes.
pub enum Output<'p> {
    /// A file; it is written beside its place and renamed when whole.
    File(&'p Path),
    /// A stream such as standard output.
    Stream(Box<dyn Write + Send>),
}

/// Takes bytes until the table is whole.
pub(super) enum Sink {
    File(BufWriter<NamedTempFile>, PathBuf),
    Stream(BufWriter<Box<dyn Write + Send>>),
}

impl Sink {
    /// Opens the output.
    ///
    /// The file can be read by its owner alone: tables hold personal data.
    pub(super) fn open(output: Output<'_>) -> Result<Self, FileError> {
        let path = match output {
            Output::Stream(stream) => return Ok(Self::Stream(BufWriter::new(stream))),
            Output::File(path) => path,
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        Ok(Self::File(BufWriter::new(file), path.to_owned()))
    }

    /// Puts everything on the disk and gives the file its name.
    pub(super) fn commit(self) -> Result<(), FileError> {
        match self {
            Self::Stream(mut stream) => stream.flush()?,
            Self::File(buffer, path) => {
                let file = buffer.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.as_file().sync_all()?;
                file.persist(path).map_err(|error| error.error)?;
            }
        }
        Ok(())
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::File(file, _) => file.write(bytes),
            Self::Stream(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File(file, _) => file.flush(),
            Self::Stream(stream) => stream.flush(),
        }
    }
}
