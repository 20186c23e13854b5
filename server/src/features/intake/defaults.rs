//! What a new practice begins with: texts and questions to make one's own. Nobody is asked for any of it before the
//! practice publishes it.

use super::documents::Draft;
use shared::intake::{DocumentKind, Field, FieldKind, Form};

/// The text of a document that has never been written.
pub fn document(kind: DocumentKind) -> Draft {
    let body = match kind {
        DocumentKind::Consent => include_str!("texts/consent.txt"),
        DocumentKind::Privacy => include_str!("texts/privacy.txt"),
        DocumentKind::Fees => include_str!("texts/fees.txt"),
        DocumentKind::Communication => include_str!("texts/communication.txt"),
    };
    Draft { kind, title: kind.words().to_owned(), body: body.trim().to_owned() }
}

/// The form that has never been changed: short, and with little that must be answered.
pub fn form() -> Form {
    let fields = vec![
        part("about-you", "About you", "As much or as little as you like. Only your therapist reads it."),
        asked("called", FieldKind::ShortText, "What would you like to be called?", ""),
        must("born", FieldKind::Date, "When were you born?", ""),
        asked("pronouns", FieldKind::ShortText, "Your pronouns", "If you would like to say."),
        asked("home", FieldKind::LongText, "Who is at home with you?", "People, animals, nobody: whatever is true."),
        choice("reach", "How is it best to reach you?", &["Email", "A phone call", "A text message"]),
        asked("discreet", FieldKind::YesNo, "May I leave a message if somebody else could hear it?", ""),
        part("in-case", "Somebody to call", "Only if I am worried about you and cannot reach you."),
        must("contact-name", FieldKind::ShortText, "Their name", ""),
        asked("contact-who", FieldKind::ShortText, "Who they are to you", "A partner, a sister, a friend."),
        must("contact-phone", FieldKind::Phone, "Their phone number", ""),
        asked("doctor", FieldKind::ShortText, "Your doctor or surgery", "If you have one."),
        part("what-brings-you", "What brings you", "A few words are enough. We have time for the rest."),
        must("reason", FieldKind::LongText, "What would you like help with?", ""),
        asked("since", FieldKind::ShortText, "Since when?", ""),
        asked("before", FieldKind::YesNo, "Have you had therapy or counselling before?", ""),
        asked("helped", FieldKind::LongText, "What has helped you so far?", "Anything at all."),
        asked("medicines", FieldKind::LongText, "Medicines or treatment I should know of", ""),
        choices(
            "wishes",
            "What would you like from our sessions?",
            &["To be listened to", "To understand myself better", "Things to try", "Help with a decision"],
        ),
    ];
    Form { fields }
}

fn field(id: &str, kind: FieldKind, label: &str, hint: &str, is_required: bool, options: &[&str]) -> Field {
    let options = options.iter().map(|option| (*option).to_owned()).collect();
    Field { id: id.into(), kind, label: label.into(), hint: hint.into(), is_required, options }
}

fn part(id: &str, label: &str, hint: &str) -> Field {
    field(id, FieldKind::Part, label, hint, false, &[])
}

fn asked(id: &str, kind: FieldKind, label: &str, hint: &str) -> Field {
    field(id, kind, label, hint, false, &[])
}

fn must(id: &str, kind: FieldKind, label: &str, hint: &str) -> Field {
    field(id, kind, label, hint, true, &[])
}

fn choice(id: &str, label: &str, options: &[&str]) -> Field {
    field(id, FieldKind::Choice, label, "", false, options)
}

fn choices(id: &str, label: &str, options: &[&str]) -> Field {
    field(id, FieldKind::Choices, label, "As many as fit.", false, options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_practice_begins_with_could_be_published_as_it_is() {
        assert_eq!(form().problems(), []);
        assert_eq!(form().parts().len(), 3);
        for kind in DocumentKind::ALL {
            let draft = document(kind);
            assert_eq!(shared::intake::document_problems(&draft.title, &draft.body), [], "{kind:?}");
        }
    }
}
