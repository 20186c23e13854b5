//! A mail server on loopback, as RFC 5321 has it: enough of it for every client, and faults on request.

use super::mailbox::Mailbox;
use crate::clock::Clock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// The largest message taken, in bytes.
const LARGEST: usize = 4 * 1024 * 1024;

/// The longest line taken, its end included.
const LONGEST_LINE: usize = 8 * 1024;

/// Recipients of one message at most.
const MOST_RECIPIENTS: usize = 100;

/// Something a mail server does on a bad day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// “Try again later”: 451.
    Greylist,
    /// “There is no such mailbox”: 550, with the address, as most servers say it.
    Refuse,
    /// Takes the message and then will not have it: 554.
    RefuseMessage,
    /// Takes the message and says nothing, until the other side hangs up.
    Hang,
    /// Takes the message and hangs up before saying so.
    AcceptThenDrop,
}

/// The faults to come. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<FaultState>);

#[derive(Debug, Default)]
struct FaultState {
    script: Mutex<Vec<(String, Fault)>>,
    down: AtomicBool,
    no_login: AtomicBool,
    no_sender: AtomicBool,
}

impl Faults {
    /// The next message to this address meets this fault. Faults of one address are met in the order they were added.
    pub fn next_to(&self, address: &str, fault: Fault) {
        self.0.script.lock().unwrap_or_else(PoisonError::into_inner).push((address.to_ascii_lowercase(), fault));
    }

    /// Takes the server down, or up again: while it is down it hangs up on everyone.
    pub fn set_down(&self, down: bool) {
        self.0.down.store(down, Ordering::SeqCst);
    }

    /// Refuses every login, or takes them again.
    pub fn set_login_refused(&self, refused: bool) {
        self.0.no_login.store(refused, Ordering::SeqCst);
    }

    /// Refuses whoever sends, or takes them again.
    pub fn set_sender_refused(&self, refused: bool) {
        self.0.no_sender.store(refused, Ordering::SeqCst);
    }

    fn is_down(&self) -> bool {
        self.0.down.load(Ordering::SeqCst)
    }

    fn take(&self, address: &str) -> Option<Fault> {
        let mut script = self.0.script.lock().unwrap_or_else(PoisonError::into_inner);
        let place = script.iter().position(|(to, _)| to.eq_ignore_ascii_case(address))?;
        Some(script.remove(place).1)
    }
}

/// Takes mail until told to stop.
pub(super) async fn serve(
    listener: TcpListener,
    mailbox: Mailbox,
    faults: Faults,
    clock: Clock,
    stop: CancellationToken,
) {
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else { continue };
        let (mailbox, faults, clock, stop) = (mailbox.clone(), faults.clone(), clock.clone(), stop.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                // The other side has gone: nothing is left to say to it.
                _ = talk(stream, &mailbox, &faults, &clock) => {}
            }
        });
    }
}

/// One message as far as it has come.
#[derive(Default)]
struct Envelope {
    from: Option<String>,
    to: Vec<String>,
    fault: Option<Fault>,
}

async fn talk(stream: TcpStream, mailbox: &Mailbox, faults: &Faults, clock: &Clock) -> std::io::Result<()> {
    let (reading, mut writing) = stream.into_split();
    let mut reading = BufReader::new(reading);
    if faults.is_down() {
        return Ok(());
    }
    say(&mut writing, "220 sandbox ready").await?;
    let mut envelope = Envelope::default();
    while let Some(line) = read_line(&mut reading).await? {
        if faults.is_down() {
            return Ok(());
        }
        let Ok(line) = std::str::from_utf8(&line) else {
            say(&mut writing, "500 what was that").await?;
            continue;
        };
        let line = line.trim_end();
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => {
                envelope = Envelope::default();
                let offers = ["sandbox", "8BITMIME", "SMTPUTF8", "PIPELINING", "AUTH PLAIN"];
                let lines: String = offers.iter().map(|offer| format!("250-{offer}\r\n")).collect();
                say(&mut writing, &format!("{lines}250 SIZE {LARGEST}")).await?;
            }
            "HELO" => say(&mut writing, "250 sandbox").await?,
            "AUTH" if faults.0.no_login.load(Ordering::SeqCst) => {
                say(&mut writing, "535 5.7.8 that is not the password").await?;
            }
            "AUTH" => say(&mut writing, "235 2.7.0 welcome").await?,
            "MAIL" if faults.0.no_sender.load(Ordering::SeqCst) => {
                say(&mut writing, &format!("553 5.7.1 {rest}: not yours to send as")).await?;
            }
            "MAIL" => match path(rest, "FROM:") {
                Some(from) if envelope.from.is_none() => {
                    envelope.from = Some(from);
                    say(&mut writing, "250 fine").await?;
                }
                Some(_) => say(&mut writing, "503 one message at a time").await?,
                None => say(&mut writing, "501 write MAIL FROM:<address>").await?,
            },
            "RCPT" => {
                let answer = recipient(&mut envelope, rest, faults);
                say(&mut writing, &answer).await?;
            }
            "DATA" if envelope.to.is_empty() => say(&mut writing, "503 to whom").await?,
            "DATA" => {
                say(&mut writing, "354 go on, end with a dot").await?;
                let Some(message) = read_message(&mut reading).await? else {
                    return say(&mut writing, "552 that is too large").await;
                };
                let done = std::mem::take(&mut envelope);
                if done.fault == Some(Fault::Hang) {
                    let mut rest = Vec::new();
                    reading.take(LARGEST as u64).read_to_end(&mut rest).await?;
                    return Ok(());
                }
                if done.fault == Some(Fault::RefuseMessage) {
                    say(&mut writing, &format!("554 5.7.1 this is not for <{}>", done.to.join(">, <"))).await?;
                    continue;
                }
                mailbox.take(&done.from.unwrap_or_default(), &done.to, message, clock.now());
                if done.fault == Some(Fault::AcceptThenDrop) {
                    return Ok(());
                }
                say(&mut writing, "250 taken").await?;
            }
            "RSET" => {
                envelope = Envelope::default();
                say(&mut writing, "250 forgotten").await?;
            }
            "NOOP" => say(&mut writing, "250 fine").await?,
            "QUIT" => return say(&mut writing, "221 goodbye").await,
            _ => say(&mut writing, "502 not here").await?,
        }
    }
    Ok(())
}

fn recipient(envelope: &mut Envelope, rest: &str, faults: &Faults) -> String {
    let Some(to) = path(rest, "TO:").filter(|to| !to.is_empty()) else { return "501 write RCPT TO:<address>".into() };
    if envelope.from.is_none() {
        return "503 from whom".into();
    }
    if envelope.to.len() == MOST_RECIPIENTS {
        return "452 too many".into();
    }
    match faults.take(&to) {
        Some(Fault::Greylist) => return format!("451 4.7.1 <{to}>: please try again later"),
        Some(Fault::Refuse) => return format!("550 5.1.1 <{to}>: there is no such mailbox"),
        later => envelope.fault = later.or(envelope.fault),
    }
    envelope.to.push(to);
    "250 fine".into()
}

/// The address in `FROM:<address> SIZE=…`.
fn path(rest: &str, word: &str) -> Option<String> {
    let (found, after) = rest.split_at_checked(word.len())?;
    let inside = after.trim_start().strip_prefix('<')?.split_once('>')?.0;
    found.eq_ignore_ascii_case(word).then(|| inside.to_owned())
}

async fn say(to: &mut (impl AsyncWrite + Unpin), words: &str) -> std::io::Result<()> {
    to.write_all(format!("{words}\r\n").as_bytes()).await?;
    to.flush().await
}

/// One line with its end; `None` when the other side is done, or never ends its line.
async fn read_line(from: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    from.take(LONGEST_LINE as u64).read_until(b'\n', &mut line).await?;
    Ok(line.ends_with(b"\n").then_some(line))
}

/// Everything up to a dot on a line of its own, without the dots that were added on the way; `None` if it is too large.
///
/// Only CRLF ends a line. A lone LF before the dot is part of the message, or two servers could read two messages where
/// one was sent.
async fn read_message(from: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Option<Vec<u8>>> {
    let mut message: Vec<u8> = Vec::new();
    let mut at_line_start = true;
    loop {
        let Some(line) = read_line(from).await? else { return Ok(None) };
        if at_line_start && line == b".\r\n" {
            return Ok(Some(message));
        }
        let stuffed = at_line_start && line.starts_with(b".");
        message.extend_from_slice(if stuffed { &line[1..] } else { &line });
        at_line_start = line.ends_with(b"\r\n");
        if message.len() > LARGEST {
            return Ok(None);
        }
    }
}
