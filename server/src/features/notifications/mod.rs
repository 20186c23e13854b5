//! What leaves the system: mails, and what they say.

pub mod asking;
pub mod calendar;
mod deliver;
pub mod messages;
mod money;
pub mod outward;
pub mod reminding;
pub mod render;
pub mod series;
mod when;

pub use money::{tell_bill, tell_receipt, tell_refund};

use crate::app::App;
use crate::error::Error;
use crate::features::accounts::links::sign_in_mail;
use crate::features::bookings::{self, Audience, Booking};
use crate::features::practice::{self, Catalogue};
use crate::features::{accounts, clients, inquiries, intake, reminders};
use crate::jobs::{self, Job, JobError};
use crate::limits::mailbox::{self as budget, MailKind};
use calendar::Method;
use deliver::{Letter, deliver, mailbox};
use lettre::message::Mailbox;
use outward::{Code, Link, Relayed, When};
use shared::booking::BookingStatus;
use shared::ids::{BookingId, ClientId, ContactMessageId, InvitationId, UserId};
use shared::stage::Stage;
use shared::time::Instant;
use std::sync::Arc;
use uuid::Uuid;

type Outcome = Result<(), JobError>;

/// Mails a sign-in link and code.
pub async fn mail_sign_in(app: &Arc<App>, link_id: Uuid) -> Outcome {
    let Some(mail) = sign_in_mail(app, link_id).await? else { return Ok(()) };
    let seconds = mail.expires_at.seconds() - app.clock.now().seconds();
    if seconds <= 0 {
        return Ok(());
    }
    let link = Link::read(app, &mail.link).ok_or_else(|| Error::internal("a sign-in link leads elsewhere"))?;
    let code = Code::read(&mail.code).ok_or_else(|| Error::internal("a sign-in code is not six digits"))?;
    let minutes = (seconds + 59) / 60;
    let outward = messages::sign_in(link, code, minutes);
    deliver(app, Letter::new(mailbox(&mail.to.email)?, format!("sign-in.{link_id}.0"), outward)).await
}

/// What somebody has to be told about a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum News {
    /// They know everything.
    Nothing,
    /// They know nothing, and there is nothing left to know: it was called off again, or is over.
    Silence,
    Made,
    Moved,
    CalledOff,
}

fn news(booking: &Booking, told: Option<i64>, now: Instant) -> News {
    let called_off = booking.status == BookingStatus::Cancelled;
    match told {
        Some(told) if told >= booking.calendar_sequence => News::Nothing,
        None if called_off || booking.ends_at <= now => News::Silence,
        None => News::Made,
        Some(_) if called_off => News::CalledOff,
        Some(_) => News::Moved,
    }
}

/// Whether anything may be mailed to this client at all. Whoever wants nothing finds it in the portal; only sign-in links
/// still come.
async fn wants_mail(app: &App, client: Option<ClientId>) -> Result<bool, JobError> {
    Ok(reminders::wants_mail(&mut app.db.read().await?, client).await?)
}

/// Tells the client what became of a booking.
pub async fn tell_client(app: &Arc<App>, booking_id: BookingId) -> Outcome {
    let Some(booking) = bookings::get(&mut app.db.read().await?, booking_id).await? else { return Ok(()) };
    let now = app.clock.now();
    let news = news(&booking, booking.told_sequence, now);
    if !matches!(news, News::Nothing | News::Silence) && wants_mail(app, booking.client_id).await? {
        let when = When::of(&booking, &booking.guest_time_zone, now)?;
        let manage = Link::manage(app, booking.id);
        let to = booking.guest_email.as_str();
        let request = Method::Request { to, manage: Some(&manage) };
        let (method, reference) = match news {
            News::CalledOff => (Method::Cancel { to }, &booking.reference),
            _ => (request, &booking.reference),
        };
        let outward = match news {
            News::CalledOff => messages::called_off(app, when, reference),
            News::Moved => messages::moved(app, when, reference, manage.clone()),
            _ => messages::confirmed(app, when, booking.modality, reference, manage.clone()),
        };
        let mut letter = Letter::new(mailbox(to)?, key("booking", booking.id.0, &booking), outward);
        letter.calendar = Some((method.name(), calendar::ics(&booking, app, &method)));
        deliver(app, letter).await?;
    }
    note(app, &booking, Audience::Client, news).await
}

/// Tells the client that a time that was kept for their payment is not theirs, unless it is by now.
pub async fn tell_expired(app: &Arc<App>, booking_id: BookingId) -> Outcome {
    let Some(booking) = bookings::get(&mut app.db.read().await?, booking_id).await? else { return Ok(()) };
    let now = app.clock.now();
    if booking.status != BookingStatus::Expired || booking.ends_at <= now || !wants_mail(app, booking.client_id).await?
    {
        return Ok(());
    }
    // They may have booked the same time anew.
    if let Some(client) = booking.client_id
        && bookings::own_at(app, client, booking.starts_at).await?.is_some()
    {
        return Ok(());
    }
    let when = When::of(&booking, &booking.guest_time_zone, now)?;
    let outward = messages::not_confirmed(app, when, &booking.reference);
    let letter = Letter::new(mailbox(&booking.guest_email)?, key("expired", booking.id.0, &booking), outward);
    deliver(app, letter).await
}

/// Tells the therapist what became of a booking.
pub async fn tell_therapist(app: &Arc<App>, booking_id: BookingId) -> Outcome {
    let Some(booking) = bookings::get(&mut app.db.read().await?, booking_id).await? else { return Ok(()) };
    let now = app.clock.now();
    let news = news(&booking, booking.therapist_told_sequence, now);
    if !matches!(news, News::Nothing | News::Silence) {
        let catalogue = practice::catalogue(app).await?;
        let user = therapist_user(app, &catalogue, &booking).await?;
        let when = When::of(&booking, &user.time_zone, now)?;
        let to = user.email.as_str();
        let (method, outward) = match news {
            News::CalledOff => (Method::Cancel { to }, messages::gone_from_calendar(app, when, &booking.reference)),
            News::Moved => {
                let outward = messages::moved_in_calendar(app, when, &booking.reference);
                (Method::Request { to, manage: None }, outward)
            }
            _ => (Method::Request { to, manage: None }, messages::new_in_calendar(app, when, &booking.reference)),
        };
        let mut letter = Letter::new(mailbox(to)?, key("diary", booking.id.0, &booking), outward);
        letter.calendar = Some((method.name(), calendar::ics(&booking, app, &method)));
        deliver(app, letter).await?;
    }
    note(app, &booking, Audience::Therapist, news).await
}

async fn therapist_user(app: &App, catalogue: &Catalogue, booking: &Booking) -> Result<accounts::User, JobError> {
    let gone = || JobError::GiveUp("the therapist of this booking is not there any more".to_owned());
    let therapist = catalogue.therapist(booking.therapist_id).ok_or_else(gone)?;
    Ok(accounts::user(app, therapist.user_id).await?)
}

/// Notes what somebody was told. If the booking changed while the mail was on its way, they are told again.
async fn note(app: &Arc<App>, booking: &Booking, audience: Audience, news: News) -> Outcome {
    let (id, sequence) = (booking.id, booking.calendar_sequence);
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move {
                match news {
                    News::Nothing => Ok(()),
                    News::Silence => bookings::mark_untold(tx, id, audience, sequence).await,
                    News::Made | News::Moved | News::CalledOff => {
                        bookings::mark_told(tx, &app.clock, id, audience, sequence).await
                    }
                }
            })
        })
        .await?;
    Ok(())
}

/// Tells the client what was decided.
pub async fn tell_decision(app: &Arc<App>, client_id: ClientId) -> Outcome {
    let Some(client) = clients::get(&mut app.db.read().await?, client_id).await? else { return Ok(()) };
    let Some(believed) = client.untold_from else { return Ok(()) };
    if let Some(leaves_at) = client.news_at.filter(|leaves_at| app.clock.now() < *leaves_at) {
        // Another decision was taken since: what was done last can be taken back for as long as what was done first.
        let shared_app = app.clone();
        let later = app.db.write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move { jobs::enqueue(tx, &app.clock, leaves_at, &Job::TellDecision { client_id }).await })
        });
        return Ok(later.await?);
    }
    // What was done and undone before anybody was told is no news; what is being thought over again is not decided.
    let is_news = client.stage != Stage::DiscoveryDone && believed != client.stage;
    if is_news && wants_mail(app, Some(client_id)).await? {
        let user = accounts::user(app, client.user_id).await?;
        let outward = messages::news(app);
        let key = format!("news.{client_id}.{}", client.stage_since.micros());
        deliver(app, Letter::new(mailbox(&user.email)?, key, outward)).await?;
    }
    let told = app.db.write(move |tx| {
        let client = client.clone();
        Box::pin(async move {
            match is_news {
                true => clients::mark_told(tx, &client).await,
                false => clients::mark_silence(tx, &client).await,
            }
        })
    });
    Ok(told.await?)
}

/// Mails an invitation to whoever it is for.
pub async fn mail_invitation(app: &Arc<App>, invitation_id: InvitationId) -> Outcome {
    let Some(mail) = intake::invitations::mail(app, invitation_id).await? else { return Ok(()) };
    let link = Link::read(app, &mail.link).ok_or_else(|| Error::internal("an invitation leads elsewhere"))?;
    let outward = messages::invitation(link);
    let key = format!("invitation.{invitation_id}.{}", mail.sequence);
    deliver(app, Letter::new(mailbox(&mail.to)?, key, outward)).await
}

/// Asks the therapist for her decision, if a discovery call is over and she has not taken one.
pub async fn prompt_decision(app: &Arc<App>, booking_id: BookingId) -> Outcome {
    let mut conn = app.db.read().await?;
    let Some(booking) = bookings::get(&mut conn, booking_id).await? else { return Ok(()) };
    let client = match booking.client_id {
        Some(id) => clients::get(&mut conn, id).await?,
        None => None,
    };
    drop(conn);
    let awaits = |stage| matches!(stage, Stage::DiscoveryBooked | Stage::DiscoveryDone);
    if booking.cancelled_at.is_some() || !client.is_some_and(|client| awaits(client.stage)) {
        return Ok(());
    }
    let catalogue = practice::catalogue(app).await?;
    let (now, due) = (app.clock.now(), booking.ends_at.plus_minutes(catalogue.practice.settings.prompt_minutes));
    if now < due {
        // It was moved, or more time is given by now: the question moves with it.
        let shared_app = app.clone();
        let later = app.db.write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move { jobs::enqueue(tx, &app.clock, due, &Job::PromptDecision { booking_id }).await })
        });
        return Ok(later.await?);
    }
    let user = therapist_user(app, &catalogue, &booking).await?;
    let letter = Letter::new(mailbox(&user.email)?, format!("prompt.{booking_id}.0"), messages::something_waits(app));
    deliver(app, letter).await
}

/// Mails a message from the contact form to the practice, and thanks its sender.
pub async fn mail_contact_message(app: &Arc<App>, message_id: ContactMessageId) -> Outcome {
    let Some(message) = inquiries::get(&mut app.db.read().await?, message_id).await? else { return Ok(()) };
    let catalogue = practice::catalogue(app).await?;
    let sender = mailbox(&message.email)?;
    let to = mailbox(&catalogue.practice.settings.contact_email)
        .map_err(|_| JobError::GiveUp("the practice has no address for messages in its settings".to_owned()))?;
    let outward = messages::contact_message(Relayed::of(app, &message)?);
    let mut letter = Letter::new(to, format!("message.{message_id}.0"), outward);
    letter.reply_to = Some(sender.clone());
    deliver(app, letter).await?;
    // The message has arrived. Thanks that cannot be delivered are no reason to send it again.
    if let Err(error) = thank(app, message_id, sender).await {
        tracing::info!(message = %message_id, %error, "somebody who wrote could not be thanked");
    }
    Ok(())
}

/// Thanks whoever wrote, unless their mailbox has had enough.
async fn thank(app: &Arc<App>, message_id: ContactMessageId, sender: Mailbox) -> Outcome {
    if !may_be_thanked(app, sender.email.as_ref()).await? {
        return Ok(());
    }
    deliver(app, Letter::new(sender, format!("thanks.{message_id}.0"), messages::contact_thanks())).await
}

/// Whether a mailbox has not had enough thanks; one more is spent if it has not.
async fn may_be_thanked(app: &Arc<App>, address: &str) -> Result<bool, JobError> {
    let (inner, canonical) = (app.clone(), address.to_ascii_lowercase());
    let is_within_limit = app
        .db
        .write(move |tx| {
            let (app, canonical) = (inner.clone(), canonical.clone());
            Box::pin(async move {
                let (most, now) = (app.config.rate_mailbox, app.clock.now());
                budget::spend(tx, &app.keys, most, MailKind::Thanks, &canonical, now).await
            })
        })
        .await?;
    Ok(is_within_limit)
}

/// Warns of a refresh token that was used twice. `job` is what asked for it, so that each time is told once.
pub async fn warn_of_reuse(app: &Arc<App>, user_id: UserId, job: Uuid) -> Outcome {
    let user = accounts::user(app, user_id).await?;
    let letter = Letter::new(mailbox(&user.email)?, format!("reuse.{job}.0"), messages::token_reused(app));
    deliver(app, letter).await
}

fn key(kind: &str, id: Uuid, booking: &Booking) -> String {
    format!("{kind}.{id}.{}", booking.calendar_sequence)
}

/// The name this practice has in ids that others keep.
fn host(app: &App) -> &str {
    app.config.base_url.host_str().unwrap_or("localhost")
}
