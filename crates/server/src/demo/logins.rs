//! Logins of the demo people: drawn once, told loudly, kept in a file.

use super::words::Company;
use anyhow::Context as _;
use huiyin_app::App;
use huiyin_domain::ids::OrgId;
use huiyin_domain::people::posts_held;
use huiyin_store::people::{membership, person};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// The most people of a demo that are looked up at once.
const MOST: u32 = 1_000;

/// Letters of passwords: none that look alike.
const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// Who can sign in, as written to `demo-logins.json`.
#[derive(Clone, Serialize, Deserialize)]
pub struct Logins {
    /// The people.
    pub people: Vec<Login>,
    /// The telephones, where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sip: Option<SipLogins>,
    #[serde(skip)]
    hashes: BTreeMap<String, String>,
}

/// How the demo is called and who answers.
#[derive(Clone, Serialize, Deserialize)]
pub struct SipLogins {
    /// Address of SIP, UDP and TCP.
    pub listen: String,
    /// Realm of the telephones' passwords.
    pub realm: String,
    /// Whole URL of SIP for browsers.
    pub ws: String,
    /// The telephones.
    pub extensions: Vec<SipExtension>,
    /// Goes straight to the queue.
    pub queue_number: String,
    /// Goes to the menu.
    pub menu_number: String,
    /// The key that leads from the menu to the queue.
    pub menu_digit: String,
    /// Numbers of the supervisor's ways into the newest call.
    pub monitor: SipMonitor,
}

/// One telephone of the demo.
#[derive(Clone, Serialize, Deserialize)]
pub struct SipExtension {
    /// Its user name.
    pub user: String,
    /// Its password.
    pub password: String,
    /// Login of who answers.
    pub login: String,
}

/// Numbers of the supervisor's ways into the newest call.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SipMonitor {
    /// Hears both.
    pub listen: String,
    /// Is heard by the agent alone.
    pub whisper: String,
    /// Is heard by both.
    pub barge: String,
}

/// One person of the demo.
#[derive(Clone, Serialize, Deserialize)]
pub struct Login {
    /// Login name.
    pub login: String,
    /// Password, of this installation alone.
    pub password: String,
    /// Name.
    pub name: String,
    /// Posts held anywhere.
    pub posts: Vec<String>,
}

impl Logins {
    /// Draws a password for everybody.
    ///
    /// # Errors
    /// When passwords cannot be hashed here.
    pub fn drawn(app: &App, company: &Company) -> anyhow::Result<Self> {
        let login = |words: &super::words::PersonWords| Login {
            login: words.login.clone(),
            password: password(app),
            name: words.name.clone(),
            posts: words
                .places
                .iter()
                .flat_map(|place| &place.posts)
                .map(|post| post.name().to_owned())
                .collect::<std::collections::BTreeSet<_>>()
                .into_iter()
                .collect(),
        };
        Self::hashed(app, company.person.iter().map(login).collect())
    }

    fn hashed(app: &App, people: Vec<Login>) -> anyhow::Result<Self> {
        let mut hashes = BTreeMap::new();
        for person in &people {
            hashes.insert(person.login.clone(), app.hasher.hash_blocking(&person.password)?);
        }
        Ok(Self { people, sip: None, hashes })
    }

    /// Gives the hash of a person's password.
    pub fn hash(&self, login: &str) -> Option<&str> {
        self.hashes.get(login).map(String::as_str)
    }

    /// Says loudly who can sign in, and that this is a demo.
    ///
    /// # Errors
    /// When nobody can be told.
    pub fn tell(&self, address: &str, file: &Path, out: &mut impl std::io::Write) -> std::io::Result<()> {
        writeln!(out, "=== demo 演示: a fictional company; anybody who can read this can sign in ===")?;
        writeln!(out, "    {address}    logins: {}", file.display())?;
        for person in &self.people {
            let posts = person.posts.join(", ");
            writeln!(out, "    {:<16} {}  {} ({posts})", person.login, person.password, person.name)?;
        }
        writeln!(out, "=== not for real customers: start without --demo on an empty folder instead ===")
    }
}

/// Names the file in its folder.
pub fn file(folder: &Path) -> PathBuf {
    folder.join("demo-logins.json")
}

/// Reads the file; nothing when there is none.
///
/// # Errors
/// When it is there and cannot be read.
pub fn read(file: &Path) -> anyhow::Result<Option<Logins>> {
    match std::fs::read_to_string(file) {
        Ok(text) => serde_json::from_str(&text)
            .map(Some)
            .with_context(|| format!("{} is damaged: remove it to get new passwords", file.display())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
    }
}

/// Writes the file whole or not at all, readable by this account only.
///
/// # Errors
/// When the folder cannot be written.
pub fn write(file: &Path, logins: &Logins) -> std::io::Result<()> {
    let half = file.with_extension("json.part");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut open = options.open(&half)?;
    serde_json::to_writer_pretty(&mut open, logins)?;
    open.write_all(b"\n")?;
    open.sync_all()?;
    std::fs::rename(half, file)
}

/// Gives everybody a new password, when the file was lost.
///
/// # Errors
/// When database or folder cannot be written.
pub fn renewed(app: &App, org: OrgId, file: &Path) -> anyhow::Result<Logins> {
    let now = app.clock.now();
    let found = app.store.read_blocking(move |tx| {
        let mut all = Vec::new();
        for one in person::list(tx, org, None, MOST)? {
            let rows = membership::of_person(tx, org, one.id)?;
            let places: Vec<_> = rows.into_iter().map(|row| row.membership).collect();
            all.push((one, posts_held(&places, now)));
        }
        Ok::<_, huiyin_app::Error>(all)
    })?;
    let login = |(one, held): &(person::Person, Vec<huiyin_domain::people::PostHeld>)| Login {
        login: one.login.clone(),
        password: password(app),
        name: one.name.clone(),
        posts: held.iter().map(|held| held.post.name().to_owned()).collect(),
    };
    let logins = Logins::hashed(app, found.iter().map(login).collect())?;
    let given = logins.clone();
    app.store.write_blocking(move |tx| {
        for (one, _) in &found {
            if let Some(hash) = given.hash(&one.login) {
                person::set_password(tx, one.id, hash, now)?;
            }
        }
        Ok::<_, huiyin_app::Error>(())
    })?;
    write(file, &logins)?;
    tracing::warn!("the file of the demo logins was gone: everybody has a new password");
    Ok(logins)
}

/// Draws four groups of four letters: 78 bits.
pub(super) fn password(app: &App) -> String {
    let mut drawn = [0; 16];
    app.ids.fill(&mut drawn);
    let letter = |byte: &u8| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]);
    let groups: Vec<String> = drawn.chunks(4).map(|group| group.iter().map(letter).collect()).collect();
    groups.join("-")
}
