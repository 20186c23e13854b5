//! The same with plain forms, in a browser without scripts.

use crate::support::browser::{Browser, Page};
use crate::support::clients::active;
use crate::support::{ADA_USER, DISCOVERY, Engine, Practice, SESSION, on_both_engines};
use axum::http::StatusCode;

/// Ada's browser: she is signed in with both factors.
async fn adas(practice: &Practice) -> Browser {
    Browser::signed_in(practice, ADA_USER).await
}

/// The form of a session type as its page shows it, with some fields typed over.
fn typed<'f>(changes: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let usual = [
        ("name", "Session"),
        ("slug", "session"),
        ("summary", ""),
        ("description", "Fifty minutes.\r\n\r\nYours."),
        ("gate", "CLIENTS"),
        ("modality", "ONLINE"),
        ("minutes", "50"),
        ("buffer-before", "0"),
        ("buffer-after", "10"),
        ("grid", "30"),
        ("notice", "0.5"),
        ("horizon", "60"),
        ("per-day", ""),
        ("price", "75"),
        ("currency", "GBP"),
        ("prepay", "NOTHING"),
        ("deposit", ""),
        ("visible", "yes"),
    ];
    let value = |name: &str| changes.iter().find(|(changed, _)| *changed == name).map(|(_, value)| *value);
    usual.into_iter().map(|(name, usual)| (name, value(name).unwrap_or(usual))).collect()
}

#[tokio::test]
async fn a_therapist_changes_a_type_and_everything_wrong_is_said_beside_its_field() {
    let practice = Practice::open(Engine::here()).await;
    let mut ada = adas(&practice).await;
    let more = ada.get("/admin/more").await;
    assert!(more.html.contains("href=\"/admin/session-types\"") && more.has("Money and terms"));
    let path = format!("/admin/session-types/{SESSION}");
    let page = ada.get(&path).await;
    assert_eq!(
        (page.value("minutes"), page.value("notice"), page.value("price")),
        ("50".into(), "1".into(), "75".into())
    );

    let odd = typed(&[("minutes", "an hour"), ("price", "a lot"), ("horizon", "500"), ("slug", "session")]);
    let odd = ada.post(&path, &odd).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(odd.has("Three things need a look"), "{}", odd.text());
    assert_eq!(odd.value("minutes"), "an hour", "what was typed stays");
    assert!(odd.html.contains("href=\"#horizon\"") && odd.html.contains("id=\"price-error\""));

    let fine = typed(&[("minutes", "55"), ("price", "95.50"), ("prepay", "DEPOSIT"), ("deposit", "20")]);
    let saved = ada.post(&path, &fine).await;
    assert_eq!(saved.location.as_deref(), Some(format!("{path}?done=saved").as_str()), "{}", saved.html);
    let page = ada.follow(&saved).await;
    assert!(page.has("Saved. What can be booked follows it from now on."));
    let values = (page.value("minutes"), page.value("price"), page.value("deposit"), page.value("notice"));
    assert_eq!(values, ("55".into(), "95.50".into(), "20".into(), "0.5".into()));
    let public = Browser::new(&practice).get("/session-types/session").await;
    assert!(
        public.has("55 minutes") && public.has("£95.50") && public.has("Fifty minutes. Yours."),
        "{}",
        public.text()
    );

    let prices =
        [("domestic", ""), ("domestic-currency", "GBP"), ("international", "110"), ("international-currency", "USD")];
    let page = ada.post(&format!("{path}/prices"), &prices).await;
    assert_eq!(ada.follow(&page).await.value("international"), "110");
    let package = [
        ("package-name", "Six"),
        ("package-units", "x"),
        ("package-days", "180"),
        ("package-price", "500"),
        ("package-currency", "GBP"),
    ];
    let odd = ada.post(&format!("{path}/packages"), &package).await;
    assert!(odd.status == StatusCode::UNPROCESSABLE_ENTITY && odd.has("One thing needs a look"));
    let package = [
        ("package-name", "Six"),
        ("package-units", "6"),
        ("package-days", "180"),
        ("package-price", "500"),
        ("package-currency", "GBP"),
    ];
    let page = ada.post(&format!("{path}/packages"), &package).await;
    assert!(
        ada.get(page.location.as_deref().unwrap_or_default().trim_end_matches("#packages"))
            .await
            .has("6 sessions, £500, for 180 days")
    );
}

#[tokio::test]
async fn a_therapist_adds_orders_and_retires_types_with_plain_forms() {
    let practice = Practice::open(Engine::here()).await;
    let mut ada = adas(&practice).await;
    let page = ada.get("/admin/session-types/new").await;
    let key = page.value("key");
    let mut form = typed(&[("name", "Couples session"), ("slug", "")]);
    form.push(("key", &key));
    let added = ada.post("/admin/session-types/new", &form).await;
    let again = ada.post("/admin/session-types/new", &form).await;
    assert_eq!(
        (added.status, added.location.clone()),
        (StatusCode::SEE_OTHER, again.location),
        "sent twice, added once"
    );
    let path = added.location.clone().expect("its page").replace("?done=added", "");
    assert!(ada.follow(&added).await.has("/session-types/couples-session"));
    ada.post(&format!("{path}/up"), &[]).await;
    let public = Browser::new(&practice).get("/session-types").await.html;
    let place = |slug: &str| public.find(&format!("/session-types/{slug}\"")).expect("it is listed");
    assert!(place("couples-session") < place("session"));

    let gone = ada.post(&format!("{path}/retire"), &[]).await;
    assert!(ada.follow(&gone).await.has("Not offered any more"));
    assert_eq!(Browser::new(&practice).get("/session-types/couples-session").await.status, StatusCode::GONE);
    let calls = [crate::support::CHAT, crate::support::DISCOVERY].map(|id| format!("/admin/session-types/{id}/retire"));
    assert_eq!(ada.post(&calls[0], &[]).await.status, StatusCode::SEE_OTHER);
    let asked = ada.post(&calls[1], &[]).await;
    assert!(asked.status == StatusCode::UNPROCESSABLE_ENTITY && asked.has("the only first call visitors can book"));
    assert_eq!(ada.post(&calls[1], &[("closes", "yes")]).await.status, StatusCode::SEE_OTHER);
    let home = Browser::new(&practice).get("/").await;
    assert_eq!(home.status, StatusCode::OK);
    assert_eq!(Browser::new(&practice).get("/book").await.status, StatusCode::OK);
    ada.post(&format!("{path}/restore"), &[]).await;
    assert_eq!(Browser::new(&practice).get("/session-types/couples-session").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_therapist_tries_rules_out_before_she_publishes_them() {
    let practice = Practice::open(Engine::here()).await;
    let mut ada = adas(&practice).await;
    let page = ada.get("/admin/policy").await;
    assert_eq!((page.value("hours-1"), page.value("fee-2")), ("48".into(), "100".into()));
    assert!(page.has("£37.50, 50 % until Wed 16 Jan, 10:00") && page.has("None were published"), "{}", page.text());
    let rules = |action: &'static str| {
        [
            ("hours-1", "72"),
            ("fee-1", "40"),
            ("hours-2", ""),
            ("fee-2", ""),
            ("no-show", "80"),
            ("free", "0"),
            ("moves", "1"),
            ("move-hours", "24"),
            ("deposit-hours", "96"),
            ("do", action),
        ]
    };
    let tried = ada.post("/admin/policy", &rules("check")).await;
    assert!(
        tried.status == StatusCode::OK && tried.has("£30, 40 % until it begins") && tried.has("Not coming costs £60")
    );
    assert!(ada.get("/admin/policy").await.has("None were published"), "trying out changes nothing");
    let mut odd = rules("publish");
    (odd[1].1, odd[4].1) = ("", "150");
    let odd = ada.post("/admin/policy", &odd).await;
    assert!(odd.status == StatusCode::UNPROCESSABLE_ENTITY && odd.has("Two things need a look"), "{}", odd.text());
    let published = ada.post("/admin/policy", &rules("publish")).await;
    let page = ada.follow(&published).await;
    assert!(page.has("New bookings follow these rules") && page.has("Version 1"), "{}", page.text());
    assert!(
        page.has("Free until 72 hours before, then 40 %; not coming 80 %; a deposit is kept from 96 hours before.")
    );
}

#[tokio::test]
async fn a_therapist_keeps_her_limits_and_rooms_with_plain_forms() {
    let practice = Practice::open(Engine::here()).await;
    let mut ada = adas(&practice).await;
    let limits = |weeks: &'static str, bank: &'static str| {
        [
            ("per-day", "5"),
            ("in-a-row", ""),
            ("pause", "20"),
            ("ahead", "4"),
            ("weeks", weeks),
            ("payment", "45"),
            ("bank", bank),
        ]
    };
    let odd = ada.post("/admin/limits", &limits("7", "x")).await;
    assert!(odd.status == StatusCode::UNPROCESSABLE_ENTITY && odd.has("Choose between 8 and 12 weeks."));
    let saved = ada.post("/admin/limits", &limits("9", "Ada\r\n12-34-56")).await;
    let page = ada.follow(&saved).await;
    assert_eq!(
        (page.value("per-day"), page.value("payment"), page.value("in-a-row")),
        ("5".into(), "45".into(), String::new())
    );
    assert!(page.html.contains("Ada\n12-34-56"));

    assert!(ada.get("/admin/rooms").await.has("No list of rooms"));
    assert_eq!(ada.post("/admin/rooms", &[("name", " ")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let added = ada.post("/admin/rooms", &[("name", "The garden room")]).await;
    let page = ada.follow(&added).await;
    let path = format!("/admin/rooms/{}", page.between("action=\"/admin/rooms/", "/retire\""));
    ada.post("/admin/rooms", &[("name", "The attic")]).await;
    let both = ada.get("/admin/rooms").await;
    assert!(both.html.contains("aria-label=\"Up: The attic\"") && !both.html.contains("Up: The garden room"));
    let turned = ada.post(&format!("{path}/down"), &[]).await;
    let turned = ada.follow(&turned).await;
    assert!(turned.html.contains("Up: The garden room") && turned.has("The order is changed."), "{}", turned.html);

    let one = format!("/admin/session-types/{SESSION}");
    let page = ada.get(&one).await;
    assert!(page.has("Tick none and any of your rooms does."), "{}", page.text());
    let named = path.replace("/admin/rooms/", "room-");
    let mut form = typed(&[("modality", "IN_PERSON")]);
    form.extend([("rooms", "asked"), (named.as_str(), "yes")]);
    let saved = ada.post(&one, &form).await;
    let page = ada.follow(&saved).await;
    let tick = page.between(&format!("name=\"{named}\""), ">").to_owned();
    assert!(tick.contains("checked"), "it is ticked: {tick}");
    let renamed = ada.post(&path, &[("name", "The lamp room")]).await;
    assert!(ada.follow(&renamed).await.has("The lamp room"));
    let retired = ada.post(&format!("{path}/retire"), &[]).await;
    assert!(ada.follow(&retired).await.has("Out of use"));
    assert!(ada.get("/admin/session-types").await.has("Nobody can book it: none of the rooms that suit it is in use."));
    assert!(ada.get(&one).await.has("Nobody can book it"));
    let restored = ada.post(&format!("{path}/restore"), &[]).await;
    assert!(!ada.follow(&restored).await.has("Out of use"));
    assert!(!ada.get("/admin/session-types").await.has("Nobody can book it"));
}

#[tokio::test]
async fn a_therapist_ticks_what_the_first_session_of_a_type_waits_for() {
    let practice = Practice::open(Engine::here()).await;
    let mut ada = adas(&practice).await;
    let one = format!("/admin/session-types/{SESSION}");
    let ticked = |page: &Page| {
        let is_on = |kind: &&str| page.between(&format!("name=\"waits-{kind}\""), ">").contains("checked");
        ["CONSENT", "PRIVACY", "FEES", "COMMUNICATION", "INTAKE_FORM"].into_iter().filter(is_on).collect::<Vec<_>>()
    };
    let page = ada.get(&one).await;
    assert!(page.has("Its first session waits for"), "{}", page.text());
    assert_eq!(ticked(&page).len(), 5, "everything, as it always was");

    let boxes = [("waits", "asked"), ("waits-FEES", "yes"), ("waits-INTAKE_FORM", "yes")];
    let mut wrong = typed(&[("minutes", "none")]);
    wrong.extend(boxes);
    let refused = ada.post(&one, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ticked(&refused), ["FEES", "INTAKE_FORM"], "what was ticked stays");
    let mut form = typed(&[]);
    form.extend(boxes);
    let saved = ada.post(&one, &form).await;
    let page = ada.follow(&saved).await;
    assert_eq!(ticked(&page), ["FEES", "INTAKE_FORM"]);

    let none = ada.post(&one, &[typed(&[]), vec![("waits", "asked")]].concat()).await;
    assert_eq!(ticked(&ada.follow(&none).await), [""; 0], "none is a choice too");
    let call = ada.get(&format!("/admin/session-types/{DISCOVERY}")).await;
    assert!(!call.has("Its first session waits for"), "a first call waits for nothing");
}

#[tokio::test]
async fn what_was_agreed_before_stays_on_the_page_of_the_client() {
    let practice = Practice::open(Engine::here()).await;
    let (mut ada, ben) = (adas(&practice).await, active(&practice, "Ben").await);
    let (page, prices) = (format!("/admin/clients/{}", ben.client), format!("/admin/clients/{}/prices", ben.client));
    let agree = |amount: &'static str| [("price-type", ""), ("price-amount", amount), ("price-currency", "GBP")];
    ada.post(&prices, &agree("30")).await;
    // One that is replaced on its first day never counted.
    ada.post(&prices, &agree("40")).await;
    let before = ada.get(&page).await;
    assert!(before.has("£40") && !before.has("£30") && !before.has("Earlier prices"), "{}", before.text());
    practice.pass_minutes(2 * 24 * 60).await;
    let mut ada = adas(&practice).await;
    ada.post(&prices, &agree("50")).await;
    let after = ada.get(&page).await;
    assert!(after.has("Earlier prices £40 · Every session"), "{}", after.text());
    assert!(after.has("Monday 7 January 2030 to Tuesday 8 January 2030"), "{}", after.text());
    let ended = ada.post(&format!("{prices}/{}/end", after.between(&format!("{prices}/"), "/end")), &[]).await;
    let page = ada.follow(&ended).await;
    assert!(page.has("They pay by the list.") && !page.has("£50"), "ended before it ever counted: {}", page.text());
}

#[tokio::test]
async fn a_therapist_sees_what_time_off_would_close_before_she_takes_it() {
    on_both_engines(|practice: Practice| async move {
        let ben = active(&practice, "Ben").await;
        ben.book(&practice, "2030-01-09T10:00:00Z").await;
        let mut ada = adas(&practice).await;
        let off = |from: &'static str, to: &'static str| [("off-from", from), ("off-to", to), ("do", "check")];
        let met = ada.post("/admin/hours/time-off", &off("2030-01-09", "2030-01-10")).await;
        assert_eq!(met.status, StatusCode::OK);
        assert!(met.has("One session is booked then. Move it or call it off first"), "{}", met.text());
        let closed = met.between("id=\"time-off\"", "</section>").to_owned();
        // Sixteen starts a day, of which a session and its break take two.
        assert!(closed.contains("<b>30 fewer"), "{closed}");
        assert_eq!((closed.matches("<del>").count() > 30, closed.matches("<ins>").count()), (true, 0), "{closed}");
        assert_eq!(met.value("off-to"), "2030-01-10", "what was typed stays");
        let free = ada.post("/admin/hours/time-off", &off("2030-01-10", "2030-01-10")).await;
        assert!(free.has("No session is booked then.") && free.html.contains("<b>16 fewer"), "{}", free.text());
        for (from, to, words) in [
            ("2030-01-10", "2030-01-09", "The last day must not be before the first."),
            ("2030-01-01", "2030-01-02", "These days are over."),
            ("", "2030-01-02", "Choose a day."),
        ] {
            let page = ada.post("/admin/hours/time-off", &off(from, to)).await;
            assert!(page.status == StatusCode::OK && page.has(words), "{words}: {}", page.text());
        }

        let day = |from, until| [("day-date", "2030-01-09"), ("day-from", from), ("day-until", until), ("do", "check")];
        let shut = ada.post("/admin/hours/dates", &day("", "")).await;
        assert!(shut.has("One session is outside these hours. It stays booked."), "{}", shut.text());
        assert!(shut.html.contains("<b>14 fewer"), "{}", shut.html);
        let longer = ada.post("/admin/hours/dates", &day("09:00", "18:00")).await;
        assert!(!longer.has("outside these hours") && longer.html.contains("<b>2 more"), "{}", longer.text());

        for nothing in ["select count(*) from date_overrides", "select count(*) from occupancy where kind = 'TIME_OFF'"]
        {
            assert_eq!(practice.count(nothing).await, 0, "looking changes nothing");
        }
        let plain = ada.get("/admin/hours").await;
        assert!(!plain.has("is booked then") && plain.has("See what it would close"));
    })
    .await;
}
