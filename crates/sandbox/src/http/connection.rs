//! Data of a connection, passed between the listener and the handlers as extensions.

use std::net::IpAddr;

/// The address of the client, in a request's extensions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// In a response's extensions: the listener closes the connection and sends nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CloseInstead;
