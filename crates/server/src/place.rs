//! Where the data live: one folder, or PostgreSQL and a folder for files.

use crate::outcome::Usage;
use crate::vault::{RESTORING, TLS};
use anyhow::{Context as _, bail};
use clap::Args;
use huiyin_store::sql::PostgresConfig;
use huiyin_store::{Store, StoreConfig, migrate};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

/// Name of the embedded database in its folder.
pub const DATABASE: &str = "huiyin.db";

/// Name of the file that one process at a time holds.
pub const LOCK: &str = "huiyin.lock";

/// Where the data live.
#[derive(Clone, Debug, Default, Args)]
pub struct Place {
    /// Folder of the embedded database and everything beside it
    #[arg(long, env = "HUIYIN_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// PostgreSQL database, 15 or later
    #[arg(long, env = "HUIYIN_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Folder for attachments, shared by all processes on one PostgreSQL
    #[arg(long, env = "HUIYIN_FILES", value_name = "DIR")]
    pub files: Option<PathBuf>,
}

/// A place of which everything needed is known.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The folder that belongs to one process, with the embedded database.
    pub folder: Option<PathBuf>,
    /// The folder of the attachments.
    pub files: PathBuf,
    store: StoreConfig,
}

impl Place {
    /// Decides where the data live.
    ///
    /// # Errors
    /// [`Usage`] when neither folder nor database, or half of a place is named.
    pub fn settle(&self) -> anyhow::Result<Settled> {
        match (&self.data, &self.database_url) {
            (None, None) => bail!(Usage("name the data: --data DIR or --database-url URL".into())),
            (Some(folder), None) => Ok(Settled {
                files: self.files.clone().unwrap_or_else(|| folder.join("files")),
                store: StoreConfig::sqlite(folder.join(DATABASE)),
                folder: Some(folder.clone()),
            }),
            (folder, Some(url)) => {
                let within = || folder.as_ref().map(|folder| folder.join("files"));
                let Some(files) = self.files.clone().or_else(within) else {
                    bail!(Usage("with --database-url name the folder for attachments: --files DIR".into()));
                };
                Ok(Settled { folder: folder.clone(), files, store: StoreConfig::postgres(url.clone()) })
            }
        }
    }
}

impl Place {
    /// Decides where the database is, for what never touches attachments.
    ///
    /// # Errors
    /// [`Usage`] when neither folder nor database is named.
    pub fn settle_database(&self) -> anyhow::Result<Settled> {
        match &self.database_url {
            Some(url) if self.files.is_none() && self.data.is_none() => {
                Ok(Settled { folder: None, files: PathBuf::new(), store: StoreConfig::postgres(url.clone()) })
            }
            _ => self.settle(),
        }
    }
}

impl Settled {
    /// Opens the database.
    ///
    /// # Errors
    /// When it cannot be reached or is damaged.
    pub fn open(&self) -> anyhow::Result<Store> {
        Store::open(&self.store).context("cannot open the database")
    }

    /// Opens the database for reading only, beside whoever writes it.
    ///
    /// # Errors
    /// When it is not there, cannot be reached or is damaged.
    pub fn open_to_read(&self) -> anyhow::Result<Store> {
        self.require_whole()?;
        let config = match &self.store {
            StoreConfig::Sqlite(embedded) => StoreConfig::sqlite_read_only(&embedded.path),
            StoreConfig::Postgres(server) => {
                StoreConfig::Postgres(PostgresConfig { workers: 2, ..server.clone() })
            }
        };
        Store::open(&config).context("cannot open the database")
    }

    /// Opens a database of this version for reading only, for commands that show.
    ///
    /// # Errors
    /// As [`open_to_read`](Self::open_to_read), and for another schema than ours.
    pub fn open_to_show(&self) -> anyhow::Result<Store> {
        let store = self.open_to_read()?;
        if let Err(error) = migrate::require_current(&store) {
            store.close();
            return Err(error.into());
        }
        Ok(store)
    }

    /// Gives the file of the embedded database.
    #[must_use]
    pub fn database(&self) -> Option<&Path> {
        match &self.store {
            StoreConfig::Sqlite(embedded) => Some(&embedded.path),
            StoreConfig::Postgres(_) => None,
        }
    }

    /// Gives the folder of what lies beside the database: anchors, erasures.
    ///
    /// With a database server it is the folder that all processes share.
    #[must_use]
    pub fn home(&self) -> &Path {
        match &self.folder {
            Some(folder) if !self.is_shared() => folder,
            _ => &self.files,
        }
    }

    /// Gives the folder of the TLS keys that we made ourselves.
    #[must_use]
    pub fn keys(&self) -> PathBuf {
        self.folder.as_ref().unwrap_or(&self.files).join(TLS)
    }

    /// Refuses a place to which a restore was not finished.
    ///
    /// # Errors
    /// Says what to do.
    pub fn require_whole(&self) -> anyhow::Result<()> {
        let home = self.home();
        if !home.as_os_str().is_empty() && home.join(RESTORING).exists() {
            bail!(
                "a restore to {} was not finished; empty the place and restore again",
                self.home().display()
            );
        }
        Ok(())
    }

    /// Gives the settings that name this place to another process, as its environment.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, std::ffi::OsString)> {
        let mut named = vec![("HUIYIN_FILES", self.files.clone().into())];
        if let Some(folder) = &self.folder {
            named.push(("HUIYIN_DATA", folder.clone().into()));
        }
        if let StoreConfig::Postgres(config) = &self.store {
            named.push(("HUIYIN_DATABASE_URL", config.url.clone().into()));
        }
        named
    }

    /// Says whether the database is a server's, shared by processes.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        matches!(self.store, StoreConfig::Postgres(_))
    }

    /// Takes the folder for this process; makes it where there is none.
    ///
    /// # Errors
    /// When another process has it; the text says which one and where.
    pub fn claim(&self) -> anyhow::Result<Option<Claim>> {
        self.require_whole()?;
        if !self.files.as_os_str().is_empty() {
            private_folder(&self.files)?;
        }
        self.folder.as_deref().map(Claim::take).transpose()
    }
}

/// Tells who holds a folder at this moment, as it announced itself.
#[must_use]
pub fn holder(folder: &Path) -> Option<String> {
    let path = folder.join(LOCK);
    let file = File::open(&path).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Some(std::fs::read_to_string(&path).ok()?.trim().to_owned()),
        _ => None,
    }
}

/// Makes a folder that only this account may enter, with all above it.
fn private_folder(folder: &Path) -> anyhow::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).with_context(|| format!("cannot make the folder {}", folder.display()))
}

/// One folder held by this process, until it is dropped.
#[derive(Debug)]
pub struct Claim(File);

impl Claim {
    fn take(folder: &Path) -> anyhow::Result<Self> {
        private_folder(folder)?;
        let path = folder.join(LOCK);
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .with_context(|| format!("cannot open {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => {
                let claim = Self(file);
                claim.announce(None)?;
                Ok(claim)
            }
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                file.read_to_string(&mut holder)?;
                let holder = holder.trim();
                let holder = if holder.is_empty() { "another process" } else { holder };
                bail!("{} is in use by {holder}", folder.display())
            }
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("cannot lock {}", path.display()))
            }
        }
    }

    /// Writes into the lock who holds it, for whoever comes second.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn announce(&self, address: Option<&str>) -> anyhow::Result<()> {
        let mut file = &self.0;
        file.set_len(0)?;
        file.rewind()?;
        let process = std::process::id();
        match address {
            Some(address) => writeln!(file, "process {process} at {address}")?,
            None => writeln!(file, "process {process}")?,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(data: Option<&str>, url: Option<&str>, files: Option<&str>) -> Place {
        Place { data: data.map(Into::into), database_url: url.map(Into::into), files: files.map(Into::into) }
    }

    /// contracts §1: the second process on a folder is told who has it.
    #[test]
    fn a_folder_belongs_to_one_process() {
        let folder = tempfile::tempdir().expect("folder");
        let settled = place(folder.path().to_str(), None, None).settle().expect("settled");
        let claim = settled.claim().expect("first").expect("folder");
        claim.announce(Some("http://127.0.0.1:8080")).expect("written");
        let second = settled.claim().expect_err("second").to_string();
        let holder = format!("in use by process {} at http://127.0.0.1:8080", std::process::id());
        assert!(second.ends_with(&holder), "{second}");
        drop(claim);
        assert!(settled.claim().is_ok(), "free again");
    }

    /// contracts §1: every command names its data, or the usage is wrong.
    #[test]
    fn data_are_named_wholly() {
        assert!(place(None, None, None).settle().expect_err("nothing").is::<Usage>());
        let url = Some("postgres://localhost/huiyin");
        assert!(place(None, url, None).settle().expect_err("no files").is::<Usage>());
        assert!(place(None, url, Some("/srv/files")).settle().expect("whole").is_shared());
        let settled = place(Some("/srv/huiyin"), None, None).settle().expect("folder");
        assert_eq!(settled.files, Path::new("/srv/huiyin/files"));
        assert!(!settled.is_shared());
    }
}
