//! Where the mail server is, and how it is reached.

use super::trouble::Step;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{Error, SMTP_PORT, SUBMISSION_PORT, SUBMISSIONS_PORT};
use percent_encoding::percent_decode_str;
use url::Url;

/// A mail server, as the operator names it.
#[derive(Clone)]
pub(super) struct Server {
    host: String,
    port: u16,
    security: Security,
    credentials: Option<Credentials>,
    /// What we call ourselves.
    name: ClientId,
}

#[derive(Clone)]
enum Security {
    None,
    /// TLS from the first byte.
    Wrapped(TlsParameters),
    /// STARTTLS, or nothing is sent.
    Required(TlsParameters),
    /// STARTTLS where the server offers it.
    Opportunistic(TlsParameters),
}

impl Server {
    /// Reads `smtps://user:password@host:port/our-name`, or `smtp://…` with `?tls=required` or `?tls=opportunistic`.
    ///
    /// What it says about a mistake does not repeat the address, which holds a password.
    pub(super) fn read(url: &str) -> Result<Self, String> {
        let url = Url::parse(url).map_err(|error| format!("it is not an address: {error}"))?;
        let host = url.host_str().ok_or("it names no host")?.to_owned();
        let tls = url.query_pairs().find(|(key, _)| key == "tls").map(|(_, value)| value.into_owned());
        let parameters = || TlsParameters::new(host.clone()).map_err(|_| "TLS cannot be used here");
        let (security, usual_port) = match (url.scheme(), tls.as_deref()) {
            ("smtp", None) => (Security::None, SMTP_PORT),
            ("smtp", Some("required")) => (Security::Required(parameters()?), SUBMISSION_PORT),
            ("smtp", Some("opportunistic")) => (Security::Opportunistic(parameters()?), SUBMISSION_PORT),
            ("smtps", _) => (Security::Wrapped(parameters()?), SUBMISSIONS_PORT),
            _ => return Err("it must begin with smtps://, or be smtp://…?tls=required".to_owned()),
        };
        let plain = |part: &str| {
            let decoded = percent_decode_str(part).decode_utf8().map(|text| text.into_owned());
            decoded.map_err(|_| "the name or the password is not text")
        };
        let credentials = match url.password() {
            Some(password) => Some(Credentials::new(plain(url.username())?, plain(password)?)),
            None => None,
        };
        let name = match url.path().trim_matches('/') {
            "" => ClientId::default(),
            name => ClientId::Domain(name.to_owned()),
        };
        Ok(Server { port: url.port().unwrap_or(usual_port), host, security, credentials, name })
    }

    /// Connects and signs in. `step` says how far that came.
    pub(super) async fn connect(&self, step: &mut Step) -> Result<AsyncSmtpConnection, Error> {
        *step = Step::Connection;
        let wrapped = match &self.security {
            Security::Wrapped(parameters) => Some(parameters.clone()),
            _ => None,
        };
        let place = (self.host.as_str(), self.port);
        let mut conn = AsyncSmtpConnection::connect_tokio1(place, None, &self.name, wrapped, None).await?;
        match &self.security {
            Security::Required(parameters) => conn.starttls(parameters.clone(), &self.name).await?,
            Security::Opportunistic(parameters) if conn.can_starttls() => {
                conn.starttls(parameters.clone(), &self.name).await?;
            }
            _ => {}
        }
        if let Some(credentials) = &self.credentials {
            *step = Step::Login;
            conn.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(conn)
    }
}
