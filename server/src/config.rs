//! Every setting of the operator, once.
//!
//! Read in layers, each over the one before: the defaults here, `anteroom.toml`, `.env`, the environment
//! (`ANTEROOM_…`), the command line. `NAME_FILE` reads a value from a file, for secrets. What is wrong is listed all at
//! once. Settings of the practice itself are in the database.

mod dot_env;

use crate::integrations::stripe::Stripe;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use figment::value::{Dict, Value};
use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use url::Url;

/// One setting, as `.env.example` and `config check` show it.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its name in `anteroom.toml`; in the environment it is `ANTEROOM_` and this in capitals.
    pub name: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// What holds if nothing is said.
    pub default: &'static str,
}

/// One setting that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigProblem {
    /// Which.
    pub setting: String,
    /// What is wrong and what would be right.
    pub message: String,
}

macro_rules! settings { ($( $(#[doc = $doc:literal])+ $name:ident: $type:ty = $default:literal; )+) => {
    /// What the operator decides.
    #[derive(Debug, Clone)]
    pub struct Config {
        $( $(#[doc = $doc])+ pub $name: $type, )+
    }

    /// Every setting there is.
    pub const SETTINGS: &[Setting] = &[
        $( Setting { name: stringify!($name), doc: concat!($($doc, "\n"),+), default: $default }, )+
    ];

    impl Config {
        fn read(layers: &Figment, problems: &mut Vec<ConfigProblem>) -> Option<Self> {
            $( let $name = read_one::<$type>(layers, stringify!($name), $default, problems); )+
            Some(Config { $( $name: $name?, )+ })
        }
    }
} }

settings! {
    /// Where the server listens for browsers and API clients.
    listen: SocketAddr = "127.0.0.1:3000";
    /// The address people see: links in mails begin with it, and browsers may only come from it. Unless set, it has the
    /// port of ANTEROOM_LISTEN.
    base_url: Url = "http://localhost:3000";
    /// The folder for the database, the key file and uploads.
    data: PathBuf = "data";
    /// `sqlite://file` or `postgres://user@host/name`. Empty: `practice.sqlite` in the data folder. `DATABASE_URL` works too.
    database_url: Option<Text> = "";
    /// The file with the 32-byte master key. Empty: `master.key` in the data folder, made on the first start.
    master_key_file: Option<PathBuf> = "";
    /// The folder of the built browser bundles and styles. Where there is none, those inside the binary serve.
    assets: PathBuf = "dist";
    /// The mail server: `smtps://user:password@host`, or `smtp://…?tls=required`. Empty: mail waits in the
    /// queue, and nobody can sign in.
    mail_url: Option<Secret> = "";
    /// Who mails come from. Keep it neutral: it is seen on lock screens.
    mail_from: Text = "Appointments <appointments@localhost>";
    /// The secret key of your Stripe account, `sk_live_…`. Empty: clients pay by bank transfer or in cash.
    stripe_key: Option<Secret> = "";
    /// The secret of the webhook that Stripe is told to call, `whsec_…`: its address is `/webhooks/stripe` below your own.
    stripe_webhook_secret: Option<Secret> = "";
    /// The webhook secret before this one, while it is replaced. It counts for a day after the start of the server.
    stripe_webhook_secret_before: Option<Secret> = "";
    /// Where Stripe's API is. Nothing else than Stripe or this machine can be named.
    stripe_api: Url = "https://api.stripe.com";
    /// Minutes before news leaves the system, so that it can be undone.
    outward_delay_minutes: u32 = "3";
    /// Minutes a mailed sign-in link or code works, 1 to 15.
    sign_in_minutes: u32 = "10";
    /// Minutes an access token works, 1 to 15.
    access_minutes: u32 = "10";
    /// Days a browser stays signed in.
    login_days: u32 = "30";
    /// Minutes a slot is kept for somebody who fills in the form, 1 to 30.
    hold_minutes: u32 = "10";
    /// Networks of the reverse proxies whose `X-Forwarded-For` is believed, like `127.0.0.1, 10.0.0.0/8`.
    trusted_proxies: List<IpNet> = "";
    /// Where Prometheus reads metrics. Empty: nowhere. Keep it on loopback.
    metrics_listen: Option<SocketAddr> = "";
    /// Whether staff may ask for the GraphQL schema. In the demo everyone may.
    introspection: bool = "false";
    /// Whether staff may use the explorer at `/graphql/explorer`. In the demo it is open.
    explorer: bool = "false";
    /// Pages and queries one address may ask for in a minute.
    rate_read: u32 = "300";
    /// Bookings, messages and other changes one address may make in a minute.
    rate_write: u32 = "30";
    /// Sign-in mails one address may ask for in an hour.
    rate_sign_in: u32 = "10";
    /// Sign-in mails one mailbox gets in a quarter of an hour; and as many thanks for messages.
    rate_mailbox: u32 = "3";
    /// Requests one account may make in a minute.
    rate_account: u32 = "600";
    /// Live connections of one address at a time; a family or an office shares one.
    sockets_per_address: u32 = "64";
    /// Live connections of one person at a time; a page in a browser has one.
    sockets_per_user: u32 = "16";
    /// Messages one live connection may send in 15 seconds.
    rate_socket: u32 = "200";
    /// Starts that one visitor may hold at a time.
    holds_per_visitor: u32 = "2";
    /// Discovery calls ahead that one visitor may have booked at a time; 0 for as many as they like.
    bookings_per_visitor: u32 = "5";
    /// Seconds a request may take.
    request_seconds: u32 = "10";
    /// What is logged, like `info` or `info,sqlx=warn`.
    log: Text = "info,sqlx=warn";
    /// `auto` (JSON unless the output is a terminal), `json` or `text`.
    log_format: LogFormat = "auto";
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// JSON unless the output is a terminal.
    Auto,
    /// One JSON object a line.
    Json,
    /// For people.
    Text,
}

impl FromStr for LogFormat {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(LogFormat::Auto),
            "json" => Ok(LogFormat::Json),
            "text" => Ok(LogFormat::Text),
            _ => Err("must be auto, json or text".into()),
        }
    }
}

/// What a command line says over everything else.
#[derive(Debug, Clone, Default, clap::Args, serde::Serialize)]
pub struct Overrides {
    /// Read settings from this file instead of `anteroom.toml`.
    #[arg(long, global = true, value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Where to listen.
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<String>,
    /// The data folder.
    #[arg(long, global = true, value_name = "FOLDER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// The database.
    #[arg(long, global = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
}

impl Config {
    /// Reads every layer, with `preset` (what a command needs, like the demo's wide rate limits) just above the defaults.
    pub fn load(overrides: &Overrides, preset: &[(&str, &str)]) -> Result<Self, Vec<ConfigProblem>> {
        let file = overrides.config.as_deref().unwrap_or(Path::new("anteroom.toml"));
        let mut problems = Vec::new();
        if overrides.config.is_some() && !file.exists() {
            problems.push(problem("--config", format!("there is no file {}", file.display())));
        }
        let mut layers = Figment::new();
        for (name, value) in preset {
            layers = layers.merge(Serialized::default(name, value));
        }
        let beside = dot_env::read(&mut problems);
        // One layer that cannot be read would take all the others with it, so the file is read by itself first.
        match Figment::from(Toml::file(file)).extract::<Dict>() {
            Ok(_) => layers = layers.merge(Toml::file(file)),
            Err(error) => {
                problems.push(problem(&file.display().to_string(), place_and_reason(&error.kind.to_string())))
            }
        }
        for (name, value) in beside {
            layers = layers.merge(Serialized::default(&name, value));
        }
        layers = layers
            .merge(Env::raw().only(&["DATABASE_URL"]))
            .merge(Env::prefixed("ANTEROOM_"))
            .merge(Serialized::defaults(overrides));
        unknown_names(&layers, &mut problems);
        let mut config = Config::read(&layers, &mut problems);
        if let Some(config) = &mut config {
            if layers.find_value("base_url").is_err() && config.base_url.set_port(Some(config.listen.port())).is_err() {
                problems.push(problem("base_url", "must be set"));
            }
            config.check(&mut problems);
        }
        match config {
            Some(config) if problems.is_empty() => Ok(config),
            _ => Err(problems),
        }
    }

    /// The database, with the default filled in.
    pub fn database_url(&self) -> String {
        match &self.database_url {
            Some(url) => url.0.clone(),
            None => format!("sqlite://{}", self.data.join("practice.sqlite").display()),
        }
    }

    /// The file with the master key, with the default filled in.
    pub fn master_key_file(&self) -> PathBuf {
        self.master_key_file.clone().unwrap_or_else(|| self.data.join("master.key"))
    }

    /// A path below the address people see.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }

    /// The origin pages come from, without a slash at the end.
    pub fn origin(&self) -> String {
        self.base_url.origin().ascii_serialization()
    }

    /// Whether the address people see leads nobody but this machine here.
    pub fn is_local(&self) -> bool {
        is_this_machine(&self.base_url)
    }

    fn check(&self, problems: &mut Vec<ConfigProblem>) {
        let mut within = |name: &str, value: u32, least: u32, most: u32| {
            if !(least..=most).contains(&value) {
                problems.push(problem(name, format!("is {value}, but must be from {least} to {most}")));
            }
        };
        within("sign_in_minutes", self.sign_in_minutes, 1, 15);
        within("access_minutes", self.access_minutes, 1, 15);
        within("login_days", self.login_days, 1, 365);
        within("hold_minutes", self.hold_minutes, 1, 30);
        within("outward_delay_minutes", self.outward_delay_minutes, 0, 60);
        within("bookings_per_visitor", self.bookings_per_visitor, 0, 1_000_000);
        within("request_seconds", self.request_seconds, 1, 120);
        for (name, value) in [
            ("rate_read", self.rate_read),
            ("rate_write", self.rate_write),
            ("rate_sign_in", self.rate_sign_in),
            ("rate_mailbox", self.rate_mailbox),
            ("rate_account", self.rate_account),
            ("sockets_per_address", self.sockets_per_address),
            ("sockets_per_user", self.sockets_per_user),
            ("rate_socket", self.rate_socket),
            ("holds_per_visitor", self.holds_per_visitor),
        ] {
            within(name, value, 1, 1_000_000);
        }
        let is_plain = Url::parse(&self.origin()).is_ok_and(|origin| origin == self.base_url);
        if !matches!(self.base_url.scheme(), "http" | "https") || !is_plain {
            problems.push(problem(
                "base_url",
                "must be like https://practice.example, with nothing behind or before the name",
            ));
        }
        if self.base_url.scheme() == "http" && !is_this_machine(&self.base_url) {
            problems.push(problem(
                "base_url",
                "must begin with https:// unless it is this machine: cookies are sent over TLS only",
            ));
        }
        if self.mail_from.0.parse::<lettre::message::Mailbox>().is_err() {
            problems.push(problem("mail_from", "must be like Appointments <appointments@practice.example>"));
        }
        if let Some(url) = &self.mail_url
            && let Err(error) = crate::integrations::smtp::Mailer::connect(url.expose())
        {
            problems.push(problem("mail_url", format!("cannot be used: {error}")));
        }
        if let Err(error) = tracing_subscriber::EnvFilter::try_new(&self.log.0) {
            problems.push(problem("log", format!("must be like info or info,sqlx=warn: {error}")));
        }
        self.check_stripe(problems);
        let url = self.database_url();
        if !["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
            problems.push(problem("database_url", "must begin with sqlite:// or postgres://"));
        }
        if let Err(error) = crate::db::file_of(&url) {
            problems.push(problem("database_url", error.to_string()));
        }
    }
}

impl Config {
    fn check_stripe(&self, problems: &mut Vec<ConfigProblem>) {
        // The key goes wherever this leads.
        if self.stripe_api.as_str() != "https://api.stripe.com/" && !is_this_machine(&self.stripe_api) {
            problems.push(problem("stripe_api", "must be https://api.stripe.com"));
        }
        match (&self.stripe_key, &self.stripe_webhook_secret) {
            (Some(_), None) => {
                let message = "must be set beside stripe_key: without it nobody's payment is believed";
                problems.push(problem("stripe_webhook_secret", message));
            }
            (None, Some(_)) => problems.push(problem("stripe_key", "must be set beside stripe_webhook_secret")),
            _ => {}
        }
        if let Some(key) = &self.stripe_key
            && let Err(error) = Stripe::connect(&self.stripe_api, key)
        {
            problems.push(problem("stripe_key", format!("cannot be used: {error}")));
        }
    }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

fn problem(setting: &str, message: impl Into<String>) -> ConfigProblem {
    ConfigProblem { setting: setting.to_owned(), message: message.into() }
}

/// Where a file is wrong and why, without the line itself: it may hold a password.
fn place_and_reason(error: &str) -> String {
    let mut lines = error.lines().map(str::trim).filter(|line| !line.is_empty());
    match (lines.next(), lines.next_back()) {
        (Some(place), Some(reason)) => format!("{place}: {reason}"),
        (place, _) => place.unwrap_or("cannot be read").to_owned(),
    }
}

fn unknown_names(layers: &Figment, problems: &mut Vec<ConfigProblem>) {
    let values = match layers.extract::<Dict>() {
        Ok(values) => values,
        Err(error) => return problems.push(problem("settings", error.to_string())),
    };
    for name in values.keys() {
        let plain = name.strip_suffix("_file").filter(|_| name != "master_key_file").unwrap_or(name);
        // The scripts keep their downloads where ANTEROOM_CACHE says.
        if plain != "cache" && !SETTINGS.iter().any(|setting| setting.name == plain) {
            problems.push(problem(name, "is not a setting; `anteroom config example` lists them all"));
        }
    }
}

/// A value that can be read from text.
trait Readable: Sized {
    fn read(text: &str) -> Result<Self, String>;
}

/// One setting, or its default if it cannot be read: so everything else is checked too, and with a problem nothing is
/// served.
fn read_one<T: Readable>(layers: &Figment, name: &str, default: &str, problems: &mut Vec<ConfigProblem>) -> Option<T> {
    let text = match layers.find_value(&format!("{name}_file")) {
        Ok(path) => match std::fs::read_to_string(as_text(&path)) {
            Ok(text) => text.trim_end().to_owned(),
            Err(error) => {
                problems.push(problem(&format!("{name}_file"), error.to_string()));
                return T::read(default).ok();
            }
        },
        Err(_) => layers.find_value(name).map_or_else(|_| default.to_owned(), |value| as_text(&value)),
    };
    match T::read(text.trim()) {
        Ok(value) => Some(value),
        Err(message) => {
            problems.push(problem(name, message));
            T::read(default).ok()
        }
    }
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(_, text) => text.clone(),
        Value::Bool(_, value) => value.to_string(),
        // A file's whole numbers have a sign, those of the environment have none.
        Value::Num(_, number) => match (number.to_i128(), number.to_u128()) {
            (Some(whole), _) => whole.to_string(),
            (None, Some(whole)) => whole.to_string(),
            (None, None) => number.to_f64().map(|n| n.to_string()).unwrap_or_default(),
        },
        Value::Array(_, values) => values.iter().map(as_text).collect::<Vec<_>>().join(","),
        _ => String::new(),
    }
}

/// Plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(pub String);

/// Text that is never shown.
#[derive(Debug, Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// The text itself.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Secret(SecretString::from(text))
    }
}

/// Values separated by commas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T>(pub Vec<T>);

impl Readable for Text {
    fn read(text: &str) -> Result<Self, String> {
        Ok(Text(text.to_owned()))
    }
}

impl Readable for Secret {
    fn read(text: &str) -> Result<Self, String> {
        Ok(Secret(SecretString::from(text.to_owned())))
    }
}

impl<T: Readable> Readable for Option<T> {
    fn read(text: &str) -> Result<Self, String> {
        if text.is_empty() { Ok(None) } else { T::read(text).map(Some) }
    }
}

impl<T: Readable> Readable for List<T> {
    fn read(text: &str) -> Result<Self, String> {
        text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(T::read).collect::<Result<_, _>>().map(List)
    }
}

impl Readable for IpNet {
    fn read(text: &str) -> Result<Self, String> {
        let one = text.parse().map(|address: IpAddr| address.into());
        one.or_else(|_| text.parse()).map_err(|_| format!("“{text}” cannot be read; it should be like 10.0.0.0/8"))
    }
}

macro_rules! readable { ($($type:ty: $like:literal),*) => { $(
    impl Readable for $type {
        fn read(text: &str) -> Result<Self, String> {
            text.parse().map_err(|_| format!("“{text}” cannot be read; it should be like {}", $like))
        }
    }
)* } }

readable!(
    SocketAddr: "127.0.0.1:3000", Url: "https://practice.example", PathBuf: "/var/lib/anteroom",
    u32: "10", bool: "true or false", LogFormat: "auto, json or text"
);
