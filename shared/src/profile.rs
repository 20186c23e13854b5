//! What the practice says about itself on its public pages, with what may stand in each place.

use crate::contact::{email_problem, name_problem, phone_problem, text_problem};
use crate::problem::{ErrorCode, UserError};
use serde::{Deserialize, Serialize};

/// The most characters of a line.
const LINE: usize = 120;
/// The most characters of a sentence or two.
const SENTENCE: usize = 400;
/// The most characters of a text of several paragraphs; questions, privacy and terms may have twice as many.
pub const PAGE: usize = 10_000;

/// The most entries of a list.
const MOST: usize = 40;

/// Accent colours a practice is offered, by their hue in degrees; the first is the one of the style sheet. Each keeps its
/// contrast on light and on dark paper, because the style sheet clamps lightness and chroma.
pub const ACCENTS: [(Option<u32>, &str); 8] = [
    (None, "Sage"),
    (Some(110), "Olive"),
    (Some(175), "Pine"),
    (Some(215), "Sea"),
    (Some(255), "Dusk"),
    (Some(295), "Lavender"),
    (Some(330), "Plum"),
    (Some(5), "Rose"),
];

/// One step of what happens with somebody new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::SimpleObject, async_graphql::InputObject))]
#[cfg_attr(feature = "server", graphql(input_name = "StepInput"))]
pub struct Step {
    /// What it is called.
    pub title: String,
    /// What happens in it.
    pub text: String,
}

/// One line of help in a crisis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::SimpleObject, async_graphql::InputObject))]
#[cfg_attr(feature = "server", graphql(input_name = "CrisisLineInput"))]
pub struct CrisisLine {
    /// Who answers, and when.
    pub label: String,
    /// The number to call, as it is written there.
    pub phone: String,
}

/// A question people ask, and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(sqlx::FromRow, async_graphql::SimpleObject, async_graphql::InputObject))]
#[cfg_attr(feature = "server", graphql(input_name = "QuestionInput"))]
pub struct Question {
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
}

/// Changes what the public pages say, all of it together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(async_graphql::InputObject))]
pub struct SetPracticeProfileInput {
    /// What the practice is called.
    pub name: String,
    /// One sentence for the home page and search results.
    pub tagline: String,
    /// The heading of the home page.
    pub headline: String,
    /// The opening paragraphs of the home page.
    pub welcome: Vec<String>,
    /// What happens, step by step, for somebody new.
    pub steps: Vec<Step>,
    /// What the therapist says about her work on the home page.
    pub voice: Vec<String>,
    /// A line under the list of fees.
    pub fees_note: String,
    /// When the practice is open, in words, one line each.
    pub opening_hours: Vec<String>,
    /// Where the practice is, one line each; empty if it has no rooms.
    pub address: Vec<String>,
    /// The public address for questions.
    pub contact_email: String,
    /// The public number; empty where there is none.
    pub contact_phone: String,
    /// How soon messages are answered, in words.
    pub answers_within: String,
    /// Who to call in a crisis, one at least: it stands on every public page.
    pub crisis: Vec<CrisisLine>,
    /// What people ask, with the answers, in their order.
    pub questions: Vec<Question>,
    /// The privacy page, one paragraph each; a paragraph that begins with `# ` is a heading.
    pub privacy: Vec<String>,
    /// The terms page, in the same form.
    pub terms: Vec<String>,
    /// The letter for somebody who is better helped elsewhere, one paragraph each.
    pub referral_letter: Vec<String>,
    /// The hue of the accent colour, 0 to 359 degrees; the usual sage when left out.
    pub accent_hue: Option<u32>,
}

impl SetPracticeProfileInput {
    /// Everything wrong with it at once.
    pub fn problems(&self) -> Vec<UserError> {
        let one = [
            required("name", &self.name, LINE, "Please say what the practice is called."),
            text_problem("tagline", &self.tagline, SENTENCE),
            required("headline", &self.headline, LINE, "The home page needs a heading."),
            text_problem("feesNote", &self.fees_note, SENTENCE),
            email_problem("contactEmail", &self.contact_email),
            Some(&self.contact_phone)
                .filter(|it| !it.trim().is_empty())
                .and_then(|it| phone_problem("contactPhone", it)),
            required("answersWithin", &self.answers_within, LINE, "Please say how soon messages are answered."),
            self.crisis_problem(),
            self.accent_hue
                .filter(|hue| *hue > 359)
                .map(|_| UserError::on("accentHue", ErrorCode::Invalid, "A hue is 0 to 359 degrees.")),
        ];
        let lists = [
            list_problem("welcome", self.welcome.iter(), PAGE),
            list_problem("steps", self.steps.iter().flat_map(|it| [&it.title, &it.text]), PAGE),
            list_problem("voice", self.voice.iter(), PAGE),
            list_problem("openingHours", self.opening_hours.iter(), LINE * MOST),
            list_problem("address", self.address.iter(), LINE * MOST),
            list_problem("questions", self.questions.iter().flat_map(|it| [&it.question, &it.answer]), 2 * PAGE),
            list_problem("privacy", self.privacy.iter(), 2 * PAGE),
            list_problem("terms", self.terms.iter(), 2 * PAGE),
            list_problem("referralLetter", self.referral_letter.iter(), PAGE),
        ];
        let halves = [
            half_problem(
                "steps",
                self.steps.iter().map(|it| (&it.title, &it.text)),
                "what it is called, and what happens",
            ),
            half_problem(
                "questions",
                self.questions.iter().map(|it| (&it.question, &it.answer)),
                "a question and its answer",
            ),
        ];
        one.into_iter().chain(lists).chain(halves).flatten().collect()
    }

    fn crisis_problem(&self) -> Option<UserError> {
        let wrong = |message: &str| Some(UserError::on("crisis", ErrorCode::Invalid, message));
        if self.crisis.is_empty() || self.crisis.len() > 6 {
            return wrong("Name one to six places to call in a crisis.");
        }
        let is_fine = |it: &CrisisLine| {
            let digits = it.phone.chars().filter(char::is_ascii_digit).count();
            let is_number = it.phone.chars().all(|c| c.is_ascii_digit() || " +-()".contains(c));
            let is_label = !it.label.trim().is_empty() && it.label.chars().count() <= LINE;
            is_label && !it.label.contains(char::is_control) && is_number && (2..=15).contains(&digits)
        };
        match self.crisis.iter().all(is_fine) {
            true => None,
            false => wrong("Each line says who answers, and a number of 2 to 15 digits."),
        }
    }
}

/// Changes what the public pages say about a therapist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(async_graphql::InputObject))]
pub struct SetTherapistProfileInput {
    /// Her name.
    pub name: String,
    /// Her title, like “Psychotherapist, MSc, UKCP”.
    pub title: String,
    /// Two sentences about her.
    pub summary: String,
    /// Paragraphs about her.
    pub about: Vec<String>,
    /// Whether a visitor may book a discovery call with her.
    pub takes_new_clients: bool,
}

impl SetTherapistProfileInput {
    /// Everything wrong with it at once.
    pub fn problems(&self) -> Vec<UserError> {
        let all = [
            name_problem("name", &self.name),
            required("title", &self.title, LINE, "Please say what you are, like Psychotherapist."),
            text_problem("summary", &self.summary, SENTENCE),
            list_problem("about", self.about.iter(), PAGE),
        ];
        all.into_iter().flatten().collect()
    }
}

fn required(field: &str, text: &str, most: usize, missing: &str) -> Option<UserError> {
    if text.trim().is_empty() {
        return Some(UserError::on(field, ErrorCode::Required, missing));
    }
    if text.contains(char::is_control) {
        return Some(UserError::on(field, ErrorCode::Invalid, "Please keep it on one line."));
    }
    text_problem(field, text, most)
}

fn list_problem<'t>(field: &str, texts: impl Iterator<Item = &'t String> + Clone, most: usize) -> Option<UserError> {
    if texts.clone().count() > 2 * MOST {
        return Some(UserError::on(field, ErrorCode::TooLong, "That is more than fits on a page."));
    }
    let whole: String = texts.map(String::as_str).collect();
    text_problem(field, &whole, most)
}

fn half_problem<'t>(
    field: &str,
    mut pairs: impl Iterator<Item = (&'t String, &'t String)>,
    needs: &str,
) -> Option<UserError> {
    let is_half = pairs.any(|(first, second)| first.trim().is_empty() || second.trim().is_empty());
    is_half.then(|| UserError::on(field, ErrorCode::Required, format!("Each needs {needs}.")))
}

/// The paragraphs of a text: an empty line stands between them.
pub fn paragraphs(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n");
    text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()).map(str::to_owned).collect()
}

/// The lines of a text that are not empty.
pub fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// The parts of a text of which each begins with a line `# …`: that line, and what comes under it in one paragraph. What
/// comes before the first is a part without a heading.
pub fn sections(text: &str) -> Vec<(String, String)> {
    let mut parts: Vec<(String, String)> = Vec::new();
    for line in lines(text) {
        match (line.strip_prefix("# "), parts.last_mut()) {
            (Some(heading), _) => parts.push((heading.trim().to_owned(), String::new())),
            (None, Some((_, text))) => {
                text.push_str(if text.is_empty() { "" } else { " " });
                text.push_str(&line);
            }
            (None, None) => parts.push((String::new(), line)),
        }
    }
    parts
}

/// The same the other way round.
pub fn sections_text<'t>(parts: impl Iterator<Item = (&'t str, &'t str)>) -> String {
    parts.map(|(heading, text)| format!("# {heading}\n{text}")).collect::<Vec<_>>().join("\n\n")
}

/// Who answers and the number, one line each: the number stands behind the last colon.
pub fn crisis_lines(text: &str) -> Vec<CrisisLine> {
    let read = |line: String| {
        let (label, phone) = line.rsplit_once(':').unwrap_or((&line, ""));
        CrisisLine { label: label.trim().to_owned(), phone: phone.trim().to_owned() }
    };
    lines(text).into_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fine() -> SetPracticeProfileInput {
        SetPracticeProfileInput {
            name: "Ada".into(),
            tagline: String::new(),
            headline: "Welcome".into(),
            welcome: vec!["Hello.".into()],
            steps: vec![Step { title: "A call".into(), text: "We talk.".into() }],
            voice: Vec::new(),
            fees_note: String::new(),
            opening_hours: vec!["Monday".into()],
            address: Vec::new(),
            contact_email: "ada@example.org".into(),
            contact_phone: String::new(),
            answers_within: "two days".into(),
            crisis: crisis_lines("Samaritans, day and night: 116 123"),
            questions: Vec::new(),
            privacy: Vec::new(),
            terms: Vec::new(),
            referral_letter: Vec::new(),
            accent_hue: None,
        }
    }

    #[test]
    fn everything_wrong_with_a_profile_is_said_at_once() {
        assert_eq!(fine().problems(), []);
        let wrong = SetPracticeProfileInput {
            name: " ".into(),
            headline: "Two\nlines".into(),
            steps: vec![Step { title: "A call".into(), text: String::new() }],
            contact_email: "nobody".into(),
            contact_phone: "by pigeon".into(),
            answers_within: String::new(),
            crisis: vec![CrisisLine { label: "Somebody".into(), phone: "call me".into() }],
            privacy: vec!["long ".repeat(5_000)],
            ..fine()
        };
        let named: Vec<String> =
            wrong.problems().into_iter().map(|it| it.field.unwrap_or_default().join(".")).collect();
        let all = ["name", "headline", "contactEmail", "contactPhone", "answersWithin", "crisis", "privacy", "steps"];
        assert_eq!(named, all);
        assert!(!SetPracticeProfileInput { crisis: Vec::new(), ..fine() }.problems().is_empty());
    }

    #[test]
    fn texts_are_read_as_they_are_shown() {
        let text = "# A call\nWe talk.\n\n# A session\nFifty\nminutes.";
        let parts = sections(text);
        let pairs = [("A call", "We talk."), ("A session", "Fifty minutes.")];
        assert_eq!(parts.iter().map(|(first, second)| (&**first, &**second)).collect::<Vec<_>>(), pairs);
        assert_eq!(sections(&sections_text(pairs.into_iter())), parts);
        assert_eq!(
            sections("Before.\n# After\nIt."),
            [(String::new(), "Before.".into()), ("After".into(), "It.".into())]
        );
        assert_eq!(paragraphs("One\r\nline.\r\n\r\nTwo."), ["One\nline.", "Two."]);
        assert_eq!(
            crisis_lines("Help: at any hour: 112")[0],
            CrisisLine { label: "Help: at any hour".into(), phone: "112".into() }
        );
    }
}
