//! A browser as a leg: ICE, DTLS and SRTP by str0m, our laws only.

use crate::law::Law;
use crate::leg::Terms;
use crate::rtp::Packet;
use mio::net::UdpSocket;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Instant;
use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::format::{Codec, PayloadParams};
use str0m::media::{Direction, Frequency, MediaKind, Mid};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{RtpPacket, RtpWrite};
use str0m::{Candidate, Event, Input, Output, Rtc, RtcError};

/// Why a browser's description is not taken.
#[derive(Debug, thiserror::Error)]
pub enum BrowserFault {
    /// It is no description of WebRTC, or none that fits.
    #[error("the browser's session description is not acceptable: {0}")]
    Description(String),
    /// No sound, or none of our laws.
    #[error("no PCMA or PCMU in the browser's session description")]
    NoLaw,
}

impl From<RtcError> for BrowserFault {
    fn from(error: RtcError) -> Self {
        Self::Description(error.to_string())
    }
}

/// The session with one browser.
pub(crate) struct Browser {
    socket: UdpSocket,
    /// The address that the browser was told.
    at: SocketAddr,
    rtc: Rtc,
    mid: Option<Mid>,
    pending: Option<SdpPendingOffer>,
    sequence: u64,
    stamps: Stamps,
    heard: VecDeque<RtpPacket>,
    /// When it wants to be woken.
    pub(crate) wakes: Instant,
}

impl Browser {
    /// Makes a session on a socket; `at` is the address that browsers reach.
    pub(crate) fn new(socket: UdpSocket, at: SocketAddr) -> Result<Self, BrowserFault> {
        let now = Instant::now();
        let mut config = Rtc::builder().clear_codecs().enable_pcma(true, false).enable_pcmu(true, false);
        config = config.set_rtp_mode(true).set_ice_lite(true);
        config.codec_config().add_config(
            101.into(),
            None,
            Codec::Tele,
            Frequency::EIGHT_KHZ,
            None,
            Default::default(),
        );
        let mut rtc = config.build(now);
        let candidate =
            Candidate::host(at, "udp").map_err(|error| BrowserFault::Description(error.to_string()))?;
        rtc.add_local_candidate(candidate);
        let stamps = Stamps::default();
        Ok(Self {
            socket,
            at,
            rtc,
            mid: None,
            pending: None,
            sequence: 1,
            stamps,
            heard: VecDeque::new(),
            wakes: now,
        })
    }

    /// Gives the socket, to wait for it.
    pub(crate) fn socket(&mut self) -> &mut UdpSocket {
        &mut self.socket
    }

    /// Writes our offer.
    pub(crate) fn offer(&mut self) -> Result<String, BrowserFault> {
        let mut change = self.rtc.sdp_api();
        if self.mid.is_none() {
            self.mid = Some(change.add_media(MediaKind::Audio, Direction::SendRecv, None, None, None));
        }
        let (offer, pending) =
            change.apply().ok_or_else(|| BrowserFault::Description("nothing to offer".to_owned()))?;
        self.pending = Some(pending);
        Ok(offer.to_sdp_string())
    }

    /// Takes the browser's answer to our offer.
    pub(crate) fn take_answer(&mut self, text: &str) -> Result<Terms, BrowserFault> {
        let answer =
            SdpAnswer::from_sdp_string(text).map_err(|error| BrowserFault::Description(error.to_string()))?;
        let pending =
            self.pending.take().ok_or_else(|| BrowserFault::Description("nothing was offered".to_owned()))?;
        self.rtc.sdp_api().accept_answer(pending, answer)?;
        self.terms(text)
    }

    /// Answers the browser's offer, the first one or a later one.
    pub(crate) fn answer(&mut self, text: &str) -> Result<(String, Terms), BrowserFault> {
        let offer =
            SdpOffer::from_sdp_string(text).map_err(|error| BrowserFault::Description(error.to_string()))?;
        let answer = self.rtc.sdp_api().accept_offer(offer)?;
        self.drain();
        Ok((answer.to_sdp_string(), self.terms(text)?))
    }

    fn terms(&mut self, said: &str) -> Result<Terms, BrowserFault> {
        self.drain();
        let has = |name: &str| said.to_ascii_lowercase().contains(name);
        let law = if has("pcma/8000") {
            Law::Pcma
        } else if has("pcmu/8000") {
            Law::Pcmu
        } else {
            return Err(BrowserFault::NoLaw);
        };
        Ok(Terms { law, keys: self.keys() })
    }

    fn keys(&self) -> Option<u8> {
        let known = self.rtc.codec_config().params();
        known
            .iter()
            .find(|params| params.spec().codec == Codec::Tele)
            .map(|params: &PayloadParams| *params.pt())
    }

    /// Takes a datagram; what is heard waits in [`Browser::next`].
    pub(crate) fn datagram(&mut self, bytes: &[u8], from: SocketAddr) {
        let Ok(contents) = bytes.try_into() else { return };
        let received = Receive { proto: Protocol::Udp, source: from, destination: self.at, contents };
        let input = Input::Receive(Instant::now(), received);
        if self.rtc.accepts(&input)
            && let Err(error) = self.rtc.handle_input(input)
        {
            tracing::debug!(%error, "browser leg");
        }
        self.drain();
    }

    /// Lets time pass.
    pub(crate) fn wake(&mut self, now: Instant) {
        if let Err(error) = self.rtc.handle_input(Input::Timeout(now)) {
            tracing::debug!(%error, "browser leg");
        }
        self.drain();
    }

    /// Gives what was heard.
    pub(crate) fn next(&mut self) -> Option<RtpPacket> {
        self.heard.pop_front()
    }

    /// Says whether the browser is still there.
    pub(crate) fn is_alive(&self) -> bool {
        self.rtc.is_alive()
    }

    /// Sends a packet; false while the browser cannot hear yet.
    pub(crate) fn send(&mut self, packet: &Packet<'_>) -> bool {
        let Some(mid) = self.mid.filter(|_| self.rtc.is_connected()) else { return false };
        let time = self.stamps.unrolled(packet.timestamp);
        let sequence = self.sequence;
        let mut direct = self.rtc.direct_api();
        let Some(stream) = direct.stream_tx_by_mid(mid, None) else { return false };
        let write =
            RtpWrite::new(packet.payload_type.into(), sequence.into(), time, Instant::now(), packet.payload);
        stream.write_rtp(write.marker(packet.marker));
        self.sequence += 1;
        // the stream is flushed by the passing of time, which is now
        self.wake(Instant::now());
        true
    }

    fn drain(&mut self) {
        loop {
            match self.rtc.poll_output() {
                Ok(Output::Transmit(out)) => {
                    let _ = self.socket.send_to(&out.contents, out.destination);
                }
                Ok(Output::Event(Event::RtpPacket(packet))) => {
                    if self.heard.len() < 64 {
                        self.heard.push_back(packet);
                    }
                }
                Ok(Output::Event(Event::MediaAdded(added))) => self.mid = Some(added.mid),
                Ok(Output::Event(_)) => {}
                Ok(Output::Timeout(at)) => {
                    self.wakes = at;
                    return;
                }
                Err(error) => {
                    tracing::debug!(%error, "browser leg ends");
                    self.rtc.disconnect();
                    return;
                }
            }
        }
    }
}

/// 32-bit stamps counted on beyond their turn.
#[derive(Default)]
struct Stamps {
    last: Option<(u32, u32)>,
    whole: u32,
}

impl Stamps {
    /// Gives the stamp as str0m wants it: counted from the first one on.
    fn unrolled(&mut self, stamp: u32) -> u32 {
        let (first, _) = *self.last.get_or_insert((stamp, stamp));
        self.whole = stamp.wrapping_sub(first).wrapping_add(8_000);
        self.whole
    }
}
