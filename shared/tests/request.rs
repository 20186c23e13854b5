//! What can become of a request: random moves in random order.

use proptest::prelude::*;
use shared::request::{RequestMove, RequestStatus};

fn moves() -> impl Strategy<Value = Vec<RequestMove>> {
    prop::collection::vec(prop::sample::select(RequestMove::ALL.to_vec()), 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_request_is_confirmed_once_and_never_without_a_yes(made in moves()) {
        let mut status = RequestStatus::Pending;
        let mut path = vec![status];
        for made in made {
            match status.after(made) {
                Some(next) => {
                    prop_assert!(!status.is_over(), "something became of a request that was over");
                    status = next;
                    path.push(status);
                }
                None => prop_assert!(made != RequestMove::Cancel || status.is_over(), "everything can come to nothing"),
            }
        }
        let confirmed = path.iter().filter(|it| **it == RequestStatus::Confirmed).count();
        prop_assert!(confirmed <= 1);
        for pair in path.windows(2) {
            if pair[1] == RequestStatus::Confirmed {
                prop_assert_eq!(pair[0], RequestStatus::Accepted);
            }
            if pair[1] == RequestStatus::Accepted {
                prop_assert_eq!(pair[0], RequestStatus::Matched);
            }
            if pair[1] == RequestStatus::Completed {
                prop_assert_eq!(pair[0], RequestStatus::Confirmed);
            }
        }
    }
}

#[test]
fn what_is_over_stays_over() {
    for status in [RequestStatus::Completed, RequestStatus::Cancelled] {
        assert!(RequestMove::ALL.into_iter().all(|made| status.after(made).is_none()), "{status:?}");
    }
}
