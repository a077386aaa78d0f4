//! What an adapter is told: where the PBX is and how its parts are called.

use huiyin_telephony::{Cause, Target};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Which PBX it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Asterisk 18 or later, by its REST interface (ARI).
    Asterisk,
    /// FreeSWITCH 1.10, by its event socket.
    Freeswitch,
}

/// Settings of an adapter, as they stand in the file of `serve --pbx`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PbxSettings {
    /// Which PBX it is.
    pub kind: Kind,
    /// `http://…`, `https://…` for Asterisk, `tcp://host:port` for FreeSWITCH.
    pub url: String,
    /// Account; FreeSWITCH: empty for the shared password, else `user@domain`.
    #[serde(default)]
    pub user: String,
    /// File with the password; a relative path is meant from the folder of
    /// the settings.
    pub secret_file: PathBuf,
    /// Name under which the dialplan hands calls over: the Stasis application
    /// of Asterisk, the variable `huiyin_context` of FreeSWITCH.
    #[serde(default = "default_context")]
    pub context: String,
    /// How a phone is dialled, `{}` for the extension.
    #[serde(default)]
    pub phones: Option<String>,
    /// Folder of the prompts, as the PBX calls it.
    #[serde(default = "default_sounds")]
    pub sounds: String,
    /// The same folder as this process sees it; prompts are written there
    /// before they are played first. Without it they are copied by hand.
    #[serde(default)]
    pub sounds_here: Option<PathBuf>,
    /// FreeSWITCH: folder where it writes recordings.
    #[serde(default)]
    pub recordings: Option<String>,
    /// FreeSWITCH: the same folder as this process sees it.
    #[serde(default)]
    pub recordings_here: Option<PathBuf>,
    /// The lines in the order in which calls out try them (CALL-5).
    #[serde(default, rename = "line")]
    pub lines: Vec<Line>,
}

/// A line of a carrier that the PBX holds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Name of the endpoint (Asterisk) or gateway (FreeSWITCH).
    pub name: String,
    /// How a number is dialled over it, `{}` for the number.
    #[serde(default)]
    pub dial: Option<String>,
    /// Number that is shown to whom we call.
    #[serde(default)]
    pub caller_id: Option<String>,
}

/// Why settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsFault {
    /// The file cannot be read.
    #[error("{path} cannot be read: {error}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file says something else than settings.
    #[error("{0}")]
    Malformed(#[from] toml::de::Error),
    /// A value cannot be meant.
    #[error("{field}: {why}")]
    Value {
        /// Which field.
        field: &'static str,
        /// Why.
        why: &'static str,
    },
}

fn default_context() -> String {
    "huiyin".into()
}

fn default_sounds() -> String {
    "huiyin".into()
}

/// Whether a text is a plain name: no sign that means something to a PBX.
pub(crate) fn plain(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 80
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

impl PbxSettings {
    /// Reads and checks the settings in a file.
    ///
    /// # Errors
    /// The file cannot be read, or says what cannot be meant.
    pub fn load(path: &Path) -> Result<Self, SettingsFault> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| SettingsFault::Unreadable { path: path.to_owned(), error })?;
        let mut settings = Self::parse(&text)?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut anchor = |path: &mut PathBuf| *path = folder.join(path.as_path());
        anchor(&mut settings.secret_file);
        settings.sounds_here.iter_mut().for_each(&mut anchor);
        settings.recordings_here.iter_mut().for_each(&mut anchor);
        Ok(settings)
    }

    /// Reads and checks settings.
    ///
    /// # Errors
    /// The text says what cannot be meant.
    pub fn parse(text: &str) -> Result<Self, SettingsFault> {
        let settings: Self = toml::from_str(text)?;
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<(), SettingsFault> {
        let wrong = |field, why| Err(SettingsFault::Value { field, why });
        let scheme = match self.kind {
            Kind::Asterisk => self.url.starts_with("http://") || self.url.starts_with("https://"),
            Kind::Freeswitch => self.host_and_port().is_some(),
        };
        if !scheme {
            return wrong("url", "http://host:port for Asterisk, tcp://host:port for FreeSWITCH");
        }
        if self.url.contains('@') {
            return wrong("url", "the account belongs in user, the password in secret_file");
        }
        if self.kind == Kind::Asterisk && self.user.is_empty() {
            return wrong("user", "Asterisk wants an account");
        }
        if self.kind == Kind::Freeswitch && !self.user.is_empty() && !self.user.contains('@') {
            return wrong("user", "FreeSWITCH wants user@domain, or nothing");
        }
        if !plain(&self.context) {
            return wrong("context", "letters, digits, - _ . only");
        }
        if self.lines.iter().any(|line| !plain(&line.name)) {
            return wrong("line.name", "letters, digits, - _ . only");
        }
        let templates = self.lines.iter().filter_map(|line| line.dial.as_ref()).chain(self.phones.as_ref());
        for template in templates {
            if template.matches("{}").count() != 1 {
                return wrong("dial", "{} must stand in it once");
            }
        }
        Ok(())
    }

    /// The password; white space round it does not count.
    ///
    /// # Errors
    /// The file cannot be read, or is empty.
    pub fn secret(&self) -> Result<String, SettingsFault> {
        let text = std::fs::read_to_string(&self.secret_file)
            .map_err(|error| SettingsFault::Unreadable { path: self.secret_file.clone(), error })?;
        let secret = text.trim();
        if secret.is_empty() || secret.contains(['\n', '\r']) {
            return Err(SettingsFault::Value { field: "secret_file", why: "one line with the password" });
        }
        Ok(secret.to_owned())
    }

    /// Host and port of the event socket.
    pub(crate) fn host_and_port(&self) -> Option<(&str, u16)> {
        let rest = self.url.strip_prefix("tcp://")?.trim_end_matches('/');
        let (host, port) = rest.rsplit_once(':')?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        (!host.is_empty()).then_some((host, port.parse().ok()?))
    }

    /// How the PBX dials a target: one way for each line that may be tried.
    /// Nothing that the target says can mean more than a name or a number.
    pub(crate) fn ways(&self, target: &Target) -> Result<Vec<Way>, Cause> {
        match target {
            Target::Extension(name) if plain(name) => {
                let template = self.phones.as_deref().unwrap_or(match self.kind {
                    Kind::Asterisk => "PJSIP/{}",
                    Kind::Freeswitch => "user/{}",
                });
                Ok(vec![Way { line: None, dial: template.replace("{}", name), caller_id: None }])
            }
            Target::Number { number, trunk } if is_number(number) => {
                let lines =
                    self.lines.iter().filter(|line| trunk.as_ref().is_none_or(|name| *name == line.name));
                let ways: Vec<Way> = lines.map(|line| self.over(line, number)).collect();
                if ways.is_empty() { Err(Cause::Unreachable) } else { Ok(ways) }
            }
            Target::Uri(uri) => {
                let user = uri.strip_prefix("sip:").unwrap_or(uri).split('@').next().unwrap_or_default();
                match (plain(user), is_number(user)) {
                    (_, true) if user.len() > 6 => {
                        self.ways(&Target::Number { number: user.to_owned(), trunk: None })
                    }
                    (true, _) => self.ways(&Target::Extension(user.to_owned())),
                    _ => Err(Cause::NotFound),
                }
            }
            Target::Extension(_) | Target::Number { .. } => Err(Cause::NotFound),
        }
    }

    fn over(&self, line: &Line, number: &str) -> Way {
        let dial = match (&line.dial, self.kind) {
            (Some(template), _) => template.replace("{}", number),
            (None, Kind::Asterisk) => format!("PJSIP/{number}@{}", line.name),
            (None, Kind::Freeswitch) => format!("sofia/gateway/{}/{number}", line.name),
        };
        Way { line: Some(line.name.clone()), dial, caller_id: line.caller_id.clone() }
    }
}

fn is_number(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit() || b"+*#".contains(&b))
}

/// One way to reach somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    /// Over which line; none for a phone of the house.
    pub(crate) line: Option<String>,
    /// What the PBX is told to dial.
    pub(crate) dial: String,
    /// Number that this line wants shown.
    pub(crate) caller_id: Option<String>,
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
