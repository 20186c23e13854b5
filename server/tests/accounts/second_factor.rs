//! The second factor of people who work in the practice.

use super::kit::{Browser, bearer, ended_because, signed_in};
use crate::support::{Practice, on_both_engines, shown_by_authenticator};
use anteroom::error::Error;
use anteroom::features::accounts::Viewer;
use anteroom::features::accounts::logins::Device;
use anteroom::features::accounts::second_factor::enrol::{self, ConfirmSecondFactorInput, Confirmed};
use anteroom::features::accounts::second_factor::{self, CompleteSecondFactorInput, SecondFactorState};
use anteroom::features::accounts::sign_in::SignedIn;
use axum::http::{Method, StatusCode};
use serde_json::json;
use shared::problem::ErrorCode;

const ADA: &str = "ada@practice.example";

/// What Ada's authenticator shows, so many steps from now.
fn shown(practice: &Practice, secret: &str, steps: i64) -> String {
    shown_by_authenticator(secret, practice.app.clock.now().plus_seconds(steps * 30))
}

fn device() -> Device {
    Device("A test".into())
}

async fn enrolled(practice: &Practice) -> (String, Confirmed) {
    let viewer = signed_in(practice, ADA).await.viewer;
    let secret = enrol::start(&practice.app, viewer).await.expect("an enrolment").secret;
    let code = shown(practice, &secret, 0);
    let input = ConfirmSecondFactorInput { code, ..Default::default() };
    let confirmed = enrol::confirm(&practice.app, viewer, input, device()).await.expect("the code is right");
    practice.app.clock.push_minutes(2);
    (secret, confirmed)
}

async fn show(practice: &Practice, viewer: Viewer, code: &str) -> Result<SignedIn, Error> {
    let input = CompleteSecondFactorInput { code: Some(code.into()), recovery_code: None };
    second_factor::complete(&practice.app, viewer, input, device()).await
}

async fn recover(practice: &Practice, viewer: Viewer, code: &str) -> Result<SignedIn, Error> {
    let input = CompleteSecondFactorInput { code: None, recovery_code: Some(code.into()) };
    second_factor::complete(&practice.app, viewer, input, device()).await
}

fn code_of<T>(outcome: Result<T, Error>) -> ErrorCode {
    match outcome {
        Err(Error::Refused(problems)) => problems[0].code,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("this was let in"),
    }
}

#[tokio::test]
async fn the_mailbox_alone_opens_nothing_of_the_practice() {
    on_both_engines(|practice: Practice| async move {
        let (_, confirmed) = enrolled(&practice).await;
        let thief = signed_in(&practice, ADA).await;
        assert_eq!(thief.second_factor, SecondFactorState::ToShow);

        let query = "{ viewer { user { name awaitsSecondFactor } therapist { clients(first: 1) { nodes { id } } } } }";
        let answer = practice.ask_as(Some(thief.viewer), query, json!({})).await;
        assert_eq!(answer["data"]["viewer"]["therapist"], json!(null), "{answer:#}");
        let answer = practice.ask_as(Some(thief.viewer), "{ viewer { user { logins { id } } } }", json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "SIGN_IN_REQUIRED", "{answer:#}");
        for mutation in
            ["endOtherLogins { userErrors { code } }", "startSecondFactor { enrolment { secret } userErrors { code } }"]
        {
            let answer = practice.ask_as(Some(thief.viewer), &format!("mutation {{ {mutation} }}"), json!({})).await;
            assert!(!answer.to_string().contains("secret\":\""), "{answer:#}");
        }
        assert_eq!(code_of(enrol::start(&practice.app, thief.viewer).await), ErrorCode::SecondFactorRequired);
        let input = ConfirmSecondFactorInput { code: "000000".into(), ..Default::default() };
        let outcome = enrol::confirm(&practice.app, thief.viewer, input, device()).await;
        assert_eq!(code_of(outcome), ErrorCode::SecondFactorRequired);
        assert!(bearer(&practice, &confirmed.signed_in.tokens.access).await.is_some_and(|ada| ada.second_factor));
    })
    .await;
}

#[tokio::test]
async fn a_code_that_was_seen_does_not_work_a_second_time() {
    on_both_engines(|practice: Practice| async move {
        let (secret, _) = enrolled(&practice).await;
        let code = shown(&practice, &secret, 0);
        let first = signed_in(&practice, ADA).await.viewer;
        let second = signed_in(&practice, ADA).await.viewer;
        let through = show(&practice, first, &code).await.expect("the code is right");
        assert!(through.viewer.second_factor);
        assert_ne!(through.viewer.login_id, first.login_id);
        assert!(ended_because(&practice, first.login_id).await.is_some());

        assert_eq!(code_of(show(&practice, second, &code).await), ErrorCode::LinkInvalid);
        let earlier = shown(&practice, &secret, -1);
        assert_eq!(code_of(show(&practice, second, &earlier).await), ErrorCode::LinkInvalid);
        show(&practice, second, &shown(&practice, &secret, 1)).await.expect("the next code is another one");
    })
    .await;
}

#[tokio::test]
async fn one_code_sent_many_times_at_once_lets_one_through() {
    on_both_engines(|practice: Practice| async move {
        let (secret, _) = enrolled(&practice).await;
        let code = shown(&practice, &secret, 0);
        let mut tries = Vec::new();
        for _ in 0..10 {
            let (app, viewer) = (practice.app.clone(), signed_in(&practice, ADA).await.viewer);
            let input = CompleteSecondFactorInput { code: Some(code.clone()), recovery_code: None };
            tries.push(tokio::spawn(
                async move { second_factor::complete(&app, viewer, input, device()).await.is_ok() },
            ));
        }
        let mut through = 0;
        for attempt in tries {
            through += usize::from(attempt.await.expect("no panic"));
        }
        assert_eq!(through, 1);
    })
    .await;
}

#[tokio::test]
async fn codes_from_further_than_one_step_away_are_refused() {
    on_both_engines(|practice: Practice| async move {
        let (secret, _) = enrolled(&practice).await;
        let viewer = signed_in(&practice, ADA).await.viewer;
        for steps in [-2, 2, 10] {
            let code = shown(&practice, &secret, steps);
            assert_eq!(code_of(show(&practice, viewer, &code).await), ErrorCode::LinkInvalid, "{steps}");
        }
        show(&practice, viewer, &shown(&practice, &secret, 1)).await.expect("one step is a clock that runs fast");
    })
    .await;
}

#[tokio::test]
async fn guessing_codes_ends_the_login_after_five_even_when_they_come_at_once() {
    on_both_engines(|practice: Practice| async move {
        let (secret, _) = enrolled(&practice).await;
        let viewer = signed_in(&practice, ADA).await.viewer;
        let right: Vec<_> = (-1..=1).map(|steps| shown(&practice, &secret, steps)).collect();
        let wrong = ["000000", "111111", "222222", "333333"].into_iter().find(|code| right.iter().all(|r| r != code));
        let wrong = wrong.expect("three codes cannot be four");
        let tries: Vec<_> = (0..20)
            .map(|_| {
                let app = practice.app.clone();
                let input = CompleteSecondFactorInput { code: Some(wrong.into()), recovery_code: None };
                tokio::spawn(async move { second_factor::complete(&app, viewer, input, device()).await.is_ok() })
            })
            .collect();
        for attempt in tries {
            assert!(!attempt.await.expect("no panic"));
        }
        assert_eq!(ended_because(&practice, viewer.login_id).await.as_deref(), Some("too many wrong codes"));
        assert_eq!(practice.count("select max(second_factor_attempts) from logins").await, 5);
        assert!(show(&practice, viewer, &right[1]).await.is_err());

        for _ in 0..3 {
            let viewer = signed_in(&practice, ADA).await.viewer;
            for _ in 0..5 {
                assert!(show(&practice, viewer, wrong).await.is_err());
            }
        }
        let viewer = signed_in(&practice, ADA).await.viewer;
        assert_eq!(
            code_of(show(&practice, viewer, &right[1]).await),
            ErrorCode::RateLimited,
            "twenty a day are enough"
        );
        practice.app.clock.push_minutes(24 * 60 + 1);
        let viewer = signed_in(&practice, ADA).await.viewer;
        show(&practice, viewer, &shown(&practice, &secret, 0)).await.expect("the next day");
    })
    .await;
}

#[tokio::test]
async fn a_recovery_code_works_once_however_it_is_typed() {
    on_both_engines(|practice: Practice| async move {
        let (_, confirmed) = enrolled(&practice).await;
        assert_eq!(confirmed.recovery_codes.len(), 10);
        let code = confirmed.recovery_codes[3].to_lowercase().replace('-', " ");
        let first = signed_in(&practice, ADA).await.viewer;
        let second = signed_in(&practice, ADA).await.viewer;
        let through = recover(&practice, first, &code).await.expect("it is one of the ten");
        assert!(through.viewer.second_factor);
        assert_eq!(code_of(recover(&practice, second, &code).await), ErrorCode::LinkInvalid);
        let own = second_factor::of(&practice.app, through.viewer).await.expect("a state");
        assert_eq!(own.recovery_codes_left, 9);
    })
    .await;
}

#[tokio::test]
async fn another_authenticator_takes_the_place_of_the_first_only_with_the_first() {
    on_both_engines(|practice: Practice| async move {
        let (old, confirmed) = enrolled(&practice).await;
        let viewer = confirmed.signed_in.viewer;
        let elsewhere = signed_in(&practice, ADA).await;
        let new = enrol::start(&practice.app, viewer).await.expect("an enrolment");
        assert_ne!(new.secret, old);
        assert!(new.url.starts_with("otpauth://totp/localhost:ada@practice.example?secret="), "{}", new.url);
        assert!(new.qr_svg.starts_with("<svg"));

        let code = shown(&practice, &new.secret, 0);
        let alone = ConfirmSecondFactorInput { code: code.clone(), ..Default::default() };
        assert_eq!(code_of(enrol::confirm(&practice.app, viewer, alone, device()).await), ErrorCode::Required);
        let current_code = Some(shown(&practice, &old, 0));
        let both = ConfirmSecondFactorInput { code, current_code, recovery_code: None };
        enrol::confirm(&practice.app, viewer, both, device()).await.expect("both codes are right");

        assert!(bearer(&practice, &elsewhere.tokens.access).await.is_none(), "everyone else is signed out");
        assert!(bearer(&practice, &confirmed.signed_in.tokens.access).await.is_none(), "and this login is a new one");
        practice.app.clock.push_minutes(2);
        let viewer = signed_in(&practice, ADA).await.viewer;
        assert!(show(&practice, viewer, &shown(&practice, &old, 0)).await.is_err());
        let old_recovery = &confirmed.recovery_codes[0];
        assert!(recover(&practice, viewer, old_recovery).await.is_err());
        show(&practice, viewer, &shown(&practice, &new.secret, 0)).await.expect("the new one");
    })
    .await;
}

#[tokio::test]
async fn staff_set_up_and_show_their_second_factor_with_forms_alone() {
    on_both_engines(|practice: Practice| async move {
        let mut ada = Browser::new(&practice);
        assert_eq!(ada.sign_in(&practice, ADA).await.location(), "/sign-in/set-up");
        let viewer = ada.who(&practice).await.expect("Ada");
        let secret = enrol::start(&practice.app, viewer).await.expect("an enrolment").secret;
        let wrong = ada.post("/sign-in/set-up", &[("code", "12345")]).await;
        assert_eq!(wrong.location(), "/sign-in/set-up?problem=factor");
        let page = ada.post("/sign-in/set-up", &[("code", &shown(&practice, &secret, 0))]).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.body.matches("<li class=\"reference\">").count(), 10);
        assert!(ada.who(&practice).await.is_some_and(|ada| ada.second_factor));

        ada.post("/sign-out", &[]).await;
        practice.app.clock.push_minutes(2);
        assert_eq!(ada.send(Method::GET, "/admin/clients", &[]).await.location(), "/sign-in");
        assert_eq!(ada.sign_in(&practice, ADA).await.location(), "/sign-in/second-factor");
        let wrong = ada.post("/sign-in/second-factor", &[("code", "12345")]).await;
        assert_eq!(wrong.location(), "/sign-in/second-factor?problem=factor");
        let code = shown(&practice, &secret, 0);
        assert_eq!(ada.post("/sign-in/second-factor", &[("code", &code)]).await.location(), "/admin/clients");
        assert!(ada.who(&practice).await.is_some_and(|ada| ada.second_factor));
    })
    .await;
}
