//! Who is at the other end: the socket's peer, or whom a trusted proxy names.

use std::net::{IpAddr, Ipv4Addr};

use http::HeaderMap;
use ipnet::IpNet;
use oolong_core::{Error, Result};

/// The client's address, in the request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientIp(pub IpAddr);

impl ClientIp {
    /// The address of a connection that has none (a unix socket).
    pub const LOCAL: Self = Self(IpAddr::V4(Ipv4Addr::LOCALHOST));
}

/// Which peers may name another client in `X-Forwarded-For` (`REVERSE_PROXY_TRUSTED_PROXIES`).
#[derive(Clone, Debug)]
pub struct TrustedProxies {
    networks: Vec<IpNet>,
    all: bool,
    /// How many hops may be skipped (`REVERSE_PROXY_LIMIT`); 0 trusts nobody.
    limit: usize,
}

impl TrustedProxies {
    /// Parses networks and single addresses; `*` trusts everybody.
    pub fn parse(items: &[String], limit: u32) -> Result<Self> {
        let mut proxies =
            Self { networks: Vec::new(), all: false, limit: usize::try_from(limit).unwrap_or(0) };
        for item in items {
            if item == "*" {
                proxies.all = true;
                continue;
            }
            let network =
                item.parse().or_else(|_| item.parse::<IpAddr>().map(IpNet::from)).map_err(|_| {
                    Error::invalid(format!(
                        "[security] REVERSE_PROXY_TRUSTED_PROXIES: {item:?} is no address or network"
                    ))
                })?;
            proxies.networks.push(network);
        }
        Ok(proxies)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.all || self.networks.iter().any(|network| network.contains(&address))
    }

    /// The client: walk the peer and then `X-Forwarded-For` from right to left, and stop at the first hop that is
    /// not trusted. What stands left of it could have been written by anybody.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> ClientIp {
        let mut client = peer;
        let hops = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .collect::<Vec<_>>();
        for hop in hops.into_iter().rev().take(self.limit) {
            if !self.trusts(client) {
                break;
            }
            let Ok(address) = hop.parse() else { break };
            client = address;
        }
        ClientIp(client.to_canonical())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_peers_name_another_client() {
        let proxies = |limit: u32| {
            TrustedProxies::parse(&["127.0.0.0/8".into(), "::1".into(), "10.0.0.1".into()], limit)
                .expect("valid")
        };
        for (limit, peer, forwarded, client) in [
            (1, "127.0.0.1", "", "127.0.0.1"),
            (1, "127.0.0.1", "9.9.9.9", "9.9.9.9"),
            (1, "8.8.8.8", "9.9.9.9", "8.8.8.8"),
            (2, "127.0.0.1", "6.6.6.6, 10.0.0.1", "6.6.6.6"),
            (1, "127.0.0.1", "6.6.6.6, 10.0.0.1", "10.0.0.1"),
            (2, "127.0.0.1", "6.6.6.6, 9.9.9.9", "9.9.9.9"),
            (0, "127.0.0.1", "9.9.9.9", "127.0.0.1"),
            (1, "127.0.0.1", "nonsense", "127.0.0.1"),
            (1, "::ffff:127.0.0.1", "9.9.9.9", "9.9.9.9"),
        ] {
            let mut headers = HeaderMap::new();
            if !forwarded.is_empty() {
                headers.insert("x-forwarded-for", forwarded.parse().expect("a header"));
            }
            let got = proxies(limit).client(peer.parse().expect("an address"), &headers);
            assert_eq!(got, ClientIp(client.parse().expect("an address")), "{peer} {forwarded}");
        }
        assert!(TrustedProxies::parse(&["nonsense".into()], 1).is_err());
    }
}
