//! A browser without scripts: it follows links, sends forms and keeps cookies.

#![allow(unreachable_pub, reason = "a module of test binaries")]

use super::Practice;
use anteroom::app::{App, Mode};
use anteroom::events::Bus;
use anteroom::features::accounts::logins::Device;
use anteroom::features::accounts::persona;
use anteroom::http::Http;
use anteroom::keys::Keys;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use shared::ids::UserId;
use std::collections::BTreeMap;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// What a server answered.
pub struct Page {
    pub status: StatusCode,
    pub html: String,
    /// Where it sends the browser.
    pub location: Option<String>,
    pub kind: String,
    pub caching: String,
    /// What the browser was told to keep, as it was told.
    pub set_cookies: Vec<String>,
}

impl Page {
    /// What stands between two texts, the first time they come.
    pub fn between(&self, before: &str, after: &str) -> &str {
        let start = self.html.find(before).unwrap_or_else(|| panic!("{before} in {}", self.html)) + before.len();
        let end = self.html[start..].find(after).unwrap_or_else(|| panic!("{after} after {before}"));
        &self.html[start..start + end]
    }

    /// The values of every button, field or option with this name, in order.
    pub fn values(&self, name: &str) -> Vec<String> {
        let marked = format!("name=\"{name}\"");
        let tags = self.html.split('<').filter(|tag| tag.contains(&marked));
        tags.filter_map(|tag| Some(tag.split_once("value=\"")?.1.split_once('"')?.0.replace("&amp;", "&"))).collect()
    }

    pub fn value(&self, name: &str) -> String {
        self.values(name).into_iter().next().unwrap_or_else(|| panic!("a value of {name} in {}", self.html))
    }

    pub fn has(&self, text: &str) -> bool {
        self.text().contains(text)
    }

    /// What a reader sees of the main part: a blank for every tag, white space made one blank.
    pub fn text(&self) -> String {
        let main = self.html.split_once("<main").map_or(self.html.as_str(), |(_, main)| main);
        let main = main.split_once("</main>").map_or(main, |(main, _)| main);
        let mut text = String::new();
        for part in main.split('<') {
            text.push(' ');
            text.push_str(part.split_once('>').map_or("", |(_, words)| words));
        }
        text.replace("&#x27;", "'").replace("&amp;", "&").split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// A browser with its cookies.
pub struct Browser {
    router: Router,
    pub cookies: BTreeMap<String, String>,
    /// What it was told to set, as it came.
    pub set: Vec<String>,
    /// What it says it reads.
    pub accept: &'static str,
}

impl Browser {
    pub fn new(practice: &Practice) -> Self {
        let http = Http::new(practice.app.clone(), CancellationToken::new());
        let router = anteroom::http::router(http, Router::new());
        Browser { router, cookies: BTreeMap::new(), set: Vec::new(), accept: "text/html" }
    }

    /// The browser of somebody who is signed in; who works in the practice with both factors.
    pub async fn signed_in(practice: &Practice, user: UserId) -> Self {
        // One click is enough in a demo; here one on the same database lets them in.
        let (app, keys) = (&practice.app, Keys::from_master(&[7; 32]));
        let bus = Bus::new(app.clock.new_id());
        let demo = App::new(app.config.clone(), Mode::Demo, app.db.clone(), app.clock.clone(), keys, bus);
        let demo = demo.expect("a demo");
        let tokens = persona::sign_in_as(&demo, user, Device("A test".into())).await.expect("they come in");
        let mut browser = Browser::new(practice);
        browser.cookies.insert("__Host-access".into(), tokens.access);
        browser
    }

    pub async fn get(&mut self, path: &str) -> Page {
        self.send("GET", path, String::new()).await
    }

    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Page {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(form);
        self.send("POST", path, body.finish()).await
    }

    /// Where an answer sends the browser.
    pub async fn follow(&mut self, page: &Page) -> Page {
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.html);
        let location = page.location.clone().expect("a redirect leads somewhere");
        self.get(&location).await
    }

    async fn send(&mut self, method: &str, path: &str, body: String) -> Page {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, self.accept)
            .header(header::COOKIE, cookies.join("; "))
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let text = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (location, kind) = (text(header::LOCATION), text(header::CONTENT_TYPE).unwrap_or_default());
        let caching = text(header::CACHE_CONTROL).unwrap_or_default();
        let set_cookies = response.headers().get_all(header::SET_COOKIE).iter();
        let set_cookies: Vec<String> =
            set_cookies.map(|set| set.to_str().expect("a cookie is text").to_owned()).collect();
        self.set.extend(set_cookies.iter().cloned());
        for set in &set_cookies {
            let (name, rest) = set.split_once('=').expect("a cookie has a name");
            let (value, attributes) = rest.split_once(';').expect("a cookie has attributes");
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let status = response.status();
        let bytes = to_bytes(response.into_body(), 1 << 20).await.expect("a whole answer");
        let html = String::from_utf8(bytes.to_vec()).expect("pages are text");
        keep(method, path, status, &html);
        Page { status, html, location, kind, caching, set_cookies }
    }
}

/// Leaves pages where somebody can look at them.
fn keep(method: &str, path: &str, status: StatusCode, html: &str) {
    let Some(folder) = std::env::var_os("PAGES_OUT") else { return };
    let name: String = path.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(60).collect();
    let file = format!("{method}{name}-{}.html", status.as_u16());
    std::fs::write(std::path::Path::new(&folder).join(file), html).expect("a page can be kept");
}
