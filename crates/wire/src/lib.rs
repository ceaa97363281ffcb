//! Serde types of the client protocol and the server API.
#![forbid(unsafe_code)]
