//! Which addresses a target has, and the INVITE for each.

use super::timer;
use crate::core::Core;
use crate::core::headers::{allow, safe_name};
use crate::{Dial, Target, Trunk, TrunkMode};
use rsipstack::dialog::invitation::InviteOption;
use rsipstack::sip::{Auth, Header, Transport, Uri};
use rsipstack::transport::SipAddr;
use std::time::Instant;

/// One address to call.
pub(crate) struct Way {
    uri: Uri,
    destination: Option<SipAddr>,
    pub(crate) browser: bool,
    pub(crate) trunk: Option<Trunk>,
}

/// Groups of addresses: those of a group ring at once, the next group is
/// tried when all of one have failed.
pub(crate) fn ways(core: &Core, to: &Target, house: Option<&str>) -> Vec<Vec<Way>> {
    match to {
        Target::Extension(name) => {
            let phones = core.registrar.contacts(name, Instant::now());
            let way = |phone: crate::core::registrar::Contact| Way {
                uri: reached(phone.uri, &phone.source),
                destination: Some(phone.source),
                browser: phone.browser,
                trunk: None,
            };
            vec![phones.into_iter().map(way).collect()]
        }
        Target::Number { number, trunk } => {
            let trunks = core.trunks_for(trunk.as_deref(), house);
            let way = |trunk: Trunk| {
                let uri = trunk.uri(Some(&trunk.dialled.apply(number)))?;
                Some(vec![Way { uri, destination: None, browser: false, trunk: Some(trunk) }])
            };
            trunks.into_iter().filter_map(way).collect()
        }
        Target::Uri(uri) => match Uri::try_from(uri.as_str()) {
            Ok(uri) => vec![vec![Way { uri, destination: None, browser: false, trunk: None }]],
            Err(fault) => {
                tracing::info!(%fault, "an unreadable address");
                Vec::new()
            }
        },
    }
}

/// The address that a phone registered, at the place that it came from.
///
/// The stack sends a CANCEL where the address says, not where the INVITE went (RFC 3261
/// §9.1), and a phone behind a router writes its inner place there. A connection is used
/// again by itself.
fn reached(mut uri: Uri, source: &SipAddr) -> Uri {
    if source.r#type.is_none_or(|transport| transport == Transport::Udp) {
        uri.host_with_port = source.addr.clone();
    }
    uri
}

impl Way {
    /// The INVITE for this address.
    pub(crate) fn invite(&self, core: &Core, dial: &Dial, offer: &str) -> InviteOption {
        let contact = core.contact(self.destination.as_ref().or(self.guessed().as_ref()));
        let mut headers = vec![allow(), Header::Supported("timer, replaces".into())];
        headers.extend(timer::ask(core.settings.session_expires));
        if dial.auto_answer {
            headers.push(Header::CallInfo(format!("<sip:{}>;answer-after=0", core.settings.realm).into()));
            headers.push(Header::AlertInfo("<http://127.0.0.1>;info=alert-autoanswer;delay=0".into()));
        }
        if let Some(note) = &dial.note {
            headers.push(Header::Subject(safe_name(note).into()));
        }
        InviteOption {
            caller_display_name: dial.name.as_deref().map(safe_name).filter(|name| !name.is_empty()),
            caller: self.caller(core, dial, &contact),
            callee: self.uri.clone(),
            destination: self.destination.clone(),
            offer: Some(offer.as_bytes().to_vec()),
            contact,
            credential: self.trunk.as_ref().and_then(Trunk::credential),
            headers: Some(headers),
            support_prack: true,
            ..InviteOption::default()
        }
    }

    /// Who the call is from: to a carrier the number that it gave us.
    fn caller(&self, core: &Core, dial: &Dial, contact: &Uri) -> Uri {
        let Some(trunk) = &self.trunk else {
            let uri = format!("sip:{}", core.settings.realm);
            let host = Uri::try_from(uri.as_str()).map(|uri| uri.host_with_port);
            return Uri {
                auth: user(&dial.from),
                host_with_port: host.unwrap_or_else(|_| contact.host_with_port.clone()),
                params: Vec::new(),
                ..contact.clone()
            };
        };
        let account = match &trunk.mode {
            TrunkMode::Register { user, .. } => user.as_str(),
            TrunkMode::Peer => dial.from.as_str(),
        };
        let shown = trunk.caller_id.as_deref().unwrap_or(account);
        Uri { auth: user(shown), params: Vec::new(), ..self.uri.clone() }
    }

    fn guessed(&self) -> Option<SipAddr> {
        SipAddr::try_from(&self.uri).ok()
    }
}

fn user(name: &str) -> Option<Auth> {
    let name: String = name.chars().filter(|sign| !sign.is_control() && !sign.is_whitespace()).collect();
    (!name.is_empty()).then_some(Auth { user: name, password: None })
}
