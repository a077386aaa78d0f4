//! Events of FreeSWITCH become news.

use super::orders::Worker;
use crate::core::{Arrival, News};
use crate::settings::PbxSettings;
use freeswitch_esl_tokio::EslEvent;
use huiyin_telephony::{Cause, Origin, Registration};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Reads one event; other people's channels say nothing.
pub(crate) async fn read(event: &EslEvent, worker: &Worker) -> Vec<News> {
    let channel = event.header_str("Unique-ID").unwrap_or_default().to_owned();
    let one = match event.header_str("Event-Name").unwrap_or_default() {
        "CHANNEL_PARK" => arrival(|name| event.header_str(name), &worker.settings).map(News::Arrived),
        "CHANNEL_PROGRESS" => Some(News::Ringing { channel }),
        "CHANNEL_PROGRESS_MEDIA" => Some(News::Early { channel }),
        "CHANNEL_ANSWER" => Some(News::Up { channel }),
        "CHANNEL_HOLD" => Some(News::Held { channel, held: true }),
        "CHANNEL_UNHOLD" => Some(News::Held { channel, held: false }),
        "DTMF" => {
            let digit = event.header_str("DTMF-Digit").and_then(|digit| digit.chars().next());
            digit.map(|digit| News::Digit { channel, digit })
        }
        "PLAYBACK_STOP" => played(event, &channel, worker),
        "RECORD_STOP" => return worker.taped(&channel).await.into_iter().collect(),
        "CHANNEL_HANGUP_COMPLETE" => return gone(event, channel, worker).await,
        "BACKGROUND_JOB" => job(event, worker),
        "CUSTOM" => custom(event, &worker.settings),
        _ => None,
    };
    one.into_iter().collect()
}

/// A call that the dialplan parked for us.
pub(crate) fn arrival<'a>(
    header: impl Fn(&str) -> Option<&'a str>,
    settings: &PbxSettings,
) -> Option<Arrival> {
    if header("variable_huiyin_context") != Some(&settings.context) {
        return None;
    }
    let said = header("variable_huiyin_origin").unwrap_or_default();
    let caller = header("Caller-Caller-ID-Number").unwrap_or_default().to_owned();
    let origin = match said.split_once(':') {
        Some(("phone", name)) => Origin::Extension(name.to_owned()),
        Some(("line", name)) => Origin::Trunk(name.to_owned()),
        _ => Origin::Trunk(header("variable_sip_gateway_name").unwrap_or("freeswitch").to_owned()),
    };
    let name = header("Caller-Caller-ID-Name").unwrap_or_default();
    Some(Arrival {
        channel: header("Unique-ID")?.to_owned(),
        up: header("Answer-State") == Some("answered"),
        origin,
        called: header("Caller-Destination-Number").unwrap_or_default().to_owned(),
        name: (!name.is_empty() && name != caller).then(|| name.to_owned()),
        caller,
    })
}

fn played(event: &EslEvent, channel: &str, worker: &Worker) -> Option<News> {
    let path = event.header_str("Playback-File-Path")?;
    let whole = event.header_str("Playback-Status") == Some("done");
    let playback = worker.kept.with(|kept| {
        let queue = kept.playing.get_mut(channel)?;
        // what could not be opened before it said nothing
        let at = queue.iter().position(|(file, _)| file == path)?;
        queue.drain(..=at).next_back().map(|(_, playback)| playback)
    })?;
    Some(News::Played { playback, whole })
}

async fn gone(event: &EslEvent, channel: String, worker: &Worker) -> Vec<News> {
    let why = event.header_str("Hangup-Cause").or(event.header_str("variable_hangup_cause"));
    let cause = cause(why.unwrap_or_default());
    worker.kept.with(|kept| {
        kept.playing.remove(&channel);
        kept.rooms.values_mut().for_each(|members| members.retain(|member| *member != channel));
    });
    // the recording of a channel ends with it
    let mut news: Vec<News> = worker.taped(&channel).await.into_iter().collect();
    news.push(News::Gone { channel, cause });
    news
}

/// What became of a call that we asked for.
fn job(event: &EslEvent, worker: &Worker) -> Option<News> {
    let job = event.header_str("Job-UUID")?;
    let channel = worker.kept.with(|kept| kept.jobs.remove(job))?;
    let why = event.body()?.trim().strip_prefix("-ERR")?.trim();
    Some(News::Gone { channel, cause: cause(why) })
}

fn custom(event: &EslEvent, settings: &PbxSettings) -> Option<News> {
    match event.header_str("Event-Subclass")? {
        "sofia::register" => Some(phone(event, true)?),
        "sofia::unregister" | "sofia::expire" => Some(phone(event, false)?),
        "sofia::gateway_state" => {
            let name = event.header_str("Gateway")?.to_owned();
            settings.lines.iter().find(|line| line.name == name)?;
            let up = match event.header_str("State")? {
                "REGED" => true,
                "NOREG" => event.header_str("Ping-Status") != Some("DOWN"),
                _ => false,
            };
            Some(News::Line { name, up })
        }
        _ => None,
    }
}

fn phone(event: &EslEvent, there: bool) -> Option<News> {
    let extension = event.header_str("from-user").or(event.header_str("user"))?.to_owned();
    let ip = event.header_str("network-ip").and_then(|ip| ip.parse().ok());
    let port = event.header_str("network-port").and_then(|port| port.parse().ok()).unwrap_or(0);
    let from = SocketAddr::new(ip.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)), port);
    let agent = event.header_str("user-agent").map(str::to_owned);
    let browser = event.header_str("contact").is_some_and(|contact| contact.contains("transport=ws"));
    Some(News::Phone { registration: Registration { extension, from, browser, agent }, there })
}

/// What a cause of FreeSWITCH means.
pub(crate) fn cause(name: &str) -> Cause {
    match name {
        "" | "NORMAL_CLEARING" | "NORMAL_UNSPECIFIED" | "BLIND_TRANSFER" | "ATTENDED_TRANSFER" => {
            Cause::Normal
        }
        "ORIGINATOR_CANCEL" => Cause::Cancelled,
        "LOSE_RACE" | "PICKED_OFF" | "NON_SELECTED_USER_CLEARING" => Cause::AnsweredElsewhere,
        "USER_BUSY" => Cause::Busy,
        "NO_ANSWER" | "NO_USER_RESPONSE" | "ALLOTTED_TIMEOUT" | "PROGRESS_TIMEOUT" => Cause::NoAnswer,
        "CALL_REJECTED" => Cause::Declined,
        "USER_NOT_REGISTERED"
        | "SUBSCRIBER_ABSENT"
        | "NO_ROUTE_DESTINATION"
        | "NO_ROUTE_TRANSIT_NET"
        | "DESTINATION_OUT_OF_ORDER"
        | "GATEWAY_DOWN"
        | "RECOVERY_ON_TIMER_EXPIRE"
        | "INVALID_GATEWAY" => Cause::Unreachable,
        "UNALLOCATED_NUMBER" | "INVALID_NUMBER_FORMAT" | "NUMBER_CHANGED" => Cause::NotFound,
        "OUTGOING_CALL_BARRED" | "INCOMING_CALL_BARRED" | "BEARERCAPABILITY_NOTAUTH" => Cause::Forbidden,
        "NORMAL_CIRCUIT_CONGESTION" | "SWITCH_CONGESTION" | "REQUESTED_CHAN_UNAVAIL" => Cause::Congestion,
        "MEDIA_TIMEOUT" => Cause::MediaLost,
        "INCOMPATIBLE_DESTINATION" | "BEARERCAPABILITY_NOTIMPL" => Cause::Incompatible,
        _ => Cause::Failure,
    }
}

/// How a cause is called when we hang up.
pub(crate) fn name(cause: Cause) -> &'static str {
    match cause {
        Cause::Normal => "NORMAL_CLEARING",
        Cause::Cancelled => "ORIGINATOR_CANCEL",
        Cause::AnsweredElsewhere => "LOSE_RACE",
        Cause::Busy => "USER_BUSY",
        Cause::NoAnswer => "NO_ANSWER",
        Cause::Declined => "CALL_REJECTED",
        Cause::Unreachable => "SUBSCRIBER_ABSENT",
        Cause::NotFound => "UNALLOCATED_NUMBER",
        Cause::Forbidden => "OUTGOING_CALL_BARRED",
        Cause::Congestion => "NORMAL_CIRCUIT_CONGESTION",
        Cause::MediaLost => "MEDIA_TIMEOUT",
        Cause::Incompatible => "INCOMPATIBLE_DESTINATION",
        Cause::Failure => "NETWORK_OUT_OF_ORDER",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CALL-5: every cause that we give comes back as itself.
    #[test]
    fn causes_survive_the_way_through_freeswitch() {
        for ours in [
            Cause::Normal,
            Cause::Cancelled,
            Cause::AnsweredElsewhere,
            Cause::Busy,
            Cause::NoAnswer,
            Cause::Declined,
            Cause::Unreachable,
            Cause::NotFound,
            Cause::Forbidden,
            Cause::Congestion,
            Cause::MediaLost,
            Cause::Incompatible,
            Cause::Failure,
        ] {
            assert_eq!(cause(name(ours)), ours);
        }
    }
}
