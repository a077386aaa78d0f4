//! The call centre under measurement: the demo in a process of its own.

use super::peer::{DeskPhones, Extension, Picked};
use crate::bench::server::Server;
use crate::place::Place;
use anyhow::Context as _;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// What the demo tells in its file of logins.
#[derive(Deserialize)]
struct Told {
    people: Vec<Person>,
    sip: Sip,
}

#[derive(Deserialize)]
struct Person {
    login: String,
    password: String,
    posts: Vec<String>,
}

#[derive(Deserialize)]
struct Sip {
    listen: SocketAddr,
    realm: String,
    extensions: Vec<Telephone>,
    queue_number: String,
    menu_number: String,
    menu_digit: char,
}

#[derive(Deserialize)]
struct Telephone {
    user: String,
    password: String,
}

/// A running call centre.
pub struct Centre {
    pub server: Server,
    told: Told,
    folder: PathBuf,
}

impl Centre {
    /// Starts one with so many telephones, on a folder of its own; `listen` is for SIP.
    ///
    /// # Errors
    /// When it does not start or tell its logins.
    pub fn started(folder: &Path, phones: u32, listen: SocketAddr) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let place = Place { data: Some(folder.to_owned()), ..Place::default() }.settle()?;
        let (phones, listen) = (phones.to_string(), listen.to_string());
        let options = ["--demo", "--demo-extensions", &phones, "--sip-listen", &listen];
        let server = Server::started_with(&place, &options)?;
        let file = folder.join("demo-logins.json");
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let told = serde_json::from_str(&text).with_context(|| file.display().to_string())?;
        Ok(Self { server, told, folder: folder.to_owned() })
    }

    /// Gives where SIP is spoken.
    pub const fn sip(&self) -> SocketAddr {
        self.told.sip.listen
    }

    /// Gives the number of the queue.
    pub fn queue(&self) -> &str {
        &self.told.sip.queue_number
    }

    /// Gives the number of the menu, and the key that leads on to the queue.
    pub fn menu(&self) -> (&str, char) {
        (&self.told.sip.menu_number, self.told.sip.menu_digit)
    }

    /// Gives the folder of the data.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Gives login and password of who may see every call.
    ///
    /// # Errors
    /// When the demo has nobody like that.
    pub fn supervisor(&self) -> anyhow::Result<(&str, &str)> {
        let supervises = |person: &&Person| person.posts.iter().any(|post| post == "supervisor");
        let person = self.told.people.iter().find(supervises).context("the demo has no supervisor")?;
        Ok((&person.login, &person.password))
    }

    /// Registers so many telephones, whose sound arrives at one address.
    ///
    /// # Errors
    /// When one cannot register.
    pub fn phones(&self, most: u32, sound: SocketAddr, picked: Picked) -> anyhow::Result<DeskPhones> {
        let all = self.told.sip.extensions.iter().take(usize::try_from(most)?);
        let all = all.map(|one| Extension { user: one.user.clone(), password: one.password.clone(), sound });
        DeskPhones::registered(self.sip(), &self.told.sip.realm, all.collect(), picked)
    }
}
