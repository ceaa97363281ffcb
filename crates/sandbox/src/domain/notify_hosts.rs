//! The hosts that notifications may be sent to.
//!
//! A merchant's address makes the gateway send a request, and the start of the answer can be read.
//! Without a limit, everybody who may create a session could reach the network that the sandbox runs
//! in. So this machine may be notified, and another host only when the sandbox was started for it.
//! Names are checked twice: as they are written, and by the addresses that they resolve to.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use thiserror::Error;
use url::Host;

use super::web_url::{WebUrl, is_usual_name};

/// A host that notifications may be sent to, besides this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotifyHost(Host<String>);

/// The text is no host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("accepted is a name or an address without scheme, port and path, such as shop.example")]
pub struct NotAHost;

impl FromStr for NotifyHost {
    type Err = NotAHost;

    fn from_str(text: &str) -> Result<Self, NotAHost> {
        if let Ok(address) = text.parse::<Ipv6Addr>() {
            return Ok(Self(Host::Ipv6(address)));
        }
        match Host::parse(text).map_err(|_| NotAHost)? {
            Host::Domain(name) if !is_usual_name(&name) => Err(NotAHost),
            host @ (Host::Domain(_) | Host::Ipv4(_) | Host::Ipv6(_)) => Ok(Self(host)),
        }
    }
}

impl fmt::Display for NotifyHost {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// Why no notification is sent to an address. The message names the switch.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HostRefused {
    /// The sandbox was not started for this host.
    #[error(
        "{0} is not this machine; the sandbox notifies other hosts only when it is started with \
         --allow-notify-host {0}"
    )]
    Host(String),
    /// The name has an address that only names of this machine, or only inner networks, have.
    #[error(
        "{host} resolves to {address}, which is not a public address; the sandbox uses it only when \
         it is started with --allow-notify-host {address}"
    )]
    Address {
        /// The name.
        host: String,
        /// The address.
        address: IpAddr,
    },
}

/// The hosts that notifications may be sent to, besides this machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotifyHosts(Vec<NotifyHost>);

impl From<Vec<NotifyHost>> for NotifyHosts {
    fn from(hosts: Vec<NotifyHost>) -> Self {
        Self(hosts)
    }
}

impl NotifyHosts {
    /// Whether notifications may be sent to this address, as it is written. Forms such as
    /// `https://2130706433/` have been normalised.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, url: &WebUrl) -> Result<(), HostRefused> {
        let Some(host) = url.normalised().host() else {
            return Err(HostRefused::Host(String::new()));
        };
        let host = host.to_owned();
        if is_this_machine(&host) || self.0.iter().any(|allowed| allowed.0 == host) {
            Ok(())
        } else {
            Err(HostRefused::Host(host.to_string()))
        }
    }

    /// Whether a request to a host that passed [`Self::check`] may go to this address, which the
    /// host's name resolved to.
    ///
    /// # Errors
    /// Why not.
    pub fn check_address(&self, host: &Host<String>, address: IpAddr) -> Result<(), HostRefused> {
        let address = address.to_canonical();
        let as_host: Host<String> = match address {
            IpAddr::V4(address) => Host::Ipv4(address),
            IpAddr::V6(address) => Host::Ipv6(address),
        };
        let may_be_used = address.is_loopback()
            || (!is_this_machine(host) && is_public(address))
            || self.0.iter().any(|allowed| allowed.0 == as_host);
        if may_be_used {
            Ok(())
        } else {
            Err(HostRefused::Address { host: host.to_string(), address })
        }
    }
}

/// Whether a host is this machine by its form.
pub(crate) fn is_this_machine(host: &Host<String>) -> bool {
    match host {
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.to_canonical().is_loopback(),
    }
}

/// Whether an address belongs to a host of the internet. Source: the special-purpose address
/// registries of IANA.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let is_special = match address.octets() {
        // This network, protocol assignments, benchmarks.
        [0, ..] | [192, 0, 0, _] | [198, 18..=19, ..] => true,
        // Carriers' networks.
        [100, 64..=127, ..] => true,
        // Multicast, reserved, broadcast.
        [224..=255, ..] => true,
        _ => false,
    };
    !is_special
        && !address.is_private()
        && !address.is_loopback()
        && !address.is_link_local()
        && !address.is_documentation()
}

/// Global unicast is `2000::/3`. In it, protocol assignments and Teredo, documentation, and 6to4 are
/// special; the last and Teredo contain IPv4 addresses.
fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        [0x2001, 0..=0x01ff, ..] | [0x2001, 0x0db8, ..] | [0x2002, ..] => false,
        [0x3fff, 0..=0x0fff, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(names: &[&str]) -> NotifyHosts {
        names.iter().map(|name| name.parse().unwrap()).collect::<Vec<NotifyHost>>().into()
    }

    fn check(hosts: &NotifyHosts, url: &str) -> Result<(), HostRefused> {
        hosts.check(&url.parse().unwrap())
    }

    #[test]
    fn this_machine_may_always_be_notified() {
        for url in [
            "http://localhost:3000/n",
            "https://localhost/n",
            "http://shop.localhost/n",
            "http://127.0.0.1/n",
            "https://127.8.9.1:99/n",
            "http://[::1]:3000/n",
            // Other forms of 127.0.0.1.
            "https://2130706433/",
            "https://0177.0.0.1/",
            "https://0x7f.1/",
            "https://[::ffff:127.0.0.1]/",
        ] {
            assert_eq!(check(&hosts(&[]), url), Ok(()), "{url}");
        }
    }

    #[test]
    fn other_hosts_need_the_switch_which_the_message_names() {
        for (url, host) in [
            ("https://shop.example/n", "shop.example"),
            ("https://SHOP.example/n", "shop.example"),
            ("https://localhost.example/", "localhost.example"),
            ("https://notlocalhost/", "notlocalhost"),
            ("https://10.0.0.1/", "10.0.0.1"),
            ("https://192.168.1.1/", "192.168.1.1"),
            ("https://172.16.0.1/", "172.16.0.1"),
            ("https://169.254.169.254/latest/meta-data", "169.254.169.254"),
            ("https://0.0.0.0/", "0.0.0.0"),
            ("https://0/", "0.0.0.0"),
            ("https://[::]/", "[::]"),
            ("https://[fd00::1]/", "[fd00::1]"),
            ("https://[fe80::1]/", "[fe80::1]"),
            ("https://[::ffff:10.0.0.1]/", "[::ffff:a00:1]"),
            // Decimal, octal and hexadecimal forms of 10.0.0.1 and 169.254.169.254.
            ("https://167772161/", "10.0.0.1"),
            ("https://012.0.0.1/", "10.0.0.1"),
            ("https://0xa.1/", "10.0.0.1"),
            ("https://0xa9fea9fe/", "169.254.169.254"),
            ("https://8.8.8.8/", "8.8.8.8"),
            ("https://metadata.internal./", "metadata.internal."),
        ] {
            let refused = check(&hosts(&["other.example"]), url);
            assert_eq!(refused, Err(HostRefused::Host(host.to_owned())), "{url}");
            let message = refused.unwrap_err().to_string();
            assert!(message.contains(&format!("--allow-notify-host {host}")), "{message}");
            // The switch that the message names is the one that helps.
            assert_eq!(check(&hosts(&[host]), url), Ok(()), "{url}");
        }
    }

    #[test]
    fn names_may_have_public_addresses_only() {
        let name = Host::Domain("shop.example".to_owned());
        let none = hosts(&["shop.example"]);
        for address in ["8.8.8.8", "100.63.0.1", "2606:4700::1111", "127.0.0.1", "::1"] {
            assert_eq!(none.check_address(&name, address.parse().unwrap()), Ok(()), "{address}");
        }
        for address in [
            "10.0.0.1",
            "172.31.0.1",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "192.0.0.1",
            "198.18.0.1",
            "203.0.113.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "fd00::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "2001::a00:1",
            "2001:db8::1",
        ] {
            let address: IpAddr = address.parse().unwrap();
            let message = none.check_address(&name, address).unwrap_err().to_string();
            let address = address.to_canonical();
            assert!(message.contains(&format!("--allow-notify-host {address}")), "{message}");
            let both = hosts(&["shop.example", &address.to_string()]);
            assert_eq!(both.check_address(&name, address), Ok(()), "{address}");
        }
    }

    #[test]
    fn a_name_of_this_machine_has_addresses_of_this_machine() {
        let name = Host::Domain("localhost".to_owned());
        for (address, is_used) in [("127.0.0.1", true), ("::1", true), ("8.8.8.8", false)] {
            let checked = hosts(&[]).check_address(&name, address.parse().unwrap());
            assert_eq!(checked.is_ok(), is_used, "{address}");
        }
    }

    #[test]
    fn hosts_are_names_and_addresses() {
        for text in ["shop.example", "localhost", "10.0.0.1", "[fd00::1]", "fd00::1", "a_b.example"]
        {
            assert!(text.parse::<NotifyHost>().is_ok(), "{text}");
        }
        for text in
            ["https://shop.example", "shop.example:443", "shop.example/", "", "a b", "*", "a,b"]
        {
            assert_eq!(text.parse::<NotifyHost>(), Err(NotAHost), "{text}");
        }
    }
}
