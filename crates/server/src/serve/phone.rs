//! How the call centre is reached: addresses, ports and keys, as they were said.

use crate::outcome::Usage;
use crate::serve::keeping::Span;
use anyhow::bail;
use clap::Args;
use huiyin_domain::menu::prompt::Voice;
use serde::Deserialize;
use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// Where phones register when nothing else was said, in a demo only.
const DEMO_LISTEN: &str = "127.0.0.1:5060";

/// Ports for sound when nothing else was said.
const PORTS: Ports = Ports { first: 20_000, last: 29_999 };

/// The call centre, as the command line and the environment say it.
#[derive(Clone, Debug, Default, Args)]
pub struct PhoneArgs {
    /// Where phones reach us by SIP (UDP and TCP), or `off`
    ///
    /// Off by default; in a demo 127.0.0.1:5060, or a free port where it is taken.
    #[arg(long, env = "HUIYIN_SIP_LISTEN", value_name = "ADDR")]
    sip_listen: Option<String>,
    /// The same over TLS, with the certificate of the server
    #[arg(long, env = "HUIYIN_SIP_TLS_LISTEN", value_name = "ADDR")]
    sip_tls_listen: Option<String>,
    /// UDP ports for sound, such as 20000-29999
    #[arg(long, env = "HUIYIN_RTP_PORTS", value_name = "FROM-TO")]
    rtp_ports: Option<Ports>,
    /// Address that phones outside see, behind a router
    #[arg(long, env = "HUIYIN_EXTERNAL_IP", value_name = "IP")]
    external_ip: Option<IpAddr>,
    /// Keys that recordings are sealed with
    ///
    /// By default `keys/recording.keys` beside the data, made at the first start.
    #[arg(long, env = "HUIYIN_RECORDING_KEY_FILE", value_name = "FILE")]
    recording_key_file: Option<PathBuf>,
    /// Time after which a recording goes into the archive, or `off` [default: 1d]
    #[arg(long, env = "HUIYIN_RECORDING_ARCHIVE_AFTER", value_name = "TIME")]
    recording_archive_after: Option<String>,
    /// An Asterisk or FreeSWITCH that carries the calls instead of our own SIP
    #[arg(long, env = "HUIYIN_PBX", value_name = "FILE")]
    pbx: Option<PathBuf>,
    /// Program that speaks prompts, such as `espeak-ng -v cmn -w {file} {text}`
    ///
    /// Words between blanks, no shell; {text} and {file} stand for what is said and where.
    #[arg(long, env = "HUIYIN_TTS", value_name = "COMMAND")]
    tts: Option<String>,
}

/// The same in the settings file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhoneFile {
    listen: Option<String>,
    tls_listen: Option<String>,
    rtp_ports: Option<Ports>,
    external_ip: Option<IpAddr>,
    recording_key_file: Option<PathBuf>,
    recording_archive_after: Option<String>,
    pbx: Option<PathBuf>,
    tts: Option<String>,
}

/// A range of UDP ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Ports {
    first: u16,
    last: u16,
}

impl Ports {
    /// Gives the range.
    pub const fn range(self) -> RangeInclusive<u16> {
        self.first..=self.last
    }
}

impl FromStr for Ports {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no range of at least 100 ports above 1023, such as 20000-29999");
        let (first, last) = text.split_once('-').ok_or_else(wrong)?;
        let (first, last) =
            (first.trim().parse().map_err(|_| wrong())?, last.trim().parse().map_err(|_| wrong())?);
        if first < 1024 || last < first || last - first < 99 {
            return Err(wrong());
        }
        Ok(Self { first, last })
    }
}

impl TryFrom<String> for Ports {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// Where calls come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// Nowhere: calls are typed by hand.
    Off,
    /// Our own SIP.
    Own {
        /// UDP and TCP.
        listen: SocketAddr,
        /// Whether another port may be taken when this one is taken: nobody named it.
        movable: bool,
        /// TLS.
        tls: Option<SocketAddr>,
    },
    /// A PBX of the house, by its settings file.
    Pbx(PathBuf),
}

/// The call centre, as it was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    /// Where calls come from; nothing was said without a value.
    pub carrier: Option<Carrier>,
    /// Ports for sound.
    pub ports: Ports,
    /// Address seen from outside.
    pub external_ip: Option<IpAddr>,
    /// Keys of recordings.
    pub keys: Option<PathBuf>,
    /// How long after their end recordings go into the archive.
    pub archive_after: Option<Duration>,
    /// What speaks prompts.
    pub voice: Option<Voice>,
}

impl PhoneArgs {
    /// Lays the command line over the file.
    ///
    /// # Errors
    /// [`Usage`] for what is no address, or contradicts itself.
    pub fn over(self, file: PhoneFile) -> anyhow::Result<Phone> {
        let said = self.sip_listen.or(file.listen);
        let tls = self.sip_tls_listen.or(file.tls_listen);
        let tls = tls.map(|text| address("--sip-tls-listen", &text)).transpose()?;
        let pbx = self.pbx.or(file.pbx);
        let carrier = match (said.as_deref(), pbx) {
            (Some("off") | None, Some(pbx)) => Some(Carrier::Pbx(pbx)),
            (Some(_), Some(_)) => {
                bail!(Usage("--pbx carries the calls: say --sip-listen off, or nothing".into()))
            }
            (Some("off"), None) => Some(Carrier::Off),
            (Some(text), None) => {
                Some(Carrier::Own { listen: address("--sip-listen", text)?, movable: false, tls })
            }
            (None, None) => None,
        };
        Ok(Phone {
            carrier,
            ports: self.rtp_ports.or(file.rtp_ports).unwrap_or(PORTS),
            external_ip: self.external_ip.or(file.external_ip),
            keys: self.recording_key_file.or(file.recording_key_file),
            archive_after: archive_after(self.recording_archive_after.or(file.recording_archive_after))?,
            voice: self.tts.or(file.tts).map(|command| voice(&command)).transpose()?,
        })
    }
}

impl Phone {
    /// Gives where calls come from; a demo rings without being asked.
    ///
    /// # Errors
    /// Never for what stands here; the address of the demo is ours.
    pub fn carrier(&self, demo: bool) -> anyhow::Result<Carrier> {
        match (&self.carrier, demo) {
            (Some(carrier), _) => Ok(carrier.clone()),
            (None, true) => {
                Ok(Carrier::Own { listen: address("--sip-listen", DEMO_LISTEN)?, movable: true, tls: None })
            }
            (None, false) => Ok(Carrier::Off),
        }
    }
}

/// A day where nothing is said: what is heard soon after is as it came.
fn archive_after(said: Option<String>) -> anyhow::Result<Option<Duration>> {
    match said.as_deref() {
        None => Ok(Some(Duration::from_secs(86_400))),
        Some("off") => Ok(None),
        Some(text) => {
            let span: Span =
                text.parse().map_err(|fault| Usage(format!("--recording-archive-after: {fault}, or off")))?;
            Ok(Some(span.time()))
        }
    }
}

fn voice(command: &str) -> anyhow::Result<Voice> {
    Ok(Voice::parse(command).map_err(|fault| Usage(format!("--tts: {fault}")))?)
}

fn address(name: &str, text: &str) -> anyhow::Result<SocketAddr> {
    let wrong =
        |_| Usage(format!("{name}: {text} is not an address with a port, such as {DEMO_LISTEN}, or off"));
    Ok(text.parse().map_err(wrong)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(listen: Option<&str>, pbx: Option<&str>) -> PhoneArgs {
        PhoneArgs {
            sip_listen: listen.map(str::to_owned),
            pbx: pbx.map(PathBuf::from),
            ..PhoneArgs::default()
        }
    }

    /// Issue 7: telephony is off by a switch, and on by itself in a demo only.
    #[test]
    fn a_demo_rings_by_itself_and_off_is_off() {
        let silent = args(None, None).over(PhoneFile::default()).expect("settled");
        assert_eq!(silent.carrier(false).expect("carrier"), Carrier::Off);
        let listen = "127.0.0.1:5060".parse().expect("address");
        let own = Carrier::Own { listen, movable: true, tls: None };
        assert_eq!(silent.carrier(true).expect("carrier"), own);
        let off = args(Some("off"), None).over(PhoneFile::default()).expect("settled");
        assert_eq!(off.carrier(true).expect("carrier"), Carrier::Off);
    }

    /// contracts §1: what does not fit is wrong usage, in words.
    #[test]
    fn what_does_not_fit_is_refused() {
        for (listen, pbx) in [(Some("here"), None), (Some("127.0.0.1:5060"), Some("pbx.toml"))] {
            let refused = args(listen, pbx).over(PhoneFile::default()).expect_err("refused");
            assert!(refused.is::<Usage>(), "{listen:?} {pbx:?}");
        }
        for (said, wanted) in [(None, Some(86_400)), (Some("off"), None), (Some("30d"), Some(30 * 86_400))] {
            let said = PhoneArgs { recording_archive_after: said.map(str::to_owned), ..PhoneArgs::default() };
            let phone = said.over(PhoneFile::default()).expect("settled");
            assert_eq!(phone.archive_after.map(|after| after.as_secs()), wanted);
        }
        let said = PhoneArgs { recording_archive_after: Some("soon".to_owned()), ..PhoneArgs::default() };
        assert!(said.over(PhoneFile::default()).expect_err("refused").is::<Usage>());
        for tts in ["", "{text} {file}", "espeak-ng {text}"] {
            let said = PhoneArgs { tts: Some(tts.to_owned()), ..PhoneArgs::default() };
            assert!(said.over(PhoneFile::default()).expect_err("refused").is::<Usage>(), "{tts}");
        }
        for text in ["", "20000", "30000-20000", "1-70000", "80-500", "20000-20010"] {
            assert!(text.parse::<Ports>().is_err(), "{text}");
        }
        assert_eq!("20000-20199".parse::<Ports>().expect("ports").range(), 20_000..=20_199);
    }
}
