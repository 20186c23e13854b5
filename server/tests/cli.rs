//! The command line, as the operator of a practice meets it: a program, its words and its exit code.

use crate::support::{Engine, engines, new_postgres};
use anteroom::clock::Clock;
use anteroom::db::Db;
use anteroom::events::Bus;
use serde_json::json;
use sqlx::types::Json;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use uuid::Uuid;

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A machine with nothing on it yet.
struct Machine {
    folder: PathBuf,
    database_url: String,
    /// Settings beyond the folder and the database.
    settings: Vec<(&'static str, String)>,
}

impl Machine {
    async fn new(engine: Engine) -> Self {
        let name = format!("anteroom_cli_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        let folder = std::env::temp_dir().join(&name);
        std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
        let database_url = match engine {
            Engine::Sqlite => format!("sqlite://{}", folder.join("practice.sqlite").display()),
            Engine::Postgres => new_postgres(&name).await,
        };
        Machine { folder, database_url, settings: Vec::new() }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_anteroom"));
        command
            .current_dir(&self.folder)
            .env_clear()
            .env("ANTEROOM_DATA", &self.folder)
            .env("DATABASE_URL", &self.database_url)
            .envs(self.settings.iter().map(|(name, value)| (*name, value)))
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("it runs")
    }

    /// Says something to the database behind everybody's back.
    async fn say(&self, sql: &'static str) {
        let db = self.db().await;
        let said = db.write(move |tx| {
            Box::pin(async move {
                tx.query(sql).run().await?;
                Ok(())
            })
        });
        said.await.expect("the database does it");
        db.close().await;
    }

    async fn count(&self, sql: &'static str) -> i64 {
        let db = self.db().await;
        let count = db.read().await.expect("a connection").query(sql).value().await.expect("a number");
        db.close().await;
        count
    }

    /// Leaves a job in the queue that was due two hours ago, and answers its id.
    async fn leave_job(&self, kind: &'static str, state: &'static str, dedupe_key: Option<&'static str>) -> Uuid {
        let db = self.db().await;
        let clock = Clock::system();
        let (id, due_at) = (clock.new_id(), clock.now().plus_minutes(-120));
        let left = db.write(move |tx| {
            Box::pin(async move {
                tx.query(
                    "insert into jobs (id, job, kind, dedupe_key, state, attempts, due_at, run_at, created_at, last_error)
                     values ($1, $2, $3, $4, $5, 12, $6, $6, $6, 'mail server: the recipient was refused (550)')",
                )
                .bind(id)
                .bind(Json(json!({ "kind": kind, "user_id": id })))
                .bind(kind.to_owned())
                .bind(dedupe_key.map(str::to_owned))
                .bind(state.to_owned())
                .bind(due_at)
                .run()
                .await?;
                Ok(())
            })
        });
        left.await.expect("it is stored");
        db.close().await;
        id
    }

    async fn db(&self) -> Db {
        Db::open(&self.database_url, Bus::new(Clock::system().new_id())).await.expect("the database opens")
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // The system's temporary folder is swept anyway.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

async fn on_both_engines<F: Future<Output = ()>>(story: impl Fn(Machine) -> F) {
    for engine in engines() {
        story(Machine::new(engine).await).await;
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

const OWNER: &[&str] = &[
    "admin",
    "create",
    "--email",
    "olive@practice.example",
    "--name",
    "Olive Marsh",
    "--practice",
    "Olive's rooms",
    "--time-zone",
    "Europe/Dublin",
];

/// A server that is ended with the test.
struct Serving(Child);

impl Serving {
    /// Starts a server, reads the link it prints if nobody owns the practice yet, and waits until it listens.
    fn start(machine: &Machine, port: u16, is_new: bool) -> (Self, Option<String>) {
        let mut child = machine
            .command(&["serve", "--listen", &format!("127.0.0.1:{port}")])
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let output = BufReader::new(child.stdout.take().expect("its output is ours"));
        let mut lines = output.lines();
        let link =
            is_new.then(|| lines.by_ref().map_while(Result::ok).find(|line| line.contains("/set-up#"))).flatten();
        // Somebody has to read on, or the server would wait for it.
        std::thread::spawn(move || lines.for_each(drop));
        let server = Serving(child);
        await_listener(port);
        (server, link)
    }

    /// Asks it to end, as a system does, and answers its exit code.
    fn ask_to_end(mut self) -> Option<i32> {
        let asked = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status().expect("kill is there");
        assert!(asked.success());
        self.0.wait().expect("it ends").code()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = (self.0.kill(), self.0.wait());
    }
}

/// Waits until something listens on this port.
fn await_listener(port: u16) {
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        std::thread::yield_now();
    }
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("it has an address").port()
}

#[tokio::test]
async fn every_problem_with_the_settings_is_listed_at_once() {
    let machine = Machine::new(Engine::here()).await;
    let fine = machine.run(&["config", "check"]);
    assert!(fine.status.success(), "{}", said(&fine));
    let mut numbers = machine.command(&["config", "check"]);
    let numbers = numbers.env("ANTEROOM_SIGN_IN_MINUTES", "15").env("ANTEROOM_RATE_READ", "600").output();
    let numbers = numbers.expect("it runs");
    assert!(numbers.status.success(), "{}", said(&numbers));
    let output = machine
        .command(&["config", "check"])
        .env("ANTEROOM_SIGN_IN_MINUTES", "60")
        .env("ANTEROOM_BASE_URL", "http://practice.example")
        .env("ANTEROOM_RATE_READ", "many")
        .env("ANTEROOM_RATE_RAED", "10")
        .env("ANTEROOM_LOG", "[[[")
        .env("ANTEROOM_TRUSTED_PROXIES", "127.0.0.1, nginx")
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    let words = said(&output);
    let parts =
        ["sign_in_minutes: is 60", "base_url", "rate_read: “many”", "rate_raed", "is not a setting", "log: ", "nginx"];
    for part in parts {
        assert!(words.contains(part), "{part} is missing:\n{words}");
    }
}

#[tokio::test]
async fn an_address_with_more_than_its_name_is_refused() {
    let machine = Machine::new(Engine::here()).await;
    let more = ["https://ada:hush@practice.example", "https://practice.example/?a=1", "https://practice.example/a"];
    for address in more {
        let output = machine.command(&["config", "check"]).env("ANTEROOM_BASE_URL", address).output().expect("it runs");
        assert_eq!(output.status.code(), Some(2), "{address}");
        assert!(said(&output).contains("base_url"), "{}", said(&output));
    }
    let fine = machine.command(&["config", "check"]).env("ANTEROOM_BASE_URL", "https://practice.example:8443").output();
    assert!(fine.expect("it runs").status.success());
}

#[tokio::test]
async fn every_example_of_a_setting_can_be_used_as_it_stands() {
    let machine = Machine::new(Engine::here()).await;
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace");
    let example = std::fs::read_to_string(root.join(".env.example")).expect("it is there");
    let mut lines: Vec<&str> = example.lines().filter_map(|line| line.strip_prefix("#ANTEROOM_")).collect();
    assert!(lines.len() > 30, "{lines:?}");
    let proxy = std::fs::read_to_string(root.join("deploy/nginx.conf")).expect("it is there");
    let proxies =
        proxy.lines().find_map(|line| line.split_once("ANTEROOM_TRUSTED_PROXIES=")).expect("it names its address");
    let proxies = format!("TRUSTED_PROXIES={}", proxies.1.split_whitespace().next().unwrap_or_default());
    lines.extend([proxies.as_str(), "TRUSTED_PROXIES=\"127.0.0.1, 10.0.0.0/8, ::1\""]);
    for line in lines {
        std::fs::write(machine.folder.join(".env"), format!("ANTEROOM_{line}\n")).expect("it is written");
        let output = machine.run(&["config", "check"]);
        assert!(output.status.success(), "{line}: {}", said(&output));
    }
}

#[tokio::test]
async fn a_line_that_cannot_be_read_is_named_without_its_value_and_hides_nothing_else() {
    let machine = Machine::new(Engine::here()).await;
    let lines = "ANTEROOM_MAIL_URL=smtps://ada:hush hush@mail.example\nhush: hush hush\nANTEROOM_HOLD_MINUTES=99\n";
    std::fs::write(machine.folder.join(".env"), lines).expect("it is written");
    let output = machine.run(&["config", "check"]);
    let words = said(&output);
    assert_eq!(output.status.code(), Some(2), "{words}");
    for part in ["mail_url: line 1 of .env cannot be read", ".env: line 2 is not like", "hold_minutes: is 99"] {
        assert!(words.contains(part), "{part} is missing:\n{words}");
    }
    assert!(!words.contains("hush"), "a password is repeated:\n{words}");
}

#[tokio::test]
async fn a_file_with_a_secret_that_cannot_be_read_hides_no_other_problem() {
    let machine = Machine::new(Engine::here()).await;
    for (setting, name) in [("ANTEROOM_MAIL_URL_FILE", "mail_url_file"), ("ANTEROOM_RATE_READ_FILE", "rate_read_file")]
    {
        let output = machine
            .command(&["config", "check"])
            .env(setting, "/nowhere")
            .env("ANTEROOM_SIGN_IN_MINUTES", "60")
            .env("ANTEROOM_MAIL_FROM", "nobody")
            .output()
            .expect("it runs");
        let words = said(&output);
        assert_eq!(output.status.code(), Some(2), "{words}");
        for part in [name, "sign_in_minutes: is 60", "mail_from"] {
            assert!(words.contains(part), "{part} is missing:\n{words}");
        }
    }
}

#[tokio::test]
async fn a_file_of_settings_that_cannot_be_read_is_named_and_hides_nothing_else() {
    let machine = Machine::new(Engine::here()).await;
    let file = machine.folder.join("anteroom.toml");
    std::fs::write(&file, "hold_minutes = 5\nmail_url = \"smtps://ada:hush@mail.example\n").expect("it is written");
    for command in [&["config", "check"][..], &["serve"], &["migrate"]] {
        let output = machine.command(command).env("ANTEROOM_SIGN_IN_MINUTES", "60").output().expect("it runs");
        let words = said(&output);
        assert_eq!(output.status.code(), Some(2), "{command:?}: {words}");
        for part in ["anteroom.toml", "line 2", "sign_in_minutes"] {
            assert!(words.contains(part), "{command:?}: {part} is missing:\n{words}");
        }
        assert!(!words.contains("hush"), "a password is repeated:\n{words}");
    }
    std::fs::write(&file, "hold_minutes = 99\n").expect("it is written");
    let output = machine.run(&["config", "check"]);
    assert!(said(&output).contains("hold_minutes: is 99"), "{}", said(&output));
    std::fs::write(&file, "hold_minutes = 5\n").expect("it is written");
    let output = machine.run(&["config", "check"]);
    assert!(output.status.success(), "{}", said(&output));
}

#[tokio::test]
async fn migrating_again_changes_nothing_and_a_newer_schema_is_refused() {
    on_both_engines(|machine| async move {
        for _ in 0..2 {
            let output = machine.run(&["migrate"]);
            assert!(output.status.success(), "{}", said(&output));
        }
        let db = machine.db().await;
        let before = db.migration_state().await.expect("the database answers");
        assert!(before.is_current(), "{before:?}");
        db.write(|tx| {
            Box::pin(async move {
                let sql = "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
                           select 9999, 'from the future', success, checksum, 0 from _sqlx_migrations where version = 1";
                tx.query(sql).run().await?;
                Ok(())
            })
        })
        .await
        .expect("it is written");
        db.close().await;
        for command in [&["migrate"][..], &["serve"], OWNER] {
            let output = machine.run(command);
            assert_eq!(output.status.code(), Some(1), "{command:?}: {}", said(&output));
            assert!(said(&output).contains("newer release"), "{command:?}: {}", said(&output));
        }
        let doctor = machine.run(&["doctor"]);
        assert!(!doctor.status.success() && said(&doctor).contains("9999 is newer"), "{}", said(&doctor));
    })
    .await;
}

#[tokio::test]
async fn being_killed_at_any_moment_of_migrating_leaves_something_that_can_be_migrated() {
    on_both_engines(|first| async move {
        let engine = if first.database_url.starts_with("sqlite") { Engine::Sqlite } else { Engine::Postgres };
        let mut killed = 0;
        for wait in 0.. {
            let machine = Machine::new(engine).await;
            let mut child = machine.command(&["migrate"]).stdout(Stdio::null()).spawn().expect("it starts");
            tokio::time::sleep(Duration::from_millis(wait * 8)).await;
            let ended = child.try_wait().expect("its state is known").is_some();
            let _ = child.kill();
            child.wait().expect("it ends");
            killed += u32::from(!ended);
            let output = machine.run(&["migrate"]);
            assert!(output.status.success(), "killed after {wait}: {}", said(&output));
            let db = machine.db().await;
            assert!(db.migration_state().await.expect("the database answers").is_current());
            db.close().await;
            if ended {
                break;
            }
        }
        assert!(killed > 0, "it was never killed in the middle");
    })
    .await;
}

#[tokio::test]
async fn an_owner_made_on_the_command_line_has_a_practice_that_can_be_booked() {
    on_both_engines(|machine| async move {
        let wrong = machine.run(&["admin", "create", "--email", "olive", "--name", " ", "--time-zone", "Dublin"]);
        assert_eq!(wrong.status.code(), Some(2));
        let problems = String::from_utf8_lossy(&wrong.stderr);
        assert_eq!(problems.lines().count(), 3, "name, address and zone are wrong: {problems}");
        let key = format!("Made a new master key: {}", machine.folder.join("master.key").display());
        assert!(said(&wrong).contains(&key) && said(&wrong).contains("Keep a copy"), "{}", said(&wrong));

        let output = machine.run(OWNER);
        assert!(output.status.success(), "{}", said(&output));
        assert!(said(&output).contains("Olive Marsh owns the practice now."), "{}", said(&output));
        assert!(!said(&output).contains("master key"), "{}", said(&output));
        let again = machine.run(OWNER);
        assert_eq!(again.status.code(), Some(2), "{}", said(&again));
        let second = machine.run(&["admin", "create", "--email", "pia@practice.example", "--name", "Pia Reed"]);
        assert!(second.status.success(), "{}", said(&second));
        assert!(
            said(&second).contains("has begun already and stays as it is. Pia Reed owns it too"),
            "{}",
            said(&second)
        );

        let port = free_port();
        let (server, _) = Serving::start(&machine, port, false);
        let page = reqwest::get(format!("http://127.0.0.1:{port}/book/discovery-call")).await.expect("an answer");
        assert_eq!(page.status(), 200);
        let html = page.text().await.expect("text");
        assert!(html.contains("Olive") && html.contains("Discovery call"), "{html:.400}");
        let set_up = reqwest::get(format!("http://127.0.0.1:{port}/set-up")).await.expect("an answer");
        assert_eq!(set_up.status(), 410);
        assert_eq!(server.ask_to_end(), Some(0));
    })
    .await;
}

#[tokio::test]
async fn a_new_practice_is_begun_with_the_link_on_the_console() {
    let machine = Machine::new(Engine::here()).await;
    let port = free_port();
    let (server, link) = Serving::start(&machine, port, true);
    let link = link.expect("a link on the console");
    let (address, token) = link.trim().split_once('#').expect("a fragment");
    assert_eq!(address, format!("http://localhost:{port}/set-up"));
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build();
    let client = client.expect("a client");
    let page = client.get(address).send().await.expect("an answer");
    assert_eq!(page.status(), 200);
    assert!(page.text().await.expect("text").contains("Open your practice"));
    // Until it is begun there is nothing to see, and every page says so calmly.
    assert_eq!(client.get(format!("http://localhost:{port}/")).send().await.expect("an answer").status(), 503);

    let send = async |zone: &str| {
        let form = [
            ("token", token),
            ("name", "Olive Marsh"),
            ("email", "olive@practice.example"),
            ("practice", "Olive's rooms"),
            ("time_zone", zone),
        ];
        let request = client.post(address).header("sec-fetch-site", "same-origin").form(&form);
        request.send().await.expect("an answer")
    };
    let refused = send("Dublin").await;
    assert_eq!(refused.status(), 422);
    let html = refused.text().await.expect("text");
    assert!(html.contains("olive@practice.example") && html.contains("Please choose the practice"), "{html}");
    let begun = send("Europe/Dublin").await;
    assert_eq!(
        (begun.status().as_u16(), &begun.headers()["location"]),
        (303, &"/sign-in/set-up".parse().expect("a path"))
    );
    assert_eq!(send("Europe/Dublin").await.status(), 410);
    for path in ["/", "/book/discovery-call", "/about", "/faq", "/contact", "/privacy", "/terms"] {
        let page = client.get(format!("http://localhost:{port}{path}")).send().await.expect("an answer");
        assert_eq!(page.status(), 200, "{path}");
    }
    assert_eq!(server.ask_to_end(), Some(0));
    assert!(!machine.folder.join("practice.sqlite-wal").exists(), "the write-ahead log was not folded back");
}

#[tokio::test]
async fn doctor_says_what_is_fine_and_what_is_not() {
    on_both_engines(|machine| async move {
        let before = machine.run(&["doctor"]);
        assert!(before.status.success(), "{}", said(&before));
        let new =
            if machine.database_url.starts_with("sqlite") { "does not exist yet" } else { "run `anteroom migrate`" };
        assert!(said(&before).contains(new), "{}", said(&before));
        assert!(machine.run(OWNER).status.success());
        let output = machine.run(&["doctor"]);
        assert!(output.status.success(), "{}", said(&output));
        let words = said(&output);
        for fine in ["master key", "database", "schema", "clock", "time zones", "trail", "jobs"] {
            assert!(words.contains(&format!("ok       {fine}: ")), "{fine} is missing:\n{words}");
        }
        for careful in ["address: http://localhost:3000", "assets: dist", "mail: no server"] {
            assert!(words.contains(&format!("careful  {careful}")), "{careful} is missing:\n{words}");
        }
        let mut elsewhere = machine.command(&["doctor"]);
        let words = said(&elsewhere.env("ANTEROOM_BASE_URL", "https://practice.example").output().expect("it runs"));
        assert!(words.contains("ok       address: https://practice.example"), "{words}");
        if machine.database_url.starts_with("sqlite") {
            let file = machine.folder.join("practice.sqlite");
            let mode = || std::fs::metadata(&file).expect("the database").permissions().mode() & 0o777;
            assert_eq!(mode(), 0o600);
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).expect("it is ours");
            let words = said(&machine.run(&["doctor"]));
            assert!(words.contains("careful  database: others may read"), "{words}");
        }
        let unreachable = format!("smtp://127.0.0.1:{}", free_port());
        let output = machine.command(&["doctor"]).env("ANTEROOM_MAIL_URL", unreachable).output().expect("it runs");
        assert_eq!(output.status.code(), Some(1));
        assert!(said(&output).contains("WRONG    mail"), "{}", said(&output));
    })
    .await;
}

#[tokio::test]
async fn doctor_knows_a_key_that_is_lost_and_one_that_is_another() {
    on_both_engines(|machine| async move {
        assert!(machine.run(OWNER).status.success());
        let file = machine.folder.join("master.key");
        let kept = std::fs::read(&file).expect("the key");
        let put = |bytes: &[u8]| {
            std::fs::write(&file, bytes).expect("it is written");
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("it is ours alone");
        };

        std::fs::remove_file(&file).expect("it was there");
        let serve = &["serve", "--listen", "127.0.0.1:0"][..];
        for (complaint, refusal) in [("is gone", "cannot be read"), ("is not the one", "is not the one")] {
            let doctor = machine.run(&["doctor"]);
            assert_eq!(doctor.status.code(), Some(1), "{}", said(&doctor));
            let line = format!("WRONG    master key: {} {complaint}", file.display());
            assert!(said(&doctor).contains(&line), "{}", said(&doctor));
            let start = machine.run(serve);
            assert_eq!(start.status.code(), Some(1), "{}", said(&start));
            assert!(said(&start).contains(refusal), "{}", said(&start));
            put(&anteroom::keys::random::<32>().expect("random bytes"));
        }
        put(&kept);
        let doctor = machine.run(&["doctor"]);
        assert!(doctor.status.success(), "{}", said(&doctor));
    })
    .await;
}

#[tokio::test]
async fn doctor_finds_a_trail_that_was_changed() {
    on_both_engines(|machine| async move {
        assert!(machine.run(OWNER).status.success());
        machine.say("update audit_trail set deed = 'nothing' where seq = 1").await;
        let doctor = machine.run(&["doctor"]);
        assert_eq!(doctor.status.code(), Some(1), "{}", said(&doctor));
        assert!(said(&doctor).contains("WRONG    trail: row 1 does not follow"), "{}", said(&doctor));
        machine.say("delete from audit_trail").await;
        let doctor = machine.run(&["doctor"]);
        assert!(said(&doctor).contains("WRONG    trail: row 1 does not follow"), "{}", said(&doctor));
    })
    .await;
}

#[tokio::test]
async fn a_practice_that_is_not_there_yet_is_made_by_migrating_and_by_nothing_that_only_looks() {
    let machine = Machine::new(Engine::here()).await;
    let folder = machine.folder.join("a new/folder");
    let in_folder = |arguments: &[&str]| {
        let mut command = machine.command(arguments);
        command.env_remove("DATABASE_URL").env("ANTEROOM_DATA", &folder).output().expect("it runs")
    };
    let doctor = in_folder(&["doctor"]);
    assert!(doctor.status.success(), "{}", said(&doctor));
    assert!(said(&doctor).contains("careful  database: "), "{}", said(&doctor));
    assert!(
        said(&doctor).contains("practice.sqlite does not exist yet; the first start makes it"),
        "{}",
        said(&doctor)
    );
    let jobs = in_folder(&["jobs"]);
    assert_eq!(jobs.status.code(), Some(1), "{}", said(&jobs));
    assert!(said(&jobs).contains("there is no database"), "{}", said(&jobs));
    assert!(!folder.exists(), "looking made a folder");
    let migrate = in_folder(&["migrate"]);
    assert!(migrate.status.success(), "{}", said(&migrate));
    assert!(said(&in_folder(&["doctor"])).contains("ok       schema"));
}

#[tokio::test]
async fn an_address_of_a_file_may_have_options_and_must_name_a_file() {
    let mut machine = Machine::new(Engine::here()).await;
    machine.database_url = "sqlite://p.sqlite?mode=rwc".into();
    for command in [&["doctor"][..], &["migrate"], OWNER, &["doctor"], &["jobs"]] {
        let output = machine.run(command);
        assert!(output.status.success(), "{command:?}: {}", said(&output));
    }
    let files = std::fs::read_dir(&machine.folder).expect("the folder").flatten();
    let mut names: Vec<_> = files.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    assert_eq!(names, ["master.key", "p.sqlite"]);
    for url in ["sqlite::memory:", "sqlite://:memory:", "sqlite://p.sqlite?mode=memory", "sqlite://"] {
        machine.database_url = url.into();
        let output = machine.run(&["migrate"]);
        assert_eq!(output.status.code(), Some(2), "{url}: {}", said(&output));
        assert!(said(&output).contains("must name a file"), "{url}: {}", said(&output));
    }
}

#[tokio::test]
async fn what_was_given_up_is_seen_and_tried_again() {
    on_both_engines(|machine| async move {
        assert!(machine.run(OWNER).status.success());
        assert!(said(&machine.run(&["jobs"])).contains("Nothing waits."));
        let first = machine.leave_job("ADOPT_BOOKINGS", "DEAD", None).await;
        for _ in 0..2 {
            machine.leave_job("TELL_CLIENT", "DEAD", Some("tell-client:1")).await;
        }
        let tea = machine.leave_job("MAKE_TEA", "QUEUED", None).await;
        machine.leave_job("RELEASE_HOLD", "DONE", None).await;

        let all = said(&machine.run(&["jobs"]));
        assert_eq!(all.lines().count(), 1 + 4, "{all}");
        let line = all.lines().find(|line| line.contains(&first.to_string())).expect("the first one");
        let words: Vec<_> = line.split_whitespace().collect();
        assert_eq!(words[1..4], ["ADOPT_BOOKINGS", "DEAD", "12"]);
        assert!(line.ends_with("mail server: the recipient was refused (550)"), "{line}");
        let dead = said(&machine.run(&["jobs", "--dead", "--limit", "2"]));
        assert!(dead.lines().count() == 1 + 2 + 1 && dead.contains("There are more"), "{dead}");
        assert!(!dead.contains("MAKE_TEA"), "{dead}");
        let doctor = said(&machine.run(&["doctor"]));
        assert!(doctor.contains("careful  jobs: 3 dead, 1 late by more than an hour"), "{doctor}");

        let waiting = machine.run(&["jobs", "retry", &tea.to_string()]);
        assert_eq!(waiting.status.code(), Some(2), "{}", said(&waiting));
        let unclear = machine.run(&["jobs", "retry"]);
        assert_eq!(unclear.status.code(), Some(2), "{}", said(&unclear));
        let one = said(&machine.run(&["jobs", "retry", &first.to_string()]));
        assert!(one.contains("One job is tried again."), "{one}");
        let anew = "select count(*) from jobs where kind = 'ADOPT_BOOKINGS' and state = 'QUEUED' and attempts = 0";
        assert_eq!(machine.count(anew).await, 1);
        let rest = said(&machine.run(&["jobs", "retry", "--all"]));
        assert!(rest.contains("2 jobs are tried again."), "{rest}");
        for (state, number) in [
            ("select count(*) from jobs where kind = 'TELL_CLIENT' and state = 'QUEUED'", 1),
            ("select count(*) from jobs where kind = 'TELL_CLIENT' and state = 'CANCELLED'", 1),
            ("select count(*) from jobs where state = 'DEAD'", 0),
        ] {
            assert_eq!(machine.count(state).await, number, "{state}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_queue_is_measured() {
    on_both_engines(|mut machine| async move {
        assert!(machine.run(OWNER).status.success());
        for _ in 0..2 {
            machine.leave_job("TELL_CLIENT", "DEAD", None).await;
        }
        machine.leave_job("MAKE_TEA", "QUEUED", None).await;
        let (port, metrics) = (free_port(), free_port());
        machine.settings.push(("ANTEROOM_METRICS_LISTEN", format!("127.0.0.1:{metrics}")));
        let (server, _) = Serving::start(&machine, port, false);
        await_listener(metrics);
        let measured = async {
            loop {
                let page = reqwest::get(format!("http://127.0.0.1:{metrics}/metrics")).await.expect("an answer");
                let text = page.text().await.expect("text");
                if text.contains("anteroom_jobs_dead") {
                    return text;
                }
                tokio::task::yield_now().await;
            }
        };
        let text = tokio::time::timeout(Duration::from_secs(60), measured).await.expect("it is measured");
        for line in ["anteroom_jobs_queued 1", "anteroom_jobs_dead 2"] {
            assert!(text.lines().any(|other| other == line), "{line} in {text}");
        }
        assert_eq!(server.ask_to_end(), Some(0));
    })
    .await;
}

#[tokio::test]
async fn the_demo_is_never_played_over_a_real_practice() {
    let machine = Machine::new(Engine::here()).await;
    assert!(machine.run(OWNER).status.success());
    let output = machine.run(&["demo", "--listen", "127.0.0.1:0"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("holds Olive's rooms"), "{}", said(&output));
}

#[tokio::test]
async fn no_limit_of_a_practice_is_met_in_the_demo() {
    let machine = Machine::new(Engine::here()).await;
    let port = free_port();
    let demo = machine.command(&["demo", "--listen", &format!("127.0.0.1:{port}")]).stdout(Stdio::null()).spawn();
    let demo = Serving(demo.expect("it starts"));
    await_listener(port);
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build();
    let client = client.expect("a client");
    let url = |path: &str| format!("http://127.0.0.1:{port}{path}");
    let ask = async |token: &str, query: &str, variables: serde_json::Value| -> serde_json::Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let asked = client.post(url("/graphql")).header("content-type", "application/json");
        let asked = if token.is_empty() { asked } else { asked.bearer_auth(token) };
        let answer = asked.body(body).send().await.expect("an answer").text().await.expect("text");
        serde_json::from_str(&answer).expect("JSON")
    };
    let db = machine.db().await;
    let somebody = "select id from users where role = 'CLIENT' order by id limit 1";
    let somebody: Uuid = db.read().await.expect("a connection").query(somebody).value().await.expect("a client");
    db.close().await;
    let become_them = client
        .post(url("/sandbox/persona"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(format!("user_id={somebody}"));
    let answer = become_them.send().await.expect("an answer");
    let cookies = answer.headers().get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
    let token = |cookie: &str| Some(cookie.strip_prefix("__Host-access=")?.split_once(';')?.0.to_owned());
    let token = cookies.filter_map(token).next().expect("a token");

    // More than the 300 reads of an address and the 600 requests of an account, which a real practice allows in a minute.
    for turn in 0..1000 {
        let read = ask(&token, "{ viewer { client { __typename } } }", json!({})).await;
        assert_eq!(read["data"]["viewer"]["client"]["__typename"], "OwnCare", "{turn}: {read}");
    }
    // More than 30 changes and 10 sign-in mails of an address, and 3 mails to one mailbox.
    let send = "mutation($input: SendContactMessageInput!) { sendContactMessage(input: $input) { sent } }";
    let message = json!({ "input": { "name": "Ben", "email": "ben@example.org", "message": "May I come and talk?" } });
    let sign_in = "mutation($email: String!) { requestSignIn(input: { email: $email }) { browserToken } }";
    for turn in 0..100 {
        let sent = ask("", send, message.clone()).await;
        assert_eq!(sent, json!({ "data": { "sendContactMessage": { "sent": true } } }), "{turn}");
        let asked = ask("", sign_in, json!({ "email": "ben@example.org" })).await;
        assert_eq!(asked.get("errors"), None, "{turn}: {asked}");
    }
    assert_eq!(machine.count("select count(*) from jobs where kind = 'MAIL_SIGN_IN'").await, 100);
    assert_eq!(demo.ask_to_end(), Some(0));
}

#[tokio::test]
async fn what_is_logged_is_for_machines_unless_a_terminal_reads_it() {
    let machine = Machine::new(Engine::here()).await;
    let logged = |format: Option<&str>| {
        let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = taken.local_addr().expect("it has an address").to_string();
        let mut serve = machine.command(&["serve", "--listen", &address]);
        serve.envs(format.map(|format| ("ANTEROOM_LOG_FORMAT", format)));
        let output = serve.output().expect("it runs");
        let lines = String::from_utf8(output.stderr).expect("text");
        lines.lines().filter(|line| line.contains("no mail server is set")).map(str::to_owned).collect::<Vec<_>>()
    };
    for format in [None, Some("auto"), Some("json")] {
        let lines = logged(format);
        assert_eq!(lines.len(), 1, "{format:?}: {lines:?}");
        let line: serde_json::Value = serde_json::from_str(&lines[0]).expect("a line is one JSON object");
        assert_eq!(line["level"], "WARN", "{line}");
        assert!(line["timestamp"].as_str().is_some_and(|at| at.contains('T')), "{line}");
        assert!(line["message"].as_str().is_some_and(|words| words.starts_with("no mail server")), "{line}");
    }
    let text = logged(Some("text"));
    assert!(text.len() == 1 && !text[0].contains('{') && text[0].contains("WARN"), "{text:?}");
}

#[tokio::test]
async fn an_address_that_is_taken_is_named() {
    let machine = Machine::new(Engine::here()).await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = taken.local_addr().expect("it has an address").to_string();
    let output = machine.run(&["serve", "--listen", &address]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains(&format!("cannot listen on {address}")), "{}", said(&output));
}

#[tokio::test]
async fn a_start_without_a_mail_server_says_that_nobody_can_sign_in() {
    let machine = Machine::new(Engine::here()).await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = taken.local_addr().expect("it has an address").to_string();
    let without = said(&machine.run(&["serve", "--listen", &address]));
    assert!(without.contains("no mail server is set (ANTEROOM_MAIL_URL): nobody can sign in"), "{without}");
    let mut serve = machine.command(&["serve", "--listen", &address]);
    let with = said(&serve.env("ANTEROOM_MAIL_URL", "smtp://127.0.0.1").output().expect("it runs"));
    assert!(!with.contains("no mail server"), "{with}");
}
