//! The mail server.

mod server;
mod trouble;

use super::VendorError;
use lettre::Message;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{Extension, MailBodyParameter, MailParameter};
use server::Server;
use std::time::Duration;
use tokio::time::timeout;
use trouble::{Step, Trouble};

/// How long the server may take from the first byte to the login.
const CONNECTING: Duration = Duration::from_secs(20);

/// How long it may take over one message. It looks for spam before it answers, which takes some of them a minute.
const HANDING_OVER: Duration = Duration::from_secs(80);

/// How long it may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(3);

/// Sends mail, or says why it could not.
#[derive(Clone)]
pub struct Mailer {
    server: Server,
}

impl Mailer {
    /// A mailer for a server like `smtps://user:password@host`, or what is wrong with this address.
    pub fn connect(url: &str) -> Result<Self, String> {
        Ok(Mailer { server: Server::read(url)? })
    }

    /// Hands one message over. The same message, sent again after a lost answer, carries the same `Message-ID`.
    pub async fn send(&self, message: Message) -> Result<(), VendorError> {
        let mut step = Step::Connection;
        let connected = timeout(CONNECTING, self.server.connect(&mut step)).await;
        let mut conn = Trouble::unless_fine(connected, step)?;
        let taken = timeout(HANDING_OVER, hand_over(&mut conn, &message, &mut step)).await;
        if taken.is_ok() {
            // What became of the message is known; a server that does not say goodbye changes nothing about it.
            let _ = timeout(GOODBYE, conn.quit()).await;
        }
        Ok(Trouble::unless_fine(taken, step)?)
    }

    /// Whether the server answers and takes our login.
    pub async fn check(&self) -> Result<(), VendorError> {
        let mut step = Step::Connection;
        let connected = timeout(CONNECTING, self.server.connect(&mut step)).await;
        let mut conn = Trouble::unless_fine(connected, step)?;
        // It answered; that is all we asked.
        let _ = timeout(GOODBYE, conn.quit()).await;
        Ok(())
    }
}

/// Sends one message step by step, so that it is known which of them the server refused.
async fn hand_over(
    conn: &mut AsyncSmtpConnection,
    message: &Message,
    step: &mut Step,
) -> Result<(), lettre::transport::smtp::Error> {
    let (envelope, bytes) = (message.envelope(), message.formatted());
    *step = Step::Sender;
    let mut parameters = Vec::new();
    if !bytes.is_ascii() && conn.server_info().supports_feature(Extension::EightBitMime) {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    conn.command(Mail::new(envelope.from().cloned(), parameters)).await?;
    *step = Step::Recipient;
    for to in envelope.to() {
        conn.command(Rcpt::new(to.clone(), Vec::new())).await?;
    }
    *step = Step::Message;
    conn.command(Data).await?;
    *step = Step::Receipt;
    conn.message(&bytes).await?;
    Ok(())
}
