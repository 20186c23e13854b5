//! What is missing, what an answer may be, and what follows.

use shared::intake::{
    Answer, Answers, Asked, Completeness, DocumentKind, Field, FieldKind, Form, Known, Missing, Needed, Needs,
    Occasion, missing, next_move,
};
use shared::stage::{Move, Mover, Stage, Standing};

fn field(id: &str, kind: FieldKind, options: &[&str]) -> Field {
    Field {
        id: id.into(),
        kind,
        label: format!("About {id}"),
        hint: String::new(),
        is_required: kind != FieldKind::LongText,
        options: options.iter().map(|option| (*option).to_owned()).collect(),
    }
}

fn form() -> Form {
    Form {
        fields: vec![
            field("name", FieldKind::ShortText, &[]),
            field("second", FieldKind::Part, &[]),
            field("story", FieldKind::LongText, &[]),
            field("how", FieldKind::Choice, &["Video", "Room"]),
            field("days", FieldKind::Choices, &["Monday", "Tuesday"]),
            field("empty", FieldKind::Part, &[]),
            field("third", FieldKind::Part, &[]),
            field("born", FieldKind::Date, &[]),
            field("before", FieldKind::YesNo, &[]),
            field("call", FieldKind::Phone, &[]),
        ],
    }
}

fn answers(of: &[(&str, &[&str])]) -> Answers {
    let mut answers = Answers::default();
    answers.put(of.iter().map(|(field, values)| Answer {
        field: (*field).to_owned(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    }));
    answers
}

#[test]
fn a_form_has_a_page_for_each_part_with_a_question() {
    let form = form();
    let parts: Vec<(Option<&str>, usize)> =
        form.parts().iter().map(|part| (part.heading.map(|it| it.id.as_str()), part.fields.len())).collect();
    assert_eq!(parts, [(None, 1), (Some("second"), 3), (Some("third"), 3)]);
    assert_eq!(Form::default().parts(), []);
}

#[test]
fn a_form_that_could_not_be_answered_is_refused() {
    let paths = |fields: Vec<Field>| -> Vec<String> {
        let problems = Form { fields }.problems();
        problems.into_iter().filter_map(|problem| problem.field).map(|path| path.join(".")).collect()
    };
    assert_eq!(paths(form().fields), Vec::<String>::new());
    assert_eq!(paths(vec![field("a", FieldKind::Part, &[])]), ["fields"]);
    assert_eq!(paths(vec![field("a", FieldKind::Choice, &["One"])]), ["fields.0.options"]);
    assert_eq!(paths(vec![field("a", FieldKind::Choice, &["One", "One "])]), ["fields.0.options"]);
    assert_eq!(paths(vec![field("a", FieldKind::ShortText, &["One"])]), ["fields.0.options"]);
    assert_eq!(paths(vec![field("A b", FieldKind::ShortText, &[])]), ["fields.0.id"]);
    let twice = vec![field("a", FieldKind::ShortText, &[]), field("a", FieldKind::Date, &[])];
    assert_eq!(paths(twice), ["fields.1.id"]);
    let silent = Field { label: " ".into(), ..field("a", FieldKind::ShortText, &[]) };
    assert_eq!(paths(vec![silent]), ["fields.0.label"]);
}

#[test]
fn answers_must_be_what_was_asked_for() {
    let check = |id: &str, values: &[&str], is_fine: bool| {
        let problems = answers(&[(id, values)]).problems(&form(), Completeness::SoFar);
        assert_eq!(problems.is_empty(), is_fine, "{id}: {values:?}, {problems:?}");
    };
    check("name", &["Ben"], true);
    check("name", &["Ben\nAdeyemi"], false);
    check("name", &["Ben", "Adeyemi"], false);
    check("name", &[&"b".repeat(201)], false);
    check("story", &["It began\nlast winter."], true);
    check("story", &["no\u{0}way"], false);
    check("how", &["Video"], true);
    check("how", &["Phone"], false);
    check("days", &["Monday", "Tuesday"], true);
    check("days", &["Monday", "Friday"], false);
    check("born", &["1990-02-28"], true);
    check("born", &["1990-02-30"], false);
    check("before", &["yes"], true);
    check("before", &["maybe"], false);
    check("call", &["+44 20 7946 0018"], true);
    check("call", &["my sister"], false);
    check("second", &["a heading"], false);
    check("nothing-like-it", &["x"], false);
}

#[test]
fn a_form_is_sent_when_what_must_be_answered_is() {
    let form = form();
    let mut so_far = answers(&[("name", &["Ben"]), ("how", &["Room"]), ("days", &["Monday"]), ("before", &["no"])]);
    assert_eq!(so_far.problems(&form, Completeness::SoFar), []);
    let open = so_far.problems(&form, Completeness::Whole);
    let open: Vec<_> = open.iter().filter_map(|problem| problem.field.as_ref()).map(|path| path.join(".")).collect();
    assert_eq!(open, ["answers.born", "answers.call"]);
    so_far.put(
        answers(&[("born", &["1990-02-28"]), ("call", &["020 7946 0018"])])
            .0
            .into_iter()
            .map(|(field, values)| Answer { field, values }),
    );
    assert_eq!(so_far.problems(&form, Completeness::Whole), []);
    so_far.put([Answer { field: "name".into(), values: vec!["  ".into()] }]);
    assert_eq!(so_far.of("name"), [""; 0]);
}

#[test]
fn what_a_form_no_longer_asks_is_not_kept() {
    let kept = answers(&[("name", &["Ben"]), ("gone", &["x"])]).kept_by(&form());
    assert_eq!(kept, answers(&[("name", &["Ben"])]));
}

#[test]
fn a_change_of_what_people_agree_to_is_missing_again_and_a_correction_is_not() {
    use DocumentKind::{Consent, Fees};
    let needed = [Needed { kind: Fees, since_version: 3 }, Needed { kind: Consent, since_version: 1 }];
    let has = |kind, version| Known { kind, version };
    assert_eq!(missing(&needed, &[], false), [Missing::Consent, Missing::Fees]);
    assert_eq!(missing(&needed, &[has(Consent, 2), has(Fees, 2)], true), [Missing::Fees, Missing::IntakeForm]);
    assert_eq!(missing(&needed, &[has(Consent, 1), has(Fees, 2), has(Fees, 4)], false), []);
    assert_eq!(missing(&[], &[], false), []);
}

#[test]
fn what_a_session_that_took_place_has_asked_for_holds_no_other_up() {
    use Missing::{Communication, Consent, Fees};
    let asked = |waits_for: &[Missing], took_place| Asked { waits_for: waits_for.to_vec(), took_place, is_ahead: true };
    let needs = |stage, began_without| Needs {
        stage,
        began_without,
        missing: vec![Consent, Fees, Communication],
        asked: vec![asked(&[Consent], true), asked(&[Consent, Fees], false)],
    };
    let together = needs(Stage::Active, false);
    assert_eq!(together.open(), [Consent, Fees], "nothing asks for the rest");
    assert_eq!(together.holding(&[Consent]), []);
    assert_eq!(together.holding(&[Consent, Fees]), [Fees]);
    assert!(together.holds_session());
    assert_eq!(needs(Stage::IntakePending, false).holding(&[Consent, Fees]), [Consent, Fees], "the work has not begun");
    let without = needs(Stage::Active, true);
    assert!(without.holding(&Missing::ALL).is_empty() && !without.holds_session());
    assert_eq!(without.open(), [Consent, Fees], "it is still asked for");
}

#[test]
fn whatever_follows_by_itself_is_a_move_the_practice_may_make() {
    let at = "2030-01-07T08:00:00Z".parse().expect("an instant");
    for stage in Stage::ALL {
        for occasion in [Occasion::SignedIn, Occasion::Booked, Occasion::Completed] {
            for is_missing in [true, false] {
                if let Some(step) = next_move(stage, is_missing, occasion) {
                    let here = Standing { stage, since: at, now: at, returns_until: None, news: None };
                    assert_eq!(here.after(step, Mover::System), Ok(step.to()), "{stage:?}");
                }
            }
        }
    }
    assert_eq!(next_move(Stage::Invited, true, Occasion::SignedIn), Some(Move::BeginIntake));
    assert_eq!(next_move(Stage::Invited, false, Occasion::SignedIn), None);
    assert_eq!(next_move(Stage::Invited, false, Occasion::Booked), Some(Move::Begin));
    assert_eq!(next_move(Stage::IntakePending, false, Occasion::Completed), Some(Move::Begin));
    assert_eq!(next_move(Stage::Active, true, Occasion::Booked), None);
}
