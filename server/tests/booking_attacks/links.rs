//! The link to somebody's booking, guessed.

use crate::support::{Practice, on_both_engines};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The bytes of a token as links carry it.
fn bytes_of(token: &str) -> Vec<u8> {
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for c in token.bytes() {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            other => panic!("{other} is no letter of a token"),
        };
        (bits, count) = (bits << 6 | u32::from(value), count + 6);
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).expect("eight bits"));
        }
    }
    bytes
}

#[tokio::test]
async fn nobody_guesses_the_link_to_a_booking() {
    on_both_engines(|practice: Practice| async move {
        let (mut tokens, mut ids) = (Vec::new(), Vec::new());
        for day in [8, 9, 10, 11] {
            for hour in 9..17 {
                let booked =
                    practice.book(&format!("Ben{day}x{hour}"), &format!("2030-01-{day:02}T{hour:02}:00:00Z")).await;
                tokens.push(booked["manageToken"].as_str().expect("a token").to_owned());
                ids.push((booked["booking"]["id"].clone(), booked["booking"]["reference"].clone()));
            }
        }
        let bytes: BTreeSet<Vec<u8>> = tokens.iter().map(|token| bytes_of(token)).collect();
        assert_eq!(bytes.len(), tokens.len(), "no two are the same");
        assert!(bytes.iter().all(|token| token.len() == 32), "256 bits");
        // Of 32 honest coins none shows one side only, and neither side wins by far.
        let ones = |bit: usize| bytes.iter().filter(|token| token[bit / 8] >> (bit % 8) & 1 == 1).count();
        assert!((0..256).all(|bit| (1..bytes.len()).contains(&ones(bit))), "a bit is always the same");
        let all: usize = (0..256).map(ones).sum();
        assert!((3_700..4_500).contains(&all), "{all} of 8192 bits are set");

        let look = "query($token: String!) { managedBooking(manageToken: $token) { id } }";
        let seen = async |token: &str| practice.ask(look, json!({ "token": token })).await["managedBooking"].clone();
        assert_eq!(seen(&tokens[0]).await["id"], ids[0].0);
        let mut near = vec![String::new(), "A".repeat(43), tokens[0][..42].to_owned(), format!("{}A", tokens[0])];
        for place in 0..43 {
            let mut changed = tokens[0].clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'Q' } else { b'A' };
            near.push(String::from_utf8(changed).expect("letters"));
        }
        for (id, reference) in &ids {
            let (id, reference) = (id.as_str().expect("an id"), reference.as_str().expect("a reference"));
            near.extend([id.to_owned(), id.replace('-', ""), reference.to_owned()]);
        }
        for token in near {
            assert_eq!(seen(&token).await, Value::Null, "{token}");
        }
        // What a thief of the database has opens nothing: it is the hash of what opens.
        let mut conn = practice.app.db.read().await.expect("a connection");
        let kept: Vec<(Vec<u8>,)> = conn.query("select manage_hash from bookings").all().await.expect("rows");
        drop(conn);
        assert!(kept.iter().all(|(hash,)| hash.len() == 32 && !bytes.contains(hash)));
    })
    .await;
}
