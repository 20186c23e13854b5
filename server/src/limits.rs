//! How often somebody may ask.

pub mod mailbox;
mod store;
mod window;

use crate::config::Config;
use crate::error::{Error, Result};
use crate::keys::Keys;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use ipnet::IpNet;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::Duration;
use window::Windows;

/// What is being asked for; each class has its own budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RouteClass {
    /// Pages and queries.
    Read,
    /// Bookings, messages and other changes.
    Write,
    /// Sign-in mails and codes.
    SignIn,
}

/// The budgets of every address and account, as this process counts them. What reads and writes may cost comes back
/// evenly; of sign-in mails there are never more in any hour.
pub struct Limits {
    read: DefaultKeyedRateLimiter<IpAddr>,
    write: DefaultKeyedRateLimiter<IpAddr>,
    sign_in: Windows<IpAddr>,
    account: DefaultKeyedRateLimiter<uuid::Uuid>,
}

impl Limits {
    /// The budgets the operator set.
    pub fn new(config: &Config) -> Self {
        let quota = |count: u32, within: Duration| {
            let burst = NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
            Quota::with_period(within / burst.get()).unwrap_or(Quota::per_minute(burst)).allow_burst(burst)
        };
        let (minute, hour) = (Duration::from_secs(60), Duration::from_secs(3600));
        Limits {
            read: RateLimiter::keyed(quota(config.rate_read, minute)),
            write: RateLimiter::keyed(quota(config.rate_write, minute)),
            sign_in: Windows::new(config.rate_sign_in, hour),
            account: RateLimiter::keyed(quota(config.rate_account, minute)),
        }
    }

    /// Spends one of this address's tries.
    pub fn spend(&self, class: RouteClass, address: IpAddr) -> Result<()> {
        let limiter = match class {
            RouteClass::Read => &self.read,
            RouteClass::Write => &self.write,
            RouteClass::SignIn => {
                let spent = self.sign_in.spend(bucket(address));
                return spent.map_err(|wait| Error::RateLimited { retry_after_seconds: wait.as_secs() + 1 });
            }
        };
        allowed(limiter.check_key(&bucket(address)))
    }

    /// Spends one of this account's requests.
    pub fn spend_account(&self, user: shared::ids::UserId) -> Result<()> {
        allowed(self.account.check_key(&user.0))
    }

    /// Forgets who has not asked for a while, so that memory stays flat.
    pub fn forget_idle(&self) {
        for limiter in [&self.read, &self.write] {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
        self.sign_in.forget_idle();
        self.account.retain_recent();
    }
}

fn allowed(
    outcome: std::result::Result<(), governor::NotUntil<<DefaultClock as governor::clock::Clock>::Instant>>,
) -> Result<()> {
    outcome.map_err(|not_until| {
        let wait = not_until.wait_time_from(DefaultClock::default().now());
        Error::RateLimited { retry_after_seconds: wait.as_secs() + 1 }
    })
}

/// Whose holds and bookings are counted together. No address is stored, nor anything it could be guessed from without
/// the master key.
pub fn visitor_key(keys: &Keys, address: IpAddr) -> String {
    keys.pseudonym("visitor", &bucket(address).to_string())
}

/// One bucket per IPv4 address and per IPv6 /64: whoever has one address of a /64 has them all.
pub fn bucket(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

/// Where a request comes from: the right-most hop that is not one of the operator's proxies. What stands further left
/// was written by strangers.
pub fn client_address(peer: IpAddr, forwarded_for: &[&str], trusted: &[IpNet]) -> IpAddr {
    let is_proxy = |ip: &IpAddr| trusted.iter().any(|network| network.contains(&ip.to_canonical()));
    if !is_proxy(&peer) {
        return peer;
    }
    let hops = forwarded_for.iter().flat_map(|header| header.split(',')).map(str::trim);
    let mut nearest = peer;
    for hop in hops.rev() {
        let Ok(ip) = hop.parse::<IpAddr>() else { return nearest };
        nearest = ip;
        if !is_proxy(&ip) {
            return ip;
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(peer: &str, header: &[&str], trusted: &str, expected: &str) {
        let trusted: Vec<IpNet> = trusted.split_whitespace().map(|net| net.parse().expect("a network")).collect();
        let found = client_address(peer.parse().expect("an address"), header, &trusted);
        assert_eq!(found, expected.parse::<IpAddr>().expect("an address"));
    }

    #[test]
    fn a_forwarded_header_counts_only_from_a_known_proxy() {
        check("203.0.113.9", &["198.51.100.1"], "", "203.0.113.9");
        check("10.0.0.1", &["198.51.100.1"], "10.0.0.0/8", "198.51.100.1");
        check("10.0.0.1", &["1.1.1.1, 198.51.100.1"], "10.0.0.0/8", "198.51.100.1");
        check("10.0.0.1", &["1.1.1.1, 198.51.100.1, 10.0.0.2"], "10.0.0.0/8", "198.51.100.1");
        check("10.0.0.1", &["1.1.1.1", "198.51.100.1"], "10.0.0.0/8", "198.51.100.1");
        check("10.0.0.1", &["198.51.100.1, nonsense"], "10.0.0.0/8", "10.0.0.1");
        check("::ffff:10.0.0.1", &["198.51.100.1"], "10.0.0.0/8", "198.51.100.1");
    }

    #[test]
    fn a_whole_slash_64_shares_one_bucket() {
        let address = |text: &str| bucket(text.parse().expect("an address"));
        assert_eq!(address("2001:db8:1:2::1"), address("2001:db8:1:2:ffff::9"));
        assert_ne!(address("2001:db8:1:2::1"), address("2001:db8:1:3::1"));
        assert_eq!(address("::ffff:192.0.2.1"), address("192.0.2.1"));
    }
}
