//! A practice for a test: a database of its own on each engine, a cast of named people, a clock that stands still.

#[cfg(feature = "pages")]
pub mod browser;
pub mod clients;
pub mod log;
pub mod post;
pub mod wire;

use anteroom::app::{App, Mode};
use anteroom::clock::Clock;
use anteroom::config::{Config, Overrides};
use anteroom::db::Db;
use anteroom::error::Error;
use anteroom::events::{Bus, Event};
use anteroom::features::accounts::{User, Viewer};
use anteroom::features::money::ledger;
use anteroom::features::practice::hours::WeeklyHoursRow;
use anteroom::features::practice::{Practice as PracticeRow, PracticeSettings, SessionType, Therapist};
use anteroom::features::{accounts, practice};
use anteroom::graphql::Caller;
use anteroom::keys::Keys;
use anteroom::schema::{self, Schemas};
use anteroom::worker;
use serde_json::{Value, json};
use shared::actor::Role;
use shared::ids::{LoginId, SessionTypeId, TherapistId, UserId, WeeklyHoursId};
use shared::money::Currency;
use shared::practice::{Gate, Modality, Prepay};
use shared::time::{Instant, LocalTime, Weekday};
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Tells a story on every engine of this run.
pub async fn on_both_engines<S, F>(story: S)
where
    S: Fn(Practice) -> F,
    F: Future<Output = ()>,
{
    on_both_engines_with(&[], story).await;
}

/// Tells a story on every engine of this run, with some settings of the operator.
pub async fn on_both_engines_with<S, F>(settings: &[(&str, &str)], story: S)
where
    S: Fn(Practice) -> F,
    F: Future<Output = ()>,
{
    for engine in engines() {
        let practice = Practice::open_with(engine, settings).await;
        let books = practice.books();
        story(practice).await;
        books.expect_even().await;
    }
}

/// The ledger of a practice, to be looked at when its story has been told.
pub struct Books {
    app: Arc<App>,
    _folder: Arc<Folder>,
}

impl Books {
    /// Every movement of money and of units sums to zero, whatever the story did.
    pub async fn expect_even(&self) {
        let mut conn = match self.app.db.read().await {
            Ok(conn) => conn,
            // A story that closed its database has no books left to look at.
            Err(Error::Unavailable(why)) if why.contains("closed pool") => return,
            Err(error) => panic!("a connection: {error:?}"),
        };
        assert!(ledger::is_sound(&mut conn).await.expect("a ledger"), "a movement does not sum to zero");
    }
}

/// Where a practice of a test keeps its files; gone when nobody needs them.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left is swept with the system's temporary folder.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Which database a practice of a test has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// The engine of tests that tell their story once a run: SQLite, unless `TEST_ENGINE` says `postgres`. `script/test`
    /// runs the suite once with each.
    pub fn here() -> Self {
        named_engine().unwrap_or(Engine::Sqlite)
    }
}

/// The engines of this run: the one that `TEST_ENGINE` names, or else SQLite and, where `TEST_POSTGRES_URL` names a
/// cluster, PostgreSQL.
pub fn engines() -> Vec<Engine> {
    match named_engine() {
        Some(engine) => vec![engine],
        None if std::env::var_os("TEST_POSTGRES_URL").is_some() => vec![Engine::Sqlite, Engine::Postgres],
        None => vec![Engine::Sqlite],
    }
}

fn named_engine() -> Option<Engine> {
    match std::env::var_os("TEST_ENGINE")?.to_string_lossy().as_ref() {
        "sqlite" => Some(Engine::Sqlite),
        "postgres" => Some(Engine::Postgres),
        other => panic!("TEST_ENGINE is {other}, but must be sqlite or postgres"),
    }
}

/// A practice in London. It is Monday 2030-01-07, 08:00. Ada sees clients Monday to Friday 9:00 to 17:00; Samir does on
/// Tuesdays. Discovery calls are 20 minutes with 10 after, on the half hour; sessions are 50 minutes with 10 after.
pub struct Practice {
    pub app: Arc<App>,
    pub schema: Schemas,
    pub url: String,
    folder: Arc<Folder>,
}

/// The instant of an RFC 3339 text.
pub fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

/// The clock of every test when it begins.
pub const NOW: &str = "2030-01-07T08:00:00Z";

static COUNT: AtomicU32 = AtomicU32::new(0);

impl Practice {
    /// Opens a new practice with its cast.
    pub async fn open(engine: Engine) -> Self {
        Self::open_with(engine, &[]).await
    }

    /// Opens a new practice with its cast and some settings of the operator.
    pub async fn open_with(engine: Engine, settings: &[(&str, &str)]) -> Self {
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let name = format!("anteroom_test_{}_{number}", std::process::id());
        let folder = std::env::temp_dir().join(&name);
        std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
        let url = match engine {
            Engine::Sqlite => format!("sqlite://{}", folder.join("practice.sqlite").display()),
            Engine::Postgres => new_postgres(&name).await,
        };
        let mut preset = vec![
            ("rate_read", "1000000"),
            ("rate_write", "1000000"),
            ("rate_sign_in", "1000000"),
            ("rate_mailbox", "1000000"),
            ("rate_account", "1000000"),
            ("holds_per_visitor", "1000"),
            ("bookings_per_visitor", "100000"),
        ];
        preset.extend_from_slice(settings);
        let overrides = Overrides { data: Some(folder.display().to_string()), ..Default::default() };
        let config = Config::load(&overrides, &preset).expect("the settings of a test are fine");
        let clock = Clock::standing_at(at(NOW));
        let practice = Self::start(config, clock, &url, Arc::new(Folder(folder))).await;
        practice.seed().await;
        practice
    }

    /// Another server process on the same database, with a clock of its own that shows the same time.
    pub async fn second_process(&self) -> Self {
        let clock = Clock::standing_at(self.app.clock.now());
        Self::start(self.app.config.clone(), clock, &self.url, self.folder.clone()).await
    }

    /// Its ledger, which outlives the practice.
    pub fn books(&self) -> Books {
        Books { app: self.app.clone(), _folder: self.folder.clone() }
    }

    async fn start(config: Config, clock: Clock, url: &str, folder: Arc<Folder>) -> Self {
        let bus = Bus::new(clock.new_id());
        let db = Db::open(url, bus.clone()).await.expect("the database opens");
        db.migrate().await.expect("the schema is brought up to date");
        // What is remembered is forgotten when it begins to hear of other processes: stories begin after that.
        let mut events = bus.listen();
        db.listen_to_other_processes();
        let hears = async { while !matches!(events.next().await, Some(Event::Missed) | None) {} };
        if url.starts_with("postgres") {
            tokio::time::timeout(Duration::from_secs(20), hears).await.expect("it hears of other processes");
        }
        let keys = Keys::from_master(&[7; 32]);
        let app = App::new(config, Mode::Production, db, clock, keys, bus).expect("the parts fit together");
        Practice { schema: schema::build(app.clone()), app, url: url.to_owned(), folder }
    }

    async fn seed(&self) {
        let app = self.app.clone();
        self.app
            .db
            .write(move |tx| {
                let app = app.clone();
                Box::pin(async move {
                    let settings = PracticeSettings {
                        contact_email: "hello@practice.example".into(),
                        sessions_per_day: None,
                        consecutive_sessions: None,
                        ..Default::default()
                    };
                    let time_zone = "Europe/London".to_owned();
                    practice::save(
                        tx,
                        &PracticeRow { name: "Ada & Samir".into(), time_zone, settings: sqlx::types::Json(settings) },
                    )
                    .await?;
                    practice::add_session_type(tx, &session_type(DISCOVERY, "discovery-call", Gate::Discovery, 20), 0)
                        .await?;
                    practice::add_session_type(tx, &session_type(CHAT, "first-chat", Gate::Discovery, 45), 1).await?;
                    practice::add_session_type(tx, &session_type(SESSION, "session", Gate::Clients, 50), 2).await?;
                    for (index, (user, therapist, name, role)) in
                        [(ADA_USER, ADA, "Ada", Role::Owner), (SAMIR_USER, SAMIR, "Samir", Role::Therapist)]
                            .into_iter()
                            .enumerate()
                    {
                        let slug = name.to_lowercase();
                        accounts::add_user(tx, &person(user, name, role), app.clock.now()).await?;
                        let row = Therapist {
                            id: therapist,
                            user_id: user,
                            slug,
                            name: name.into(),
                            title: "Psychotherapist".into(),
                            summary: String::new(),
                            about: sqlx::types::Json(Vec::new()),
                            takes_new_clients: true,
                        };
                        practice::add_therapist(tx, &row, index as i64).await?;
                        let days: &[Weekday] = if therapist == ADA { &Weekday::ALL[..5] } else { &Weekday::ALL[1..2] };
                        let hours: Vec<_> = days
                            .iter()
                            .map(|&weekday| WeeklyHoursRow {
                                id: WeeklyHoursId(app.clock.new_id()),
                                weekday,
                                starts: time("09:00"),
                                ends: time("17:00"),
                                session_type_id: None,
                                modality: None,
                            })
                            .collect();
                        practice::hours::replace(tx, therapist, &hours).await?;
                    }
                    Ok(())
                })
            })
            .await
            .expect("the cast is seeded");
    }

    /// Asks the API as somebody; the answer is the whole response.
    pub async fn ask_as(&self, viewer: Option<Viewer>, query: &str, variables: Value) -> Value {
        let caller = Caller { viewer, address: IpAddr::V4(Ipv4Addr::LOCALHOST) };
        let request =
            async_graphql::Request::new(query).variables(async_graphql::Variables::from_json(variables)).data(caller);
        let mut response = self.schema.answering(viewer).execute(request).await;
        anteroom::graphql::fit_for_outside(&mut response.errors);
        serde_json::to_value(&response).expect("an answer is JSON")
    }

    /// Asks the API as a visitor; the answer is `data`, and there must be no fault.
    pub async fn ask(&self, query: &str, variables: Value) -> Value {
        let answer = self.ask_as(None, query, variables).await;
        assert_eq!(answer.get("errors"), None, "{answer:#}");
        answer["data"].clone()
    }

    /// Books a discovery call as a guest; the answer is the payload.
    pub async fn try_book(&self, name: &str, starts_at: &str) -> Value {
        let input = json!({
            "sessionTypeId": DISCOVERY, "therapistId": ADA, "startsAt": starts_at, "name": name,
            "email": format!("{}@example.org", name.to_lowercase()), "phone": "+44 20 7946 0018",
        });
        self.ask(BOOK, json!({ "input": input })).await["bookDiscovery"].clone()
    }

    /// Books a discovery call as a guest; it must work. The answer is the payload.
    pub async fn book(&self, name: &str, starts_at: &str) -> Value {
        let payload = self.try_book(name, starts_at).await;
        assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
        payload
    }

    /// Pushes the clock and does what falls due, step by step as it would.
    pub async fn pass_minutes(&self, minutes: i64) {
        self.app.clock.push_minutes(minutes);
        worker::run_all_due(&self.app).await.expect("the queue can be read");
    }

    /// Signs somebody in with the code of a mail, as far as the first factor goes.
    pub async fn sign_in(&self, email: &str) -> Tokens {
        let ask = "mutation($email: String!) { requestSignIn(input: { email: $email }) { browserToken } }";
        let asked = self.ask(ask, json!({ "email": email })).await;
        let mut conn = self.app.db.read().await.expect("a connection");
        let newest = "select id from sign_in_links order by id desc limit 1";
        let link: uuid::Uuid = conn.query(newest).value().await.expect("a link");
        drop(conn);
        let complete = "mutation($input: CompleteSignInInput!) { completeSignIn(input: $input) {
            tokens { accessToken refreshToken } userErrors { code } } }";
        let browser = asked["requestSignIn"]["browserToken"].clone();
        let input = json!({ "code": self.app.keys.code("sign-in", link), "browserToken": browser });
        let done = self.ask(complete, json!({ "input": input })).await["completeSignIn"].clone();
        assert_eq!(done["userErrors"], json!([]));
        let mut conn = self.app.db.read().await.expect("a connection");
        let login = conn.query("select id from logins order by id desc limit 1").value().await.expect("a login");
        let text = |value: &Value| value.as_str().expect("a token").to_owned();
        let (access, refresh) = (text(&done["tokens"]["accessToken"]), text(&done["tokens"]["refreshToken"]));
        Tokens { login: LoginId(login), access, refresh }
    }

    /// What the database says to a query of a test, as the number in its first column.
    pub async fn count(&self, sql: &'static str) -> i64 {
        let mut conn = self.app.db.read().await.expect("a connection");
        conn.query(sql).value().await.expect("a number")
    }
}

/// A login and what shows it.
pub struct Tokens {
    pub login: LoginId,
    pub access: String,
    pub refresh: String,
}

/// What an authenticator with this secret shows at a moment.
pub fn shown_by_authenticator(secret: &str, at: Instant) -> String {
    let mut bits = 0_u64;
    let mut bytes = Vec::new();
    for (index, c) in secret.bytes().enumerate() {
        let value = if c.is_ascii_digit() { c - b'2' + 26 } else { c - b'A' };
        bits = bits << 5 | u64::from(value);
        if index % 8 == 7 {
            bytes.extend_from_slice(&bits.to_be_bytes()[3..]);
            bits = 0;
        }
    }
    let seed: [u8; 20] = bytes.try_into().expect("20 bytes");
    let totp = totp_rs::Builder::new().with_secret(seed).build().expect("20 bytes");
    totp.generate(u64::try_from(at.seconds()).expect("after 1970")).to_string()
}

/// Somebody of the practice who has signed in with a second factor.
pub fn staff(user_id: UserId) -> Viewer {
    let login_id = LoginId(id(99));
    Viewer { user_id, login_id, role: Role::Therapist, second_factor: true }
}

/// The mutation that books a discovery call.
pub const BOOK: &str = "mutation($input: BookDiscoveryInput!) { bookDiscovery(input: $input) {
    booking { id reference status startsAt endsAt }
    manageToken
    userErrors { code field message }
    alternatives { startsAt therapist { id } }
} }";

const fn id(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(number)
}

pub const DISCOVERY: SessionTypeId = SessionTypeId(id(1));
pub const SESSION: SessionTypeId = SessionTypeId(id(2));
pub const CHAT: SessionTypeId = SessionTypeId(id(3));
pub const ADA: TherapistId = TherapistId(id(11));
pub const SAMIR: TherapistId = TherapistId(id(12));
pub const ADA_USER: UserId = UserId(id(21));
pub const SAMIR_USER: UserId = UserId(id(22));

fn time(text: &str) -> LocalTime {
    text.parse().expect("a time")
}

fn person(id: UserId, name: &str, role: Role) -> User {
    User {
        id,
        email: format!("{}@practice.example", name.to_lowercase()),
        name: name.into(),
        phone: String::new(),
        time_zone: "Europe/London".into(),
        role,
        email_proven_at: None,
        disabled_at: None,
    }
}

fn session_type(id: SessionTypeId, slug: &str, gate: Gate, minutes: i64) -> SessionType {
    SessionType {
        id,
        slug: slug.into(),
        name: slug.replace('-', " "),
        summary: String::new(),
        description: sqlx::types::Json(Vec::new()),
        gate,
        modality: Modality::Online,
        rooms: sqlx::types::Json(Vec::new()),
        waits_for: sqlx::types::Json(shared::intake::Missing::ALL.to_vec()),
        minutes,
        buffer_before: 0,
        buffer_after: 10,
        grid_minutes: 30,
        notice_minutes: 60,
        horizon_days: 60,
        per_day: None,
        price_amount: if gate == Gate::Discovery { 0 } else { 7500 },
        price_currency: Currency::Gbp,
        prepay: Prepay::Nothing,
        deposit_amount: 0,
        visible: true,
        was_public: true,
        retired_at: None,
    }
}

pub async fn new_postgres(name: &str) -> String {
    use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
    let cluster = std::env::var_os("TEST_POSTGRES_URL").expect("it is set, or we would not be here");
    let cluster = cluster.into_string().expect("it is text");
    let mut conn = PgConnection::connect(&cluster).await.expect("the test cluster answers");
    conn.execute(AssertSqlSafe(format!("create database {name}"))).await.expect("a database can be made");
    let mut url = url::Url::parse(&cluster).expect("TEST_POSTGRES_URL is a URL");
    url.set_path(name);
    url.to_string()
}
