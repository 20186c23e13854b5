//! However a relationship is moved about, nothing of a stage opens before it.

use proptest::prelude::*;
use shared::stage::{Move, Mover, News, Refusal, Stage, Standing};
use shared::time::Instant;

const BEGIN: &str = "2030-01-07T08:00:00Z";

fn at(minutes: i64) -> Instant {
    BEGIN.parse::<Instant>().expect("an instant").plus_minutes(minutes)
}

fn standing(stage: Stage) -> Standing {
    Standing { stage, since: at(0), now: at(1), returns_until: None, news: None }
}

proptest! {
    #[test]
    fn no_way_leads_to_paid_sessions_but_a_decision_or_an_invitation(
        steps in proptest::collection::vec((0..Move::ALL.len(), 0..3_usize, 0..800_000_i64), 0..60),
        first in prop_oneof![Just(Stage::Inquiry), Just(Stage::DiscoveryBooked)],
    ) {
        let mut here = Standing { stage: first, since: at(0), now: at(0), returns_until: None, news: None };
        let mut was_asked_in = false;
        for (step, mover, minutes) in steps {
            let step = Move::ALL[step];
            let mover = [Mover::Client, Mover::Therapist, Mover::System][mover];
            here.now = here.now.plus_minutes(minutes);
            if let Ok(to) = here.after(step, mover) {
                prop_assert_eq!(Move::between(here.stage, to).map(Move::to), Some(to));
                was_asked_in |= matches!(step, Move::WorkTogether | Move::Invite);
                here = Standing { stage: to, since: here.now, now: here.now, returns_until: None, news: None };
            }
            let opens = here.opens();
            let opens_anything = opens.sessions || opens.intake || opens.prices || opens.content;
            prop_assert!(was_asked_in || !opens_anything, "{:?} opens {:?}", here.stage, opens);
            prop_assert!(!(opens.discovery && opens.sessions));
        }
    }
}

#[test]
fn every_stage_can_be_reached_and_none_is_a_dead_end() {
    let leads_somewhere = |stage: Stage| Move::ALL.iter().any(|step| step.leaves().contains(&stage));
    for stage in Stage::ALL {
        assert!(Move::ALL.iter().any(|step| step.to() == stage), "{stage:?} cannot be reached");
        assert!(leads_somewhere(stage), "nothing leads away from {stage:?}");
    }
}

#[test]
fn nobody_makes_a_move_that_is_somebody_elses() {
    assert_eq!(standing(Stage::Active).after(Move::End, Mover::Client), Err(Refusal::NotYours));
    assert_eq!(standing(Stage::DiscoveryDone).after(Move::WorkTogether, Mover::System), Err(Refusal::NotYours));
    assert_eq!(standing(Stage::Invited).after(Move::Begin, Mover::Client), Err(Refusal::NotYours));
    let refused = standing(Stage::Invited).after(Move::Begin, Mover::Therapist);
    assert_eq!(refused, Err(Refusal::NotFromHere(Stage::Invited)));
}

#[test]
fn the_therapist_has_buttons_for_what_she_decides() {
    let buttons = |stage: Stage| -> Vec<Move> {
        standing(stage).moves(Mover::Therapist).into_iter().filter(|step| step.has_button()).collect()
    };
    assert_eq!(buttons(Stage::Active), [Move::Pause, Move::End]);
    assert_eq!(buttons(Stage::Paused), [Move::Resume, Move::End]);
    assert_eq!(buttons(Stage::Ended), [Move::Reopen]);
    assert_eq!(buttons(Stage::NotNow), [Move::TakeBack]);
    assert_eq!(buttons(Stage::ReferredOut), [Move::TakeBack, Move::AllowCall]);
    assert_eq!(buttons(Stage::IntakePending), [Move::Begin, Move::End]);
    assert_eq!(buttons(Stage::Invited), [Move::End]);
    assert_eq!(buttons(Stage::Inquiry), []);
}

#[test]
fn whoever_was_away_for_more_than_a_year_has_a_call_first() {
    let year = 366 * 24 * 60;
    let paused =
        |minutes| Standing { stage: Stage::Paused, since: at(0), now: at(minutes), returns_until: None, news: None };
    let (soon, late) = (paused(year), paused(year + 1));
    assert!(soon.opens().sessions && !soon.opens().discovery);
    assert_eq!(soon.after(Move::Resume, Mover::Client), Ok(Stage::Active));
    assert!(!late.opens().sessions && late.opens().discovery);
    assert_eq!(late.after(Move::Resume, Mover::Client), Err(Refusal::TooLongAway));
    assert_eq!(late.after(Move::Resume, Mover::Therapist), Ok(Stage::Active));
    assert_eq!(late.after(Move::BookDiscovery, Mover::Client), Ok(Stage::DiscoveryBooked));
    assert!(soon.after(Move::BookDiscovery, Mover::Client).is_err());

    // Whatever was said when the break began counts.
    let promised = |minutes| Standing { returns_until: Some(at(60)), ..paused(minutes) };
    assert!(promised(60).opens().sessions && !promised(61).opens().sessions);
    assert_eq!(Standing { stage: Stage::Active, ..promised(61) }.break_ends(), None);
}

#[test]
fn a_decision_is_the_move_of_its_name() {
    use shared::stage::DiscoveryDecision::{Later, NotTheRightFit, WorkTogether};
    for stage in Stage::ALL {
        for decision in [WorkTogether, NotTheRightFit, Later] {
            let decided = stage.decide(decision, None, at(1)).ok();
            let moved = standing(stage).after(Move::from(decision), Mover::Therapist).ok();
            // To put off what is put off already changes nothing, and is no mistake.
            let same = decided == Some(stage) && moved.is_none();
            assert!(same || decided == moved, "{stage:?}, {decision:?}");
        }
    }
}

#[test]
fn a_decision_that_nobody_knows_of_is_taken_back_and_one_to_work_together_only_then() {
    let decided = |stage: Stage, believed: Stage, minutes: i64| Standing {
        stage,
        since: at(0),
        returns_until: None,
        now: at(minutes),
        news: Some(News { believed, leaves_at: at(3) }),
    };
    let take_back = |here: &Standing| here.after(Move::TakeBack, Mover::Therapist);
    for stage in [Stage::Invited, Stage::ReferredOut, Stage::NotNow] {
        let soon = decided(stage, Stage::DiscoveryBooked, 2);
        assert_eq!((take_back(&soon), soon.decision_waits()), (Ok(Stage::DiscoveryDone), Some(at(3))), "{stage:?}");
        assert_eq!(soon.after(Move::TakeBack, Mover::Client), Err(Refusal::NotYours));
        assert_eq!(decided(stage, Stage::DiscoveryBooked, 3).decision_waits(), None, "{stage:?}");
    }
    let late = decided(Stage::Invited, Stage::DiscoveryDone, 3);
    assert_eq!(take_back(&late), Err(Refusal::ToldAlready));
    // What was opened again after it had ended was no decision after a call.
    assert_eq!(take_back(&decided(Stage::Invited, Stage::Ended, 2)), Err(Refusal::ToldAlready));
    assert_eq!(decided(Stage::Paused, Stage::Active, 2).decision_waits(), None);
    // Whoever was referred out or put off can be thought about again at any time.
    assert_eq!(take_back(&standing(Stage::ReferredOut)), Ok(Stage::DiscoveryDone));
    assert_eq!(standing(Stage::ReferredOut).after(Move::AllowCall, Mover::Therapist), Ok(Stage::Inquiry));
}

#[test]
fn what_was_made_is_told_by_who_made_it() {
    use Mover::{Client, System, Therapist};
    for (from, to, signed, made) in [
        (Stage::DiscoveryDone, Stage::Invited, Some(Therapist), (Move::WorkTogether, Therapist)),
        (Stage::DiscoveryDone, Stage::Invited, Some(Client), (Move::Invite, Client)),
        (Stage::Invited, Stage::IntakePending, None, (Move::BeginIntake, System)),
        (Stage::IntakePending, Stage::Active, None, (Move::Begin, System)),
        (Stage::IntakePending, Stage::Active, Some(Therapist), (Move::Begin, Therapist)),
        (Stage::Paused, Stage::Active, None, (Move::Resume, Client)),
        (Stage::Inquiry, Stage::DiscoveryBooked, None, (Move::BookDiscovery, Client)),
        (Stage::DiscoveryBooked, Stage::Inquiry, Some(Therapist), (Move::CallOffDiscovery, Therapist)),
        (Stage::ReferredOut, Stage::Inquiry, Some(Therapist), (Move::AllowCall, Therapist)),
    ] {
        assert_eq!(Move::made(from, to, signed), Some(made), "{from:?} to {to:?}");
    }
    assert_eq!(Move::made(Stage::Active, Stage::Inquiry, None), None);
    for stage in Stage::ALL {
        assert!(Move::beginning(stage).ends_with('.'), "{stage:?}");
    }
}
