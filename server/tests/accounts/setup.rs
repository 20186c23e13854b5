//! The first owner, and doors that must not exist.

use super::kit::Browser;
use crate::support::{Engine, Practice, on_both_engines};
use anteroom::features::accounts::{logins, setup};
use anteroom::features::practice::begin::{self, NewPractice};
use anteroom::keys::Keys;
use anteroom::schema;
use axum::http::{Method, StatusCode};
use shared::actor::Role;

/// Takes the cast's owner away, as on a fresh installation.
async fn fresh(practice: Practice) -> Practice {
    logins::set_role(&practice.app, crate::support::ADA_USER, Role::Therapist).await.expect("Ada exists");
    practice
}

/// The form of the set-up page, filled in.
fn form<'a>(token: &'a str, email: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("token", token),
        ("name", "Olive"),
        ("email", email),
        ("practice", "Olive's rooms"),
        ("time_zone", "Europe/Dublin"),
    ]
}

async fn token(practice: &Practice) -> String {
    let link = setup::issue_link(&practice.app).await.expect("the database answers").expect("a link");
    let (address, token) = link.split_once('#').expect("a fragment");
    assert_eq!(address, "http://localhost:3000/set-up");
    token.to_owned()
}

fn olive(email: &str) -> NewPractice {
    NewPractice {
        name: "Olive".into(),
        email: email.into(),
        practice: "Olive's rooms".into(),
        time_zone: "Europe/Dublin".into(),
    }
}

#[tokio::test]
async fn of_fifty_who_race_for_a_fresh_installation_one_becomes_the_owner() {
    on_both_engines(|practice: Practice| async move {
        let practice = fresh(practice).await;
        let (first, second) = (token(&practice).await, token(&practice).await);
        let tries: Vec<_> = (0..50)
            .map(|n| {
                let mut browser = Browser::new(&practice);
                let token = if n % 2 == 0 { first.clone() } else { second.clone() };
                tokio::spawn(async move {
                    let email = format!("owner{n}@practice.example");
                    let form = form(&token, &email);
                    (browser.post("/set-up", &form).await.status, browser)
                })
            })
            .collect();
        let mut owners = 0;
        for attempt in tries {
            let (status, browser) = attempt.await.expect("no panic");
            match status {
                StatusCode::SEE_OTHER => {
                    owners += 1;
                    assert!(browser.who(&practice).await.is_some_and(|viewer| viewer.role == Role::Owner));
                }
                StatusCode::GONE => assert!(browser.who(&practice).await.is_none()),
                other => panic!("{other}"),
            }
        }
        assert_eq!(owners, 1);
        assert_eq!(practice.count("select count(*) from users where role = 'OWNER'").await, 1);
        assert!(setup::issue_link(&practice.app).await.expect("the database answers").is_none());
        assert_eq!(Browser::new(&practice).send(Method::GET, "/set-up", &[]).await.status, StatusCode::GONE);
    })
    .await;
}

#[tokio::test]
async fn a_set_up_link_that_is_old_or_guessed_makes_nobody_an_owner() {
    on_both_engines(|practice: Practice| async move {
        let practice = fresh(practice).await;
        let token = token(&practice).await;
        assert_eq!(Browser::new(&practice).send(Method::GET, "/set-up", &[]).await.status, StatusCode::OK);
        let guessed = anteroom::keys::Secret::random().expect("random bytes").text();
        practice.app.clock.push_minutes(24 * 60);
        for token in ["", "x", &guessed, &token] {
            let form = form(token, "o@practice.example");
            assert_eq!(Browser::new(&practice).post("/set-up", &form).await.status, StatusCode::GONE);
        }
        assert!(setup::is_open(&practice.app).await.expect("the database answers"));
    })
    .await;
}

#[tokio::test]
async fn a_mistyped_address_does_not_use_the_set_up_link_up() {
    on_both_engines(|practice: Practice| async move {
        let practice = fresh(practice).await;
        let token = token(&practice).await;
        let mut browser = Browser::new(&practice);
        for email in ["olive", "ada@practice.example"] {
            let form = form(&token, email);
            assert_eq!(browser.post("/set-up", &form).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let form = form(&token, "olive@practice.example");
        assert_eq!(browser.post("/set-up", &form).await.location(), "/sign-in/set-up");
    })
    .await;
}

#[tokio::test]
async fn the_command_line_makes_an_owner_who_signs_in_like_everyone_else() {
    on_both_engines(|practice: Practice| async move {
        let practice = fresh(practice).await;
        token(&practice).await;
        begin::create(&practice.app, olive("olive@practice.example")).await.expect("an owner");
        assert!(begin::create(&practice.app, olive("Olive@practice.example")).await.is_err());
        assert_eq!(practice.count("select count(*) from setup_links where used_at is null").await, 0);
        let mut browser = Browser::new(&practice);
        assert_eq!(browser.sign_in(&practice, "olive@practice.example").await.location(), "/sign-in/set-up");
    })
    .await;
}

#[tokio::test]
async fn there_is_no_password_to_sign_in_with_anywhere() {
    assert!(!schema::sdl().to_lowercase().contains("password"));
    let practice = Practice::open(Engine::here()).await;
    let columns = match Engine::here() {
        Engine::Sqlite => "select count(*) from pragma_table_info('users') where name like '%password%'",
        Engine::Postgres => {
            "select count(*) from information_schema.columns where table_name = 'users' and column_name like '%password%'"
        }
    };
    assert_eq!(practice.count(columns).await, 0);
    let mut browser = Browser::new(&practice);
    for path in ["/sign-in/password", "/sign-in/dev", "/dev/sign-in", "/admin/sign-in", "/sign-up"] {
        let form = [("email", "admin@example.org"), ("password", "admin")];
        assert_eq!(browser.post(path, &form).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[test]
fn a_master_key_somebody_made_up_is_refused() {
    let folder = std::env::temp_dir().join(format!("anteroom_keys_{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("master.key");
    let made_up: [&[u8]; 5] =
        [&[0; 32], &[0xff; 32], b"change-mechange-mechange-mechang", b"0123456789abcdef0123456789abcdef", b"change-me"];
    for key in made_up {
        std::fs::write(&file, key).expect("written");
        assert!(Keys::open(&file, true).is_err(), "{key:?}");
    }
    std::fs::remove_file(&file).expect("removed");
    assert!(Keys::open(&file, false).is_err(), "a key is never made for a database that has data");
    assert!(Keys::open(&file, true).is_ok());
    assert!(Keys::open(&file, false).is_ok());
    std::fs::remove_dir_all(&folder).expect("removed");
}
