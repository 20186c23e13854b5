//! What the public pages say: of the practice, and of the therapist who looks.

use crate::api::schema::schema;
use crate::ui::fields::{Field, field};
use crate::ui::form::{Problem, TextArea, error_summary, text_area};
use crate::ui::pieces::{self, Notice};
use leptos::prelude::*;
use shared::profile::{ACCENTS, PAGE, sections_text};

/// What the page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query")]
pub struct ProfileQuery {
    /// What people ask, and the answers.
    pub faq: Vec<ProfileQuestion>,
    /// Whoever is signed in.
    pub viewer: ProfileViewer,
}

/// A question people ask.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Question")]
pub struct ProfileQuestion {
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct ProfileViewer {
    /// The practice she works in.
    pub practice: Option<ProfilePractice>,
    /// Her desk.
    pub therapist: Option<ProfileDesk>,
}

/// The practice.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "PracticeDesk")]
pub struct ProfilePractice {
    /// What its pages say.
    pub profile: PracticeWords,
}

/// What the pages say of the practice.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Practice")]
pub struct PracticeWords {
    /// What it is called.
    pub name: String,
    /// One sentence.
    pub tagline: String,
    /// The heading of the home page.
    pub headline: String,
    /// Its opening paragraphs.
    pub welcome: Vec<String>,
    /// What happens, step by step.
    pub steps: Vec<ProfileStep>,
    /// What the therapist says about her work.
    pub voice: Vec<String>,
    /// A line under the fees.
    pub fees_note: String,
    /// When it is open.
    pub opening_hours: Vec<String>,
    /// Where it is.
    pub address: Vec<String>,
    /// The public address.
    pub contact_email: String,
    /// The public number.
    pub contact_phone: String,
    /// How soon messages are answered.
    pub answers_within: String,
    /// Who to call in a crisis.
    pub crisis: Vec<ProfileCrisisLine>,
    /// The privacy page.
    pub privacy: Vec<String>,
    /// The terms page.
    pub terms: Vec<String>,
    /// The hue of its accent colour.
    pub accent_hue: Option<i32>,
}

/// One step of what happens.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Step")]
pub struct ProfileStep {
    /// What it is called.
    pub title: String,
    /// What happens in it.
    pub text: String,
}

/// One line of help.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "CrisisLine")]
pub struct ProfileCrisisLine {
    /// Who answers.
    pub label: String,
    /// The number.
    pub phone: String,
}

/// The therapist's desk.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "TherapistDesk")]
pub struct ProfileDesk {
    /// The letter with referrals.
    pub referral_letter: String,
    /// What the pages say of her.
    pub profile: Option<TherapistWords>,
}

/// What the pages say of a therapist.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Therapist")]
pub struct TherapistWords {
    /// Her name in addresses.
    pub slug: String,
    /// Her name.
    pub name: String,
    /// Her title.
    pub title: String,
    /// Two sentences about her.
    pub summary: String,
    /// Paragraphs about her.
    pub about: Vec<String>,
    /// Whether a visitor may book a call with her.
    pub takes_new_clients: bool,
}

/// What was typed into the form about the practice, by the ids of its fields, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct TypedPractice {
    /// What was typed.
    pub values: Vec<(String, String)>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl TypedPractice {
    fn of(practice: &PracticeWords, faq: &[ProfileQuestion], letter: &str) -> Self {
        let crisis = practice.crisis.iter().map(|line| format!("{}: {}", line.label, line.phone));
        let steps = practice.steps.iter().map(|step| (step.title.as_str(), step.text.as_str()));
        let questions = faq.iter().map(|one| (one.question.as_str(), one.answer.as_str()));
        let values = [
            ("name", practice.name.clone()),
            ("tagline", practice.tagline.clone()),
            ("headline", practice.headline.clone()),
            ("welcome", practice.welcome.join("\n\n")),
            ("steps", sections_text(steps)),
            ("voice", practice.voice.join("\n\n")),
            ("fees-note", practice.fees_note.clone()),
            ("opening-hours", practice.opening_hours.join("\n")),
            ("address", practice.address.join("\n")),
            ("contact-email", practice.contact_email.clone()),
            ("contact-phone", practice.contact_phone.clone()),
            ("answers-within", practice.answers_within.clone()),
            ("crisis", crisis.collect::<Vec<_>>().join("\n")),
            ("questions", sections_text(questions)),
            ("privacy", practice.privacy.join("\n\n")),
            ("terms", practice.terms.join("\n\n")),
            ("letter", letter.to_owned()),
            ("accent", practice.accent_hue.map(|hue| hue.to_string()).unwrap_or_default()),
        ];
        let values = values.into_iter().map(|(id, value)| (id.to_owned(), value)).collect();
        TypedPractice { values, problems: Vec::new() }
    }

    fn value(&self, id: &str) -> String {
        self.values.iter().find(|(name, _)| name == id).map(|(_, value)| value.clone()).unwrap_or_default()
    }
}

/// What was typed into the form about the therapist, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct TypedTherapist {
    /// Her name.
    pub name: String,
    /// Her title.
    pub title: String,
    /// Two sentences about her.
    pub summary: String,
    /// Paragraphs about her.
    pub about: String,
    /// Whether she takes new clients.
    pub takes_new_clients: bool,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Draws the page.
pub fn page(
    answer: &ProfileQuery,
    practice: Option<TypedPractice>,
    therapist: Option<TypedTherapist>,
    notice: Option<Notice>,
) -> AnyView {
    let ProfileViewer { practice: Some(words), therapist: Some(desk) } = &answer.viewer else {
        return view! { <p>"The public pages are changed by those who see clients."</p> }.into_any();
    };
    let practice = practice.unwrap_or_else(|| TypedPractice::of(&words.profile, &answer.faq, &desk.referral_letter));
    let you = desk.profile.as_ref().map(|you| {
        let typed = therapist.unwrap_or_else(|| TypedTherapist {
            name: you.name.clone(),
            title: you.title.clone(),
            summary: you.summary.clone(),
            about: you.about.join("\n\n"),
            takes_new_clients: you.takes_new_clients,
            problems: Vec::new(),
        });
        about_you(&typed, &you.slug).into_any()
    });
    view! {
        <div class="desk-head">
            <div><p class="soft"><a href="/admin/more">"More"</a></p><h1>"Public pages"</h1></div>
        </div>
        <div class="desk-cols">
            {about_practice(&practice).into_any()}
            <aside>{you}</aside>
        </div>
        {pieces::notice(notice)}
    }
    .into_any()
}

fn about_practice(typed: &TypedPractice) -> impl IntoView + use<> {
    let problems = &typed.problems;
    let line = |id: &'static str, label, hint, kind, is_required| {
        field(Field { id, label, hint, kind, value: typed.value(id), is_required }, problems).into_any()
    };
    let text = |id: &'static str, label, hint, rows| {
        let longest = 2 * PAGE;
        let area = TextArea { id, label, hint, rows, longest, is_required: false, value: typed.value(id) };
        text_area(area, problems).into_any()
    };
    let paragraphs = Some("An empty line begins a new paragraph.");
    let headings =
        Some("An empty line begins a new paragraph. A paragraph that begins with # and a space is a heading.");
    let parts = Some("Each begins with a line of # and a space, like: # A free call. What comes under it is the text.");
    let lines = Some("Line by line.");
    let crisis = Some("One line each: who answers, a colon, the number. They stand on every public page.");
    let letter = Some(
        "For somebody who is better helped elsewhere, with whom else they can turn to. You can change it each time.",
    );
    view! {
        <form class="form" id="practice" method="post" action="/admin/profile">
            {error_summary(problems)}
            <h2>"Home page"</h2>
            {line("name", "What the practice is called", None, "text", true)}
            {line("headline", "Heading", None, "text", true)}
            {text("tagline", "One sentence", Some("It is what search results show."), 2)}
            {text("welcome", "Welcome", paragraphs, 4)}
            {text("steps", "What happens, step by step", parts, 9)}
            {text("voice", "How you work", paragraphs, 5)}
            {line("fees-note", "A line under the fees", None, "text", false)}
            <h2>"How to find and reach you"</h2>
            {text("opening-hours", "Opening hours", lines, 3)}
            {text("address", "Address", Some("Line by line. Leave it empty if you have no rooms."), 3)}
            {line("contact-email", "Email for questions", None, "email", true)}
            {line("contact-phone", "Phone for questions", None, "tel", false)}
            {line("answers-within", "Messages are answered within", Some("Like: two working days."), "text", true)}
            {text("crisis", "Help in a crisis", crisis, 3)}
            <h2>"Colour"</h2>
            {colours(&typed.value("accent")).into_any()}
            <h2>"Texts"</h2>
            {text("questions", "Questions people ask", parts, 12)}
            {text("privacy", "Privacy", headings, 8)}
            {text("terms", "Terms", headings, 8)}
            {text("letter", "The kind letter", letter, 6)}
            <p><button class="button">"Save the pages"</button></p>
        </form>
    }
}

/// The colours to choose from; the page takes on the one that is ticked. A hue of the practice's own stays one of them.
fn colours(chosen: &str) -> impl IntoView + use<> {
    let offered = ACCENTS.map(|(hue, name)| (hue.map(|hue| hue.to_string()).unwrap_or_default(), name));
    let is_own = offered.iter().all(|(value, _)| value != chosen);
    let own = is_own.then(|| (chosen.to_owned(), "As it is"));
    let swatches: Vec<_> = own
        .into_iter()
        .chain(offered)
        .map(|(value, name)| {
            let checked = value == chosen;
            view! { <label><input type="radio" name="accent" value=value checked=checked /><i></i><span>{name}</span></label> }
        })
        .collect();
    view! {
        <fieldset class="field">
            <legend>"Buttons, links and drawings"</legend>
            <p class="hint">"Tick one to see it on this page. It is readable in each, on light and on dark."</p>
            <div class="swatches" id="accent">{swatches}</div>
        </fieldset>
    }
}

fn about_you(typed: &TypedTherapist, slug: &str) -> impl IntoView + use<> {
    let problems = &typed.problems;
    let line = |id, label, hint, value: &String, is_required| {
        field(Field { id, label, hint, kind: "text", value: value.clone(), is_required }, problems)
    };
    let summary = TextArea {
        id: "you-summary",
        label: "Two sentences",
        hint: Some("Languages, ways of working, what you are asked about most."),
        rows: 3,
        longest: 400,
        is_required: false,
        value: typed.summary.clone(),
    };
    let about = TextArea {
        id: "you-about",
        label: "About you",
        hint: Some("An empty line begins a new paragraph."),
        rows: 8,
        longest: PAGE,
        is_required: false,
        value: typed.about.clone(),
    };
    let place = format!("/about#{slug}");
    view! {
        <section class="stack" id="you">
            <h2>"You"</h2>
            <p class="soft">"As "<a href=place>"the page about those who work here"</a>" shows you."</p>
            <form class="form" method="post" action="/admin/profile/you">
                {error_summary(problems)}
                {line("you-name", "Name", None, &typed.name, true)}
                {line("you-title", "Title", Some("Like: Psychotherapist, MA."), &typed.title, true)}
                {text_area(summary, problems)}
                {text_area(about, problems)}
                <label class="tick">
                    <input type="checkbox" name="you-open" value="yes" checked=typed.takes_new_clients />
                    <span>"I take new clients: a discovery call with me can be booked"</span>
                </label>
                <p><button class="button quiet">"Save"</button></p>
            </form>
        </section>
    }
}
