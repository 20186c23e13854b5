//! What stands around every page: the document, the header, the crisis strip, the footer.

use crate::api::schema::{Shared, schema};
use crate::ui::art;
use crate::ui::pieces::dial;
use leptos::prelude::*;
use shared::actor::Role;
use shared::time::Instant;

/// What the frame of a page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query")]
pub struct FrameQuery {
    /// The practice.
    pub practice: FramePractice,
    /// Whoever is signed in.
    pub viewer: FrameViewer,
}

/// The practice, as header and footer show it.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Practice")]
pub struct FramePractice {
    /// What it is called.
    pub name: String,
    /// One sentence about it.
    pub tagline: String,
    /// The zone its hours are kept in.
    pub time_zone: String,
    /// Its clock.
    pub now: Instant,
    /// Where it is.
    pub address: Vec<String>,
    /// When it is open.
    pub opening_hours: Vec<String>,
    /// The address for questions.
    pub contact_email: String,
    /// The number for questions.
    pub contact_phone: String,
    /// Who to call in a crisis.
    pub crisis: Vec<FrameCrisisLine>,
    /// The hue of its accent.
    pub accent_hue: Option<i32>,
}

/// One line of help in a crisis.
#[derive(cynic::QueryFragment, Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cynic(graphql_type = "CrisisLine")]
pub struct FrameCrisisLine {
    /// Who answers, and when.
    pub label: String,
    /// The number.
    pub phone: String,
}

/// Whoever is signed in, as the header needs to know.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct FrameViewer {
    /// The person.
    pub user: Option<FrameUser>,
}

/// The person who is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "User")]
pub struct FrameUser {
    /// What to call them.
    pub name: String,
    /// What they may do.
    pub role: Shared<Role>,
    /// Whether they must show a second factor first.
    pub awaits_second_factor: bool,
}

/// What every page of one answer has in common.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The practice.
    pub practice: FramePractice,
    /// Whoever is signed in.
    pub user: Option<FrameUser>,
    /// The address people see, without a slash at the end.
    pub origin: String,
    /// What scripts of this answer carry.
    pub nonce: String,
    /// Where built files are, up to the file's name and with a slash at the end.
    pub assets: String,
    /// Whether this is the demo.
    pub demo: bool,
}

impl Frame {
    /// Whether a client is signed in.
    fn is_client(&self) -> bool {
        self.user.as_ref().is_some_and(|user| !user.role.0.is_staff())
    }
}

/// What stands in the document's head.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// The page's name, without the practice's.
    pub title: String,
    /// What search results say about it.
    pub description: String,
    /// Its path, for the canonical address.
    pub path: String,
    /// Whether it is kept out of search results.
    pub private: bool,
    /// What it says to programs, as JSON-LD.
    pub json_ld: Vec<serde_json::Value>,
}

/// What stands around a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// The public site; the path of the current entry of the navigation.
    Public(&'static str),
    /// Booking, manage links and signing in: fewer ways to wander off.
    Focus,
    /// The client's portal.
    Portal(&'static str),
    /// The practice's portal.
    Admin(&'static str),
}

/// A part of a page that comes to life in the browser.
#[derive(Debug, Clone)]
pub struct Alive {
    /// The bundle that holds it: `public` or `portal`.
    pub bundle: &'static str,
    /// Its name in that bundle.
    pub name: &'static str,
    /// The data it was drawn from, as JSON.
    pub data: String,
}

/// A page, drawn and not yet written.
pub type Drawing = AnyView;

/// The whole document, which `refuses` a form or does not. `draw` runs where a view can make what it needs.
pub fn document(
    frame: &Frame,
    head: &Head,
    surface: Surface,
    refuses: bool,
    alive: Option<&Alive>,
    draw: impl FnOnce() -> Drawing,
) -> String {
    let owner = Owner::new();
    let html = owner.with(|| write(frame, head, surface, refuses, alive, draw()));
    owner.cleanup();
    html
}

fn write(frame: &Frame, head: &Head, surface: Surface, refuses: bool, alive: Option<&Alive>, body: Drawing) -> String {
    let body = match alive {
        Some(alive) => view! { <div id="alive" data-name=alive.name>{body}</div> }.into_any(),
        None => body,
    };
    let demo = frame.demo.then(demo_ribbon);
    let body = match surface {
        Surface::Public(current) => view! {
            {demo}
            {public_header(frame, current)}
            <main id="main" tabindex="-1">{body}</main>
            {crisis_strip(&frame.practice.crisis)}
            {footer(frame)}
        }
        .into_any(),
        // A client who books or moves a session is still at home.
        Surface::Focus if frame.is_client() => view! {
            {demo}
            {portal_header(frame, "")}
            <main id="main" tabindex="-1">{body}</main>
            {portal_contact(frame)}
            {crisis_strip(&frame.practice.crisis)}
        }
        .into_any(),
        Surface::Focus => view! {
            {demo}
            {focus_header(frame)}
            <main id="main" tabindex="-1">{body}</main>
            {crisis_strip(&frame.practice.crisis)}
            {footer(frame)}
        }
        .into_any(),
        Surface::Portal(current) => view! {
            {demo}
            {portal_header(frame, current)}
            <main id="main" class="wrap" tabindex="-1">{body}</main>
            {portal_contact(frame)}
            {crisis_strip(&frame.practice.crisis)}
        }
        .into_any(),
        Surface::Admin(current) => view! {
            {demo}
            <div class="desk">
                {desk_nav(frame, current)}
                <main id="main" tabindex="-1">{body}</main>
            </div>
        }
        .into_any(),
    };
    format!(
        "<!doctype html><html lang=\"en\"><head>{}</head><body><a class=\"skip\" href=\"#main\">Skip to content</a>{}{}{}</body></html>",
        head_html(frame, head),
        body.to_html(),
        if refuses { way_back(&frame.nonce) } else { String::new() },
        alive.map(|alive| alive_html(frame, alive)).unwrap_or_default(),
    )
}

fn head_html(frame: &Frame, head: &Head) -> String {
    let practice = &frame.practice.name;
    let title = match head.title.is_empty() {
        true => practice.clone(),
        false => format!("{} – {practice}", head.title),
    };
    let (title, description) = (escape(&title), escape(&head.description));
    let url = escape(&format!("{}{}", frame.origin, head.path));
    let assets = &frame.assets;
    let mut html = format!(
        "<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title>\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\
         <link rel=\"preload\" href=\"{assets}fonts/newsreader-400.woff2\" as=\"font\" type=\"font/woff2\" crossorigin>\
         <link rel=\"preload\" href=\"{assets}fonts/source-sans-3.woff2\" as=\"font\" type=\"font/woff2\" crossorigin>\
         <link rel=\"stylesheet\" href=\"{assets}style.css\">"
    );
    if let Some(hue) = frame.practice.accent_hue {
        // Another colour has another address: whoever has seen the old one sees the new one at once.
        html.push_str(&format!("<link rel=\"stylesheet\" href=\"/accent.css?{hue}\">"));
    }
    if head.private {
        html.push_str("<meta name=\"robots\" content=\"noindex\">");
    } else {
        html.push_str(&format!(
            "<meta name=\"description\" content=\"{description}\"><link rel=\"canonical\" href=\"{url}\">\
             <meta property=\"og:type\" content=\"website\"><meta property=\"og:title\" content=\"{title}\">\
             <meta property=\"og:description\" content=\"{description}\"><meta property=\"og:url\" content=\"{url}\">\
             <meta property=\"og:site_name\" content=\"{}\"><meta property=\"og:image\" content=\"{}/share.png\">\
             <meta property=\"og:image:width\" content=\"1200\"><meta property=\"og:image:height\" content=\"630\">\
             <meta property=\"og:image:alt\" content=\"A door that stands open\">\
             <meta name=\"twitter:card\" content=\"summary_large_image\">",
            escape(practice),
            escape(&frame.origin),
        ));
    }
    for data in &head.json_ld {
        html.push_str(&json_script("application/ld+json", "", &frame.nonce, &data.to_string()));
    }
    html
}

/// The data a part was drawn from, and the script that brings it to life. Its two files are fetched side by side, and
/// not at all where scripts are off.
fn alive_html(frame: &Frame, alive: &Alive) -> String {
    let data = json_script("application/json", " id=\"alive-data\"", &frame.nonce, &alive.data);
    format!(
        "{data}<script type=\"module\" nonce=\"{}\">\
         globalThis.__RESOLVED_RESOURCES=[];globalThis.__SERIALIZED_ERRORS=[];globalThis.__INCOMPLETE_CHUNKS=[];\
         const wasm=fetch(\"{1}pkg/{2}_bg.wasm\"),{{default:init,bring_to_life}}=await import(\"{1}pkg/{2}.js\");\
         await init({{module_or_path:wasm}});bring_to_life();</script>",
        frame.nonce, frame.assets, alive.bundle
    )
}

/// Puts the page of the form in the place of its answer: whoever comes Back is not asked to send it a second time.
fn way_back(nonce: &str) -> String {
    format!(
        "<script nonce=\"{nonce}\">\
         if(document.referrer.startsWith(location.origin+\"/\"))history.replaceState(null,\"\",document.referrer)</script>"
    )
}

/// JSON inside a script element: what could end the element is written otherwise.
fn json_script(kind: &str, attributes: &str, nonce: &str, json: &str) -> String {
    let json = json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
    format!("<script type=\"{kind}\"{attributes} nonce=\"{nonce}\">{json}</script>")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn demo_ribbon() -> impl IntoView {
    view! {
        <aside class="demo-ribbon" aria-label="Demo">
            <span><b>"Demo practice."</b>" Nothing here is real, and nothing leaves this computer."</span>
            <span>
                <a href="/sandbox#people">"Switch person"</a>
                <a href="/sandbox#mail">"Mailbox"</a>
                <a href="/sandbox#clock">"Clock"</a>
            </span>
        </aside>
    }
}

fn wordmark(frame: &Frame, href: &'static str) -> impl IntoView + use<> {
    let name = frame.practice.name.clone();
    // The last word of a name like “Ada Lindqvist Psychotherapy” stands beneath.
    let (first, last) = match name.rsplit_once(' ') {
        Some((first, last)) if first.contains(' ') => (first.to_owned(), Some(last.to_owned())),
        _ => (name, None),
    };
    view! {
        <a class="wordmark" href=href>
            {art::mark()} <span>{first}{last.map(|last| view! { <span>{last}</span> })}</span>
        </a>
    }
}

fn public_header(frame: &Frame, current: &'static str) -> impl IntoView + use<> {
    let (door, words) = door(frame);
    let links = move || {
        let entry = move |href: &'static str, label: &'static str| {
            let here = (href == current).then_some("page");
            view! { <li><a href=href aria-current=here>{label}</a></li> }
        };
        view! {
            <ul>
                {entry("/about", "About")} {entry("/session-types", "Sessions")} {entry("/faq", "Questions")}
                {entry("/contact", "Contact")} {entry(door, words)}
                <li><a class="button" href="/book">"Book a free call"</a></li>
            </ul>
        }
    };
    view! {
        <header class="site-header">
            <div class="wrap">
                {wordmark(frame, "/")} <nav class="site-nav" aria-label="Main">{links()}</nav>
                <details class="menu">
                    <summary>"Menu"</summary>
                    <nav aria-label="Main">{links()}</nav>
                </details>
            </div>
        </header>
    }
}

fn focus_header(frame: &Frame) -> impl IntoView + use<> {
    view! {
        <header class="site-header">
            <div class="wrap">{wordmark(frame, "/")} <a href="#crisis">"Help now"</a></div>
        </header>
    }
}

fn portal_header(frame: &Frame, current: &'static str) -> impl IntoView + use<> {
    let entry = move |href: &'static str, label: &'static str| {
        let here = (href == current).then_some("page");
        view! { <li><a href=href aria-current=here>{label}</a></li> }
    };
    view! {
        <header class="portal-header">
            <div class="wrap">
                {wordmark(frame, "/portal")}
                <nav aria-label="Your pages">
                    <ul>
                        {entry("/portal", "Appointments")} {entry("/portal/book", "Book")}
                        {entry("/portal/bills", "Bills")} {entry("/portal/account", "Account")}
                        <li>
                            <form method="post" action="/sign-out">
                                <button class="link">"Sign out"</button>
                            </form>
                        </li>
                    </ul>
                </nav>
            </div>
        </header>
    }
}

/// How to reach the practice, beneath every page of a client's.
fn portal_contact(frame: &Frame) -> Option<impl IntoView + use<>> {
    let FramePractice { contact_email, contact_phone, .. } = frame.practice.clone();
    let mail = (!contact_email.is_empty())
        .then(|| view! { <a href=format!("mailto:{contact_email}")>{contact_email.clone()}</a> });
    let phone = (!contact_phone.is_empty()).then(|| view! { <a href=dial(&contact_phone)>{contact_phone.clone()}</a> });
    let between = (mail.is_some() && phone.is_some()).then_some(" or ");
    (mail.is_some() || phone.is_some())
        .then(|| view! { <footer class="wrap reach soft"><p>"Write or call: "{mail}{between}{phone}</p></footer> })
}

fn desk_nav(frame: &Frame, current: &'static str) -> impl IntoView + use<> {
    let here = move |href: &'static str| (href == current).then_some("page");
    // What has no entry of its own is found under “More”.
    const OWN: [&str; 8] = [
        "/admin",
        "/admin/week",
        "/admin/bookings",
        "/admin/clients",
        "/admin/payments",
        "/admin/series",
        "/admin/hours",
        "/admin/more",
    ];
    let more = here("/admin/more").or((!OWN.contains(&current)).then_some("true"));
    let name = frame.user.as_ref().map(|user| user.name.clone()).unwrap_or_default();
    view! {
        <nav class="desk-nav" aria-label="Practice">
            {wordmark(frame, "/admin")}
            <ul>
                <li><a href="/admin" aria-current=here("/admin")>{art::icon_today()}"Today"</a></li>
                <li><a href="/admin/week" aria-current=here("/admin/week")>{art::icon_week()}"Week"</a></li>
                <li>
                    <a href="/admin/bookings" aria-current=here("/admin/bookings")>{art::icon_sessions()}"Sessions"</a>
                </li>
                <li><a href="/admin/clients" aria-current=here("/admin/clients")>{art::icon_clients()}"Clients"</a></li>
                <li class="wide">
                    <a href="/admin/payments" aria-current=here("/admin/payments")>{art::icon_money()}"Payments"</a>
                </li>
                <li class="wide">
                    <a href="/admin/series" aria-current=here("/admin/series")>{art::icon_places()}"Places"</a>
                </li>
                <li><a href="/admin/hours" aria-current=here("/admin/hours")>{art::icon_hours()}"Hours"</a></li>
                <li>
                    <a href="/admin/more" aria-current=more>{art::icon_settings()}"More"</a>
                </li>
            </ul>
            <div class="foot">
                <span>{name}</span>
                <form method="post" action="/sign-out">
                    <button class="link">"Sign out"</button>
                </form>
            </div>
        </nav>
    }
}

/// Who to call in a crisis; on every public page, and wherever somebody may be in one.
pub fn crisis_strip(lines: &[FrameCrisisLine]) -> impl IntoView + use<> {
    view! {
        <aside class="crisis" id="crisis" aria-label="In a crisis">
            <div class="wrap">
                <h2>"If you need help now"</h2>
                <p>
                    {crisis_words(lines)}
                    "We do not read messages around the clock, so please do not wait for a reply from us."
                </p>
            </div>
        </aside>
    }
}

/// The numbers of a crisis, as sentences.
pub fn crisis_words(lines: &[FrameCrisisLine]) -> impl IntoView + use<> {
    let sentence = |line: &FrameCrisisLine| {
        view! { {line.label.clone()}": "<a href=dial(&line.phone)>{line.phone.clone()}</a>". " }
    };
    lines.iter().map(sentence).collect::<Vec<_>>()
}

/// The way to one's own pages, or into them.
fn door(frame: &Frame) -> (&'static str, &'static str) {
    match frame.user.as_ref() {
        Some(user) if user.role.0.is_staff() => ("/admin", "The practice"),
        Some(_) => ("/portal", "Your appointments"),
        None => ("/sign-in", "Sign in"),
    }
}

fn footer(frame: &Frame) -> impl IntoView + use<> {
    let practice = frame.practice.clone();
    let lines = |lines: Vec<String>| lines.into_iter().map(|line| view! { {line}<br /> }).collect::<Vec<_>>();
    let (phone, email) = (practice.contact_phone, practice.contact_email);
    let phone = (!phone.is_empty()).then(|| view! { <a href=dial(&phone)>{phone.clone()}</a><br /> });
    let email = (!email.is_empty()).then(|| view! { <a href=format!("mailto:{email}")>{email.clone()}</a> });
    let found = (!practice.address.is_empty() || phone.is_some() || email.is_some()).then(|| {
        view! {
            <section>
                <h2>"Find us"</h2>
                <address>{lines(practice.address)} {phone} {email}</address>
            </section>
        }
    });
    let hours = (!practice.opening_hours.is_empty()).then(|| {
        view! {
            <section>
                <h2>"Hours"</h2>
                <p>{lines(practice.opening_hours)}</p>
            </section>
        }
    });
    let year = practice.now.to_offset_date_time().year();
    let (door, words) = door(frame);
    view! {
        <footer class="site-footer">
            <div class="wrap">
                {found}
                {hours}
                <section>
                    <h2>"Clients"</h2>
                    <p><a href=door>{words}</a></p>
                </section>
                <div class="foot cluster">
                    <span>"© "{year}" "{practice.name}</span>
                    <a href="/privacy">"Privacy"</a>
                    <a href="/terms">"Terms"</a>
                    <a href="#crisis">"Help now"</a>
                </div>
            </div>
        </footer>
    }
}
