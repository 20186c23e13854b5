//! `/graphql/explorer`: try the API in the browser. Everything it needs is served from here.

use super::headers::live_origin;
use super::login::identify;
use super::{Http, answers};
use crate::app::Mode;
use crate::error::Error;
use crate::graphql::at_work;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{Router, get};

/// The script that starts the explorer, with its examples.
const BOOT: &str = include_str!("explorer.js");

/// The explorer and its script.
pub fn routes() -> Router<Http> {
    Router::new().route("/graphql/explorer", get(page)).route("/graphql/explorer/boot.js", get(boot))
}

async fn page(State(http): State<Http>, headers: HeaderMap) -> Response {
    opened(&http, &headers, || document(&http)).await
}

fn document(http: &Http) -> Response {
    let mut response = Html(shell(http)).into_response();
    // GraphiQL writes styles as it runs and draws with embedded fonts; nothing else of the page may be foreign.
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
         font-src 'self' data:; connect-src 'self' {}; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; \
         object-src 'none'",
        live_origin(&http.app.config)
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

async fn boot(State(http): State<Http>, headers: HeaderMap) -> Response {
    opened(&http, &headers, || ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], BOOT).into_response()).await
}

/// Open to all in the demo; to staff in production, where the operator wants it.
async fn opened(http: &Http, headers: &HeaderMap, draw: impl FnOnce() -> Response) -> Response {
    if http.app.mode == Mode::Demo {
        return draw();
    }
    if !http.app.config.explorer {
        return answers::failed(Error::NotFound);
    }
    let identified = match identify(&http.app, headers).await {
        Ok(identified) => identified,
        Err(error) => return answers::failed(error),
    };
    let is_staff = at_work(identified.viewer).is_some();
    let mut response = if is_staff { draw() } else { answers::failed(Error::NotFound) };
    // A login that was renewed must reach its browser, or its next request would look stolen.
    for cookie in identified.set_cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// GraphiQL's own colours are too pale to read by WCAG AA.
const INK: &str = "--color-info: 208, 100%, 36%; --color-tertiary: 242, 51%, 50%; \
                   --alpha-secondary: .8; --alpha-tertiary: .8";

fn shell(http: &Http) -> String {
    let url = |name: &str| http.assets.url(&format!("explorer/{name}"));
    let scripts: String =
        ["react.production.min.js", "react-dom.production.min.js", "graphql-ws.min.js", "graphiql.min.js"]
            .iter()
            .map(|name| format!("<script defer src=\"{}\"></script>\n", url(name)))
            .collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>API explorer</title>\n\
         <link rel=\"icon\" href=\"/favicon.svg\">\n<link rel=\"stylesheet\" href=\"{style}\">\n\
         <style>html, body, #explorer {{ height: 100%; margin: 0 }}\n\
         @media (prefers-color-scheme: light) {{ .graphiql-container {{ {INK} }} }}</style>\n\
         {scripts}<script defer src=\"/graphql/explorer/boot.js\"></script>\n</head>\n<body>\n\
         <div id=\"explorer\"><p>The explorer needs JavaScript and the files that <code>script/client</code> builds. \
         The API itself is at <code>POST /graphql</code>.</p></div>\n</body>\n</html>\n",
        style = url("graphiql.min.css"),
    )
}
