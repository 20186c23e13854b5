//! Access and refresh tokens: replayed, stolen, used for something else.

use super::kit::{Browser, bearer, ended_because, signed_in, with_ben};
use crate::support::{Practice, on_both_engines};
use anteroom::features::accounts::logins;
use anteroom::features::accounts::refresh::{Refreshed, refresh};
use axum::http::{HeaderMap, HeaderValue, header};
use serde_json::json;
use shared::actor::Role;

const BEN: &str = "ben@example.org";

async fn again(practice: &Practice, token: &str) -> Option<Refreshed> {
    refresh(&practice.app, token).await.expect("the database answers")
}

#[tokio::test]
async fn a_token_for_one_purpose_is_good_for_no_other() {
    on_both_engines(|practice: Practice| async move {
        let practice = with_ben(practice).await;
        let asked = super::kit::request(&practice, BEN).await;
        let mail = super::kit::newest_mail(&practice).await.expect("a mail");
        let (link, browser) = (super::kit::token_of(&mail), asked.browser.text());
        let manage =
            practice.book("Cleo", "2030-01-08T11:00:00Z").await["manageToken"].as_str().expect("text").to_owned();
        let tokens = signed_in(&practice, BEN).await.tokens;
        for other in [&tokens.refresh, &link, &browser, &manage, &mail.code] {
            assert!(bearer(&practice, other).await.is_none());
            let mut headers = HeaderMap::new();
            let cookie = format!("__Host-access={other}");
            headers.insert(header::COOKIE, HeaderValue::from_str(&cookie).expect("a header"));
            assert!(super::kit::identified(&practice, &headers).await.viewer.is_none());
        }
        for other in [&tokens.access, &link, &browser, &manage, &mail.code] {
            assert!(again(&practice, other).await.is_none());
        }
        for other in [&tokens.access, &tokens.refresh, &browser, &manage] {
            let mut ben = Browser::new(&practice);
            ben.cookies.insert("__Host-browser".into(), browser.clone());
            ben.post("/sign-in/link", &[("token", other)]).await;
            assert!(ben.who(&practice).await.is_none());
        }
        assert!(again(&practice, &tokens.refresh).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn a_refresh_token_used_again_later_ends_the_login_and_its_owner_is_told() {
    on_both_engines(|practice: Practice| async move {
        let practice = with_ben(practice).await;
        let first = signed_in(&practice, BEN).await;
        let second = again(&practice, &first.tokens.refresh).await.expect("the next");
        practice.app.clock.push_minutes(1);

        assert!(again(&practice, &first.tokens.refresh).await.is_none());

        assert_eq!(ended_because(&practice, first.viewer.login_id).await.as_deref(), Some("token reused"));
        assert!(bearer(&practice, &second.tokens.access).await.is_none());
        assert!(again(&practice, &second.tokens.refresh).await.is_none());
        assert_eq!(practice.count("select count(*) from jobs where kind = 'WARN_OF_REUSE'").await, 1);
        assert_eq!(practice.count("select count(*) from audit_trail where deed like '%token reused'").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_thief_who_refreshes_first_is_thrown_out_when_the_owner_does() {
    on_both_engines(|practice: Practice| async move {
        let practice = with_ben(practice).await;
        let owner = signed_in(&practice, BEN).await;
        let mut thief = again(&practice, &owner.tokens.refresh).await.expect("the thief is first");
        practice.app.clock.push_minutes(9);
        thief = again(&practice, &thief.tokens.refresh).await.expect("and again");
        practice.app.clock.push_minutes(2);

        let mut ben = Browser::new(&practice);
        ben.cookies.insert("__Host-refresh".into(), owner.tokens.refresh);
        assert!(ben.who(&practice).await.is_none());

        assert!(bearer(&practice, &thief.tokens.access).await.is_none());
        assert!(again(&practice, &thief.tokens.refresh).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn two_tabs_and_a_lost_answer_get_the_same_successor() {
    on_both_engines(|practice: Practice| async move {
        let practice = with_ben(practice).await;
        let first = signed_in(&practice, BEN).await.tokens.refresh;
        let tabs: Vec<_> = (0..20)
            .map(|_| {
                let (app, token) = (practice.app.clone(), first.clone());
                tokio::spawn(async move { refresh(&app, &token).await })
            })
            .collect();
        let mut successors = Vec::new();
        for tab in tabs {
            successors
                .push(tab.await.expect("no panic").expect("the database answers").expect("a successor").tokens.refresh);
        }
        successors.push(again(&practice, &first).await.expect("the lost answer, again").tokens.refresh);
        successors.dedup();
        assert_eq!(successors.len(), 1);
        assert!(again(&practice, &successors[0]).await.is_some());
        assert_eq!(practice.count("select count(*) from logins where ended_at is null").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_forged_refresh_token_neither_opens_nor_ends_anything() {
    on_both_engines(|practice: Practice| async move {
        let practice = with_ben(practice).await;
        let signed_in = signed_in(&practice, BEN).await;
        let login = signed_in.viewer.login_id;
        let secret = practice.app.keys.refresh_secret(login.0, 0).text();
        let other = practice.app.keys.refresh_secret(uuid::Uuid::from_u128(9), 0).text();
        for forged in [
            format!("{login}.0.{other}"),
            format!("{login}.1.{secret}"),
            format!("{login}.-1.{secret}"),
            format!("{login}.0.{secret}."),
            format!("{login}.0"),
            format!("{login}.0."),
            format!("{login}.99999999999999999999.{secret}"),
            "..".into(),
            String::new(),
        ] {
            assert!(again(&practice, &forged).await.is_none(), "{forged}");
        }
        assert!(again(&practice, &signed_in.tokens.refresh).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn a_login_ends_after_its_days_however_often_it_was_refreshed() {
    on_both_engines(|practice: Practice| async move {
        let practice = with_ben(practice).await;
        let mut tokens = signed_in(&practice, BEN).await.tokens;
        let ends = tokens.refresh_expires_at;
        for _ in 0..29 {
            practice.app.clock.push_minutes(24 * 60);
            tokens = again(&practice, &tokens.refresh).await.expect("not yet").tokens;
            assert_eq!(tokens.refresh_expires_at, ends);
        }
        practice.app.clock.push_minutes(24 * 60);
        assert!(again(&practice, &tokens.refresh).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn an_access_token_is_void_with_the_next_request_after_signing_out_or_losing_rights() {
    on_both_engines(|practice: Practice| async move {
        let practice = with_ben(practice).await;
        let other = practice.second_process().await;
        // SQLite has one process; on PostgreSQL the others hear of it within a moment.
        let shares = practice.url.starts_with("postgres");
        for how in ["sign out", "ended elsewhere", "role", "disable"] {
            let ben = signed_in(&practice, BEN).await;
            let token = &ben.tokens.access;
            assert!(bearer(&practice, token).await.is_some());
            assert!(!shares || bearer(&other, token).await.is_some());
            let app = &practice.app;
            match how {
                "sign out" => {
                    let answer =
                        practice.ask_as(Some(ben.viewer), "mutation { signOut { signedOut } }", json!({})).await;
                    assert_eq!(answer["data"]["signOut"]["signedOut"], true);
                }
                "ended elsewhere" => {
                    let mut elsewhere = signed_in(&practice, BEN).await.viewer;
                    elsewhere.second_factor = false;
                    logins::end_others(app, elsewhere).await.expect("ended");
                }
                "role" => logins::set_role(app, ben.user.id, Role::Client).await.expect("changed"),
                _ => logins::disable(app, ben.user.id).await.expect("shut out"),
            }
            assert!(bearer(&practice, token).await.is_none(), "{how}");
            if shares {
                let heard = async {
                    while bearer(&other, token).await.is_some() {
                        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                    }
                };
                let within = std::time::Duration::from_secs(5);
                tokio::time::timeout(within, heard).await.expect("another process hears of it");
            }
            assert!(again(&practice, &ben.tokens.refresh).await.is_none(), "{how}");
        }
    })
    .await;
}
