//! Events of Asterisk become news.

use super::tapes::SIDES;
use crate::core::{Arrival, News, OURS, Present};
use crate::settings::PbxSettings;
use huiyin_telephony::{Cause, Origin, Registration};
use serde_json::Value;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Arguments with which our own channels enter the application.
pub(crate) const DIALLED: &str = "dialled";
pub(crate) const EAR: &str = "ear";

/// What an event says.
#[derive(Debug)]
pub(crate) enum Heard {
    News(News),
    /// A channel left the application; it may be over.
    Left {
        channel: String,
        cause: Cause,
    },
    /// A file of a recording ended.
    TapeEnded {
        name: String,
        whole: bool,
    },
    /// Somebody else serves the application now.
    Replaced,
}

/// Reads one event; other events, and those of other people's channels, say
/// nothing.
pub(crate) fn read(text: &str, settings: &PbxSettings) -> Option<Heard> {
    let Ok(event) = serde_json::from_str::<Value>(text) else {
        tracing::warn!("Asterisk sent an event that is not JSON");
        return Some(Heard::News(News::Malformed));
    };
    let Some(kind) = event["type"].as_str() else {
        return Some(Heard::News(News::Malformed));
    };
    let channel = || event["channel"]["id"].as_str().map(str::to_owned);
    let news = match kind {
        "StasisStart" => started(&event, settings)?,
        "ChannelStateChange" => match event["channel"]["state"].as_str()? {
            "Ringing" => News::Ringing { channel: channel()? },
            // what we called is up once it is in the application
            "Up" if !channel()?.starts_with(OURS) => News::Up { channel: channel()? },
            _ => return None,
        },
        "Dial" => dialled(&event)?,
        "ChannelDtmfReceived" => {
            let digit = event["digit"].as_str()?.chars().next()?;
            News::Digit { channel: channel()?, digit }
        }
        "PlaybackFinished" => {
            let playback = event["playback"]["id"].as_str()?.to_owned();
            News::Played { playback, whole: event["playback"]["state"] == "done" }
        }
        "ChannelHold" => News::Held { channel: channel()?, held: true },
        "ChannelUnhold" => News::Held { channel: channel()?, held: false },
        "ChannelTransfer" => transfer(&event)?,
        "ChannelDestroyed" => News::Gone { channel: channel()?, cause: cause(event["cause"].as_u64()) },
        "StasisEnd" => {
            return Some(Heard::Left { channel: channel()?, cause: Cause::Normal });
        }
        "RecordingFinished" | "RecordingFailed" => {
            let name = event["recording"]["name"].as_str()?.to_owned();
            let ours = SIDES.iter().any(|(end, _)| name.ends_with(end));
            return ours.then_some(Heard::TapeEnded { name, whole: kind == "RecordingFinished" });
        }
        "EndpointStateChange" => endpoint(&event["endpoint"], settings)?,
        "ContactStatusChange" => contact(&event, settings)?,
        "ApplicationReplaced" => return Some(Heard::Replaced),
        _ => return None,
    };
    Some(Heard::News(news))
}

/// How a call of ours goes; what it comes to is told here better than when
/// its channel ends.
fn dialled(event: &Value) -> Option<News> {
    let channel = event["peer"]["id"].as_str()?.to_owned();
    let cause = match event["dialstatus"].as_str()? {
        "PROGRESS" => return Some(News::Early { channel }),
        "BUSY" => Cause::Busy,
        "CONGESTION" => Cause::Congestion,
        "CHANUNAVAIL" => Cause::Unreachable,
        "NOANSWER" => Cause::NoAnswer,
        _ => return None,
    };
    Some(News::Gone { channel, cause })
}

fn started(event: &Value, settings: &PbxSettings) -> Option<News> {
    let channel = &event["channel"];
    let id = channel["id"].as_str()?;
    let args: Vec<&str> = event["args"].as_array()?.iter().filter_map(Value::as_str).collect();
    match args.first() {
        Some(&EAR) => None,
        Some(&DIALLED) => Some(News::Up { channel: id.to_owned() }),
        _ => arrival(channel, &args, settings).map(News::Arrived),
    }
}

/// A call that the dialplan handed over: `Stasis(huiyin,line,NAME)`,
/// `Stasis(huiyin,phone,EXTENSION)`, or without more words by the endpoint.
fn arrival(channel: &Value, args: &[&str], settings: &PbxSettings) -> Option<Arrival> {
    let technical = channel["name"].as_str().unwrap_or_default();
    let endpoint = technical.split_once('/').map_or(technical, |(_, rest)| rest);
    let endpoint = endpoint.rsplit_once('-').map_or(endpoint, |(name, _)| name);
    let is_line = |name: &str| settings.lines.iter().any(|line| line.name == name);
    let origin = match args {
        ["line", name, ..] => Origin::Trunk((*name).to_owned()),
        ["phone", name, ..] => Origin::Extension((*name).to_owned()),
        ["line"] => Origin::Trunk(endpoint.to_owned()),
        ["phone"] => Origin::Extension(endpoint.to_owned()),
        _ if is_line(endpoint) || settings.lines.is_empty() => Origin::Trunk(endpoint.to_owned()),
        _ => Origin::Extension(endpoint.to_owned()),
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let name = text(&channel["caller"]["name"]);
    Some(Arrival {
        channel: channel["id"].as_str()?.to_owned(),
        up: channel["state"] == "Up",
        origin,
        caller: text(&channel["caller"]["number"]),
        called: text(&channel["dialplan"]["exten"]),
        name: (!name.is_empty()).then_some(name),
    })
}

/// A channel of the list, with its arrival where it is in our application.
pub(crate) fn present(channel: &Value, settings: &PbxSettings) -> Option<Present> {
    let id = channel["id"].as_str()?.to_owned();
    let up = channel["state"] == "Up";
    let plan = &channel["dialplan"];
    let data = plan["app_data"].as_str().unwrap_or_default();
    let mut words = data.split(',').map(str::trim);
    let ours = plan["app_name"] == "Stasis" && words.next() == Some(&settings.context);
    let args: Vec<&str> = words.collect();
    let arrival = ours.then(|| arrival(channel, &args, settings)).flatten();
    Some(Present { channel: id, up, arrival })
}

fn transfer(event: &Value) -> Option<News> {
    // only where we are asked to do it ourselves
    let referred = &event["refer_to"];
    let wanted = &referred["requested_destination"]["destination"];
    let other = &referred["destination_channel"];
    let to = wanted.as_str().or(other["caller"]["number"].as_str()).unwrap_or_default();
    Some(News::Transfer {
        channel: event["referred_by"]["source_channel"]["id"].as_str()?.to_owned(),
        to: to.to_owned(),
        replaces: other["id"].as_str().map(str::to_owned),
    })
}

/// A phone or a line, from the list of endpoints or an event.
pub(crate) fn endpoint(endpoint: &Value, settings: &PbxSettings) -> Option<News> {
    let name = endpoint["resource"].as_str()?.to_owned();
    let up = match endpoint["state"].as_str()? {
        "online" => true,
        "offline" => false,
        _ => return None,
    };
    if settings.lines.iter().any(|line| line.name == name) {
        return Some(News::Line { name, up });
    }
    let from = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);
    Some(phone(name, from, up))
}

fn contact(event: &Value, settings: &PbxSettings) -> Option<News> {
    let name = event["endpoint"]["resource"].as_str()?.to_owned();
    let contact = &event["contact_info"];
    let up = match contact["contact_status"].as_str()? {
        "Reachable" | "NonQualified" | "Created" | "Updated" => true,
        "Unreachable" | "Removed" => false,
        _ => return None,
    };
    if settings.lines.iter().any(|line| line.name == name) {
        return Some(News::Line { name, up });
    }
    let uri = contact["uri"].as_str().unwrap_or_default();
    let host = uri.split('@').next_back().and_then(|rest| rest.split(';').next()).unwrap_or_default();
    let from = host.parse().or_else(|_| host.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, 5060)));
    Some(phone(name, from.unwrap_or(SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0)), up))
}

fn phone(extension: String, from: SocketAddr, there: bool) -> News {
    let registration = Registration { extension, from, browser: false, agent: None };
    News::Phone { registration, there }
}

/// What a cause of ITU-T Q.850 means.
pub(crate) fn cause(q850: Option<u64>) -> Cause {
    match q850.unwrap_or_default() {
        1 | 22 | 28 => Cause::NotFound,
        0 | 16 | 31 => Cause::Normal,
        17 => Cause::Busy,
        18 | 19 => Cause::NoAnswer,
        2 | 3 | 20 | 27 => Cause::Unreachable,
        21 => Cause::Declined,
        26 => Cause::AnsweredElsewhere,
        34 | 42 | 44 => Cause::Congestion,
        50 | 57 => Cause::Forbidden,
        58 | 65 | 79 | 88 => Cause::Incompatible,
        _ => Cause::Failure,
    }
}
