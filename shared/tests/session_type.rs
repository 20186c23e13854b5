//! What may stand in the fields of a session type, field by field.

use shared::money::Currency;
use shared::practice::{Gate, Modality, Prepay};
use shared::session_type::{SaveSessionTypeInput, read_hours, slug_of, slug_problem, typed_hours};

fn fine() -> SaveSessionTypeInput {
    SaveSessionTypeInput {
        session_type_id: None,
        name: "Individual session".into(),
        slug: None,
        summary: "A regular hour.".into(),
        description: Vec::new(),
        gate: Gate::Clients,
        modality: Modality::Online,
        room_ids: None,
        waits_for: None,
        minutes: 50,
        buffer_before: 0,
        buffer_after: 10,
        grid_minutes: 30,
        notice_minutes: 24 * 60,
        horizon_days: 60,
        per_day: None,
        price_amount: 7500,
        price_currency: Currency::Gbp,
        prepay: Prepay::Nothing,
        deposit_amount: 0,
        visible: true,
        closes_to_new_people: None,
        idempotency_key: None,
    }
}

/// The fields that are refused, in order.
fn check(change: impl FnOnce(&mut SaveSessionTypeInput), expected: &[&str]) {
    let mut input = fine();
    change(&mut input);
    let named: Vec<String> = input.problems().into_iter().map(|it| it.field.unwrap_or_default().join(".")).collect();
    assert_eq!(named, expected, "{input:?}");
}

#[test]
fn everything_wrong_with_a_session_type_is_said_at_once() {
    check(|_| {}, &[]);
    check(|it| it.name = "  ".into(), &["name"]);
    check(|it| it.name = "Two\nlines".into(), &["name"]);
    check(|it| it.slug = Some("First Call".into()), &["slug"]);
    check(|it| it.slug = Some(String::new()), &[]);
    check(|it| it.minutes = 4, &["minutes"]);
    check(|it| it.per_day = Some(0), &["perDay"]);
    check(|it| it.price_amount = -1, &["priceAmount"]);
    check(|it| (it.notice_minutes, it.horizon_days) = (24 * 60, 1), &["horizonDays"]);
    check(|it| it.gate = Gate::Discovery, &["priceAmount"]);
    check(|it| it.prepay = Prepay::Deposit, &["depositAmount"]);
    check(|it| (it.prepay, it.deposit_amount) = (Prepay::Deposit, 7501), &["depositAmount"]);
    check(|it| (it.prepay, it.deposit_amount) = (Prepay::Deposit, 7500), &[]);
    check(
        |it| {
            *it = SaveSessionTypeInput {
                summary: "x".repeat(201),
                buffer_before: -1,
                buffer_after: 241,
                grid_minutes: 1,
                notice_minutes: -1,
                horizon_days: 0,
                idempotency_key: Some("x".into()),
                ..it.clone()
            };
        },
        &["summary", "bufferBefore", "bufferAfter", "gridMinutes", "noticeMinutes", "horizonDays", "idempotencyKey"],
    );
}

#[test]
fn hours_are_read_as_people_type_them() {
    for (typed, minutes) in
        [("24", 1440), ("0.5", 30), ("1,5", 90), ("0.25", 15), (" 48 ", 2880), ("50 min", 50), ("0", 0)]
    {
        assert_eq!(read_hours(typed), Some(minutes), "{typed}");
        assert_eq!(read_hours(&typed_hours(minutes)), Some(minutes));
    }
    for typed in ["", "a day", "-1", "0.01"] {
        assert_eq!(read_hours(typed), None, "{typed}");
    }
}

#[test]
fn an_address_follows_from_a_name() {
    for (name, slug) in [
        ("Couples session", "couples-session"),
        ("  Individual session, in person ", "individual-session-in-person"),
        ("Åsa & Søn 2", "sa-s-n-2"),
        ("—", ""),
    ] {
        assert_eq!(slug_of(name), slug);
        assert_eq!(slug_problem(slug).is_some(), slug.is_empty());
    }
}
