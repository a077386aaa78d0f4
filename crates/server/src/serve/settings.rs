//! Settings of the server: command line over environment over file.

use crate::outcome::Usage;
use crate::place::Place;
use crate::serve::keeping::{KeepingArgs, KeepingFile, Safety, Span};
use crate::serve::phone::{Phone, PhoneArgs, PhoneFile};
use anyhow::{Context as _, bail};
use clap::Args;
use huiyin_api::Networks;
use huiyin_connectors::MailConfig;
use serde::Deserialize;
use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};

/// Address where nothing else was said.
const LISTEN: &str = "127.0.0.1:8080";

/// Settings as the command line and the environment give them.
#[derive(Clone, Debug, Default, Args)]
pub struct SettingArgs {
    #[command(flatten)]
    pub place: Place,
    /// Settings file (TOML); the command line and the environment win over it
    #[arg(long, env = "HUIYIN_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, env = "HUIYIN_LISTEN", value_name = "ADDR")]
    pub listen: Option<String>,
    /// Certificate chain for TLS (PEM)
    #[arg(long, env = "HUIYIN_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// Private key of the certificate (PEM)
    #[arg(long, env = "HUIYIN_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// Make an own authority and certificate, for a network without one
    #[arg(long, env = "HUIYIN_TLS_SELF_SIGNED")]
    pub tls_self_signed: bool,
    /// The address that people type, such as `https://desk.example.cn`
    #[arg(long, env = "HUIYIN_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8
    #[arg(long, env = "HUIYIN_TRUSTED_PROXY", value_name = "NETWORKS")]
    pub trusted_proxy: Option<String>,
    #[command(flatten)]
    pub keeping: KeepingArgs,
    #[command(flatten)]
    pub phone: PhoneArgs,
}

/// The same settings in a file; unknown names are refused.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSettings {
    data: Option<PathBuf>,
    database_url: Option<String>,
    files: Option<PathBuf>,
    listen: Option<String>,
    tls_cert: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    #[serde(default)]
    tls_self_signed: bool,
    public_url: Option<String>,
    trusted_proxy: Option<String>,
    anchor_every: Option<Span>,
    backup_dir: Option<PathBuf>,
    backup_every: Option<Span>,
    backup_keep: Option<NonZeroU16>,
    /// The server that carries our mail; no mail without it.
    mail: Option<MailConfig>,
    /// The call centre.
    #[serde(default)]
    phone: PhoneFile,
}

/// How the server speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Plain HTTP.
    Plain,
    /// TLS with a certificate from elsewhere.
    Given { cert: PathBuf, key: PathBuf },
    /// TLS with a certificate of our own authority.
    SelfSigned,
}

/// Settings that fit together.
#[derive(Clone, Debug)]
pub struct Settings {
    pub place: Place,
    pub listen: SocketAddr,
    pub transport: Transport,
    pub public_url: Option<String>,
    pub trusted_proxies: Networks,
    pub safety: Safety,
    pub mail: Option<MailConfig>,
    pub phone: Phone,
}

impl SettingArgs {
    /// Reads the file, lays the three over each other and checks the result.
    ///
    /// # Errors
    /// [`Usage`] for settings that contradict each other or cannot be read.
    pub fn settle(self) -> anyhow::Result<Settings> {
        let file = self.config.as_deref().map(read).transpose()?.unwrap_or_default();
        let listen = self.listen.or(file.listen).unwrap_or_else(|| LISTEN.to_owned());
        let listen = listen.parse().map_err(|_| {
            Usage(format!("--listen: {listen} is not an address with a port, such as {LISTEN}"))
        })?;
        let proxies = self.trusted_proxy.or(file.trusted_proxy).unwrap_or_default();
        let cert = self.tls_cert.or(file.tls_cert);
        let key = self.tls_key.or(file.tls_key);
        let keeping = KeepingFile {
            anchor_every: file.anchor_every,
            backup_dir: file.backup_dir,
            backup_every: file.backup_every,
            backup_keep: file.backup_keep,
        };
        Ok(Settings {
            safety: self.keeping.over(keeping),
            place: Place {
                data: self.place.data.or(file.data),
                database_url: self.place.database_url.or(file.database_url),
                files: self.place.files.or(file.files),
            },
            listen,
            transport: transport(cert, key, self.tls_self_signed || file.tls_self_signed)?,
            public_url: self.public_url.or(file.public_url).map(checked_url).transpose()?,
            trusted_proxies: proxies.parse().map_err(|text| Usage(format!("--trusted-proxy: {text}")))?,
            mail: file.mail,
            phone: self.phone.over(file.phone)?,
        })
    }
}

fn read(path: &Path) -> anyhow::Result<FileSettings> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text).map_err(|error| Usage(format!("{}: {error}", path.display())).into())
}

fn transport(cert: Option<PathBuf>, key: Option<PathBuf>, own: bool) -> anyhow::Result<Transport> {
    match (cert, key, own) {
        (None, None, false) => Ok(Transport::Plain),
        (None, None, true) => Ok(Transport::SelfSigned),
        (Some(cert), Some(key), false) => Ok(Transport::Given { cert, key }),
        (_, _, true) => bail!(Usage("--tls-self-signed makes its own certificate; name no other".into())),
        _ => bail!(Usage("--tls-cert and --tls-key belong together".into())),
    }
}

fn checked_url(url: String) -> anyhow::Result<String> {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    if host.is_none_or(|host| host.is_empty() || host.starts_with('/')) {
        bail!(Usage(format!("--public-url: {url} must begin with https:// or http:// and name a host")));
    }
    Ok(url.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().expect("file");
        file.write_all(text.as_bytes()).expect("written");
        file
    }

    /// contracts §1: the command line wins over the file.
    #[test]
    fn the_command_line_wins_over_the_file() {
        let file = file("data = '/srv/a'\nlisten = '0.0.0.0:80'\npublic_url = 'https://desk.example.cn/'\n");
        let args = SettingArgs {
            config: Some(file.path().into()),
            listen: Some("127.0.0.1:0".into()),
            ..SettingArgs::default()
        };
        let settings = args.settle().expect("settled");
        assert_eq!(settings.listen, "127.0.0.1:0".parse().expect("address"));
        assert_eq!(settings.place.data.as_deref(), Some(Path::new("/srv/a")));
        assert_eq!(settings.public_url.as_deref(), Some("https://desk.example.cn"));
        assert_eq!(settings.transport, Transport::Plain);
    }

    /// contracts §1: settings that do not fit are wrong usage.
    #[test]
    fn what_does_not_fit_is_wrong_usage() {
        let wrong = ["listne = '0.0.0.0:80'\n", "backup_every = '1w'\n", "backup_keep = 0\n", "data = [\n"];
        let wrong = wrong.map(file);
        let files = wrong.iter().map(|wrong| wrong.path().to_owned());
        let files = files.map(|path| SettingArgs { config: Some(path), ..SettingArgs::default() });
        let others = [
            SettingArgs { listen: Some("localhost".into()), ..SettingArgs::default() },
            SettingArgs { tls_cert: Some("a.pem".into()), ..SettingArgs::default() },
            SettingArgs { tls_key: Some("a.key".into()), tls_self_signed: true, ..SettingArgs::default() },
            SettingArgs { public_url: Some("desk.example.cn".into()), ..SettingArgs::default() },
            SettingArgs { trusted_proxy: Some("proxy".into()), ..SettingArgs::default() },
        ];
        for args in files.chain(others) {
            let shown = format!("{args:?}");
            assert!(args.settle().expect_err("refused").is::<Usage>(), "{shown}");
        }
    }
}
