//! The endpoint against real peers: SIPp and baresip from Debian, and raw
//! sockets for what neither would send.

mod calls;
mod kit;
mod load;
mod peers;
mod phones;
mod raw;
mod robust;
mod sound;
mod trunks;
mod web;
