//! A browser with its own cookies, and the mail that comes for it.

#![allow(unreachable_pub, reason = "a module of a test binary")]

use crate::support::Practice;
use anteroom::features::accounts::links::{SignInMail, sign_in_mail};
use anteroom::features::accounts::logins::{Device, Place};
use anteroom::features::accounts::sign_in::{self, CompleteSignInInput, RequestSignInInput, RequestedSignIn, SignedIn};
use anteroom::features::accounts::{Viewer, logins};
use anteroom::http::Http;
use anteroom::http::login::{self, Identified};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use shared::ids::LoginId;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use tower::ServiceExt;
use uuid::Uuid;

pub const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// What a browser got back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn set_cookies(&self) -> Vec<&str> {
        let all = self.headers.get_all(header::SET_COOKIE).into_iter();
        all.map(|value| value.to_str().expect("a cookie is text")).collect()
    }
}

/// Keeps cookies as a browser does, and sends forms from our own pages unless told otherwise.
pub struct Browser {
    router: Router,
    pub cookies: BTreeMap<String, String>,
    pub from: HeaderMap,
}

impl Browser {
    pub fn new(practice: &Practice) -> Self {
        let http = Http::new(practice.app.clone(), tokio_util::sync::CancellationToken::new());
        let mut from = HeaderMap::new();
        from.insert(header::USER_AGENT, HeaderValue::from_static("Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0"));
        from.insert("sec-fetch-site", HeaderValue::from_static("same-origin"));
        Browser { router: anteroom::http::router(http, Router::new()), cookies: BTreeMap::new(), from }
    }

    pub async fn send(&mut self, method: Method, path: &str, form: &[(&str, &str)]) -> Answer {
        let mut request =
            Request::new(Body::from(url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()));
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().expect("a path");
        *request.headers_mut() = self.headers();
        let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(header::CONTENT_TYPE, form_type);
        let response = self.router.clone().oneshot(request).await.expect("the router always answers");
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 1 << 20).await.expect("a body");
        let body = String::from_utf8(body.to_vec()).expect("text");
        let answer = Answer { status: parts.status, headers: parts.headers, body };
        for cookie in answer.set_cookies() {
            let (pair, rest) = cookie.split_once(';').expect("attributes");
            let (name, value) = pair.split_once('=').expect("a name and a value");
            if rest.contains("Max-Age=0;") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.into(), value.into());
            }
        }
        answer
    }

    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, path, form).await
    }

    pub fn headers(&self) -> HeaderMap {
        let mut headers = self.from.clone();
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            headers.insert(header::COOKIE, cookies.join("; ").parse().expect("a header"));
        }
        headers
    }

    /// Who the practice takes this browser for.
    pub async fn who(&self, practice: &Practice) -> Option<Viewer> {
        identified(practice, &self.headers()).await.viewer
    }

    /// Asks for a mail and signs in with its code.
    pub async fn sign_in(&mut self, practice: &Practice, email: &str) -> Answer {
        self.post("/sign-in", &[("email", email)]).await;
        let mail = newest_mail(practice).await.expect("a mail");
        self.post("/sign-in/code", &[("code", &mail.code)]).await
    }
}

pub async fn identified(practice: &Practice, headers: &HeaderMap) -> Identified {
    login::identify(&practice.app, headers).await.expect("the database answers")
}

/// Whom a bearer token speaks for.
pub async fn bearer(practice: &Practice, token: &str) -> Option<Viewer> {
    let mut headers = HeaderMap::new();
    headers.insert(header::AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {token}")).ok()?);
    login::identify(&practice.app, &headers).await.ok()?.viewer
}

/// The mail that the newest request brings, if it brings one.
pub async fn newest_mail(practice: &Practice) -> Option<SignInMail> {
    let sql = "select id from sign_in_links order by id desc limit 1";
    let id: Uuid = practice.app.db.read().await.expect("a connection").query(sql).value().await.expect("a link");
    sign_in_mail(&practice.app, id).await.expect("the database answers")
}

pub fn token_of(mail: &SignInMail) -> String {
    mail.link.split_once('#').expect("a fragment").1.to_owned()
}

pub async fn request(practice: &Practice, email: &str) -> RequestedSignIn {
    sign_in::request(&practice.app, RequestSignInInput { email: email.into() }, HERE).await.expect("a request")
}

pub fn by_code(asked: &RequestedSignIn, code: &str) -> CompleteSignInInput {
    CompleteSignInInput { link_token: None, code: Some(code.into()), browser_token: asked.browser.text() }
}

pub fn by_link(asked: &RequestedSignIn, mail: &SignInMail) -> CompleteSignInInput {
    CompleteSignInInput { link_token: Some(token_of(mail)), code: None, browser_token: asked.browser.text() }
}

pub fn somewhere() -> Place {
    Place { device: Device("A test".into()), login: None }
}

/// Signs somebody in by mail.
pub async fn signed_in(practice: &Practice, email: &str) -> SignedIn {
    let asked = request(practice, email).await;
    let mail = newest_mail(practice).await.expect("a mail");
    sign_in::complete(&practice.app, by_link(&asked, &mail), somewhere()).await.expect("the link works")
}

/// A practice where Ben is a client.
pub async fn with_ben(practice: Practice) -> Practice {
    practice.book("Ben", "2030-01-08T10:00:00Z").await;
    practice
}

pub async fn ended_because(practice: &Practice, login: LoginId) -> Option<String> {
    let mut conn = practice.app.db.read().await.expect("a connection");
    conn.query("select ended_because from logins where id = $1").bind(login).value().await.expect("a login")
}

pub async fn logins_of(practice: &Practice, viewer: Viewer) -> usize {
    logins::list(&practice.app, viewer).await.expect("a list").len()
}
