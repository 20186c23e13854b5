//! What happened, for live views and caches. Published only after the commit.

use serde::{Deserialize, Serialize};
use shared::ids::{BookingId, ClientId, LoginId, TherapistId};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::broadcast;
use uuid::Uuid;

/// Something that was committed. Carries ids, never data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Event {
    /// A therapist's hours or occupied time changed: other starts may be free now.
    TimetableChanged {
        /// Whose.
        therapist_id: TherapistId,
    },
    /// A room was taken or given back: other starts may be free now, with every therapist.
    RoomsChanged,
    /// A booking was made, moved, decided or called off.
    BookingChanged {
        /// Which.
        booking_id: BookingId,
        /// Whose calendar it is in.
        therapist_id: TherapistId,
        /// Whose booking it is, once that is proven.
        client_id: Option<ClientId>,
    },
    /// Money of a client was asked for, came or went back.
    MoneyChanged {
        /// Whose.
        client_id: ClientId,
        /// Whose client.
        therapist_id: TherapistId,
    },
    /// The stage of a client changed, or how they are called and reached.
    ClientChanged {
        /// Which.
        client_id: ClientId,
        /// Whose client.
        therapist_id: TherapistId,
    },
    /// A login ended or the rights of its user changed: what was remembered of it is void.
    LoginChanged {
        /// Which; all of them if none is named.
        login_id: Option<LoginId>,
    },
    /// Session types, therapists, texts or settings changed.
    PracticeChanged,
    /// There is work to do now.
    JobsWaiting,
    /// Events may have been missed: whatever is remembered must be read again.
    Missed,
}

/// How many events a listener may be behind before it is told [`Event::Missed`].
const BACKLOG: usize = 1024;

/// Hands every event to everyone who listens.
#[derive(Clone)]
pub struct Bus {
    sender: broadcast::Sender<Event>,
    first: Arc<RwLock<Vec<Hook>>>,
    /// Which process this is, so that it does not hear its own events twice.
    process: Uuid,
}

/// Hears an event before anyone else, and before the caller of the write has its answer.
type Hook = Box<dyn Fn(&Event) + Send + Sync>;

/// One listener's queue.
pub struct Listener {
    receiver: broadcast::Receiver<Event>,
}

/// An event on its way to other processes.
#[derive(Serialize, Deserialize)]
pub(crate) struct Carried {
    /// The process that published it.
    pub(crate) from: Uuid,
    /// What happened.
    pub(crate) event: Event,
}

impl Bus {
    /// A bus for this process.
    pub fn new(process: Uuid) -> Self {
        Bus { sender: broadcast::channel(BACKLOG).0, first: Arc::default(), process }
    }

    /// `hook` hears every event before anyone else: whoever reads after a write never sees what was remembered before it.
    pub fn before_anyone(&self, hook: impl Fn(&Event) + Send + Sync + 'static) {
        self.first.write().unwrap_or_else(PoisonError::into_inner).push(Box::new(hook));
    }

    /// Tells everyone who listens in this process.
    pub fn publish(&self, event: Event) {
        for hook in self.first.read().unwrap_or_else(PoisonError::into_inner).iter() {
            hook(&event);
        }
        // An error means that nobody listens, which is fine.
        let _ = self.sender.send(event);
    }

    /// The event as it travels to other processes.
    pub(crate) fn carry(&self, event: &Event) -> Carried {
        Carried { from: self.process, event: event.clone() }
    }

    /// Publishes what another process sent; our own has been published already.
    pub(crate) fn receive(&self, carried: Carried) {
        if carried.from != self.process {
            self.publish(carried.event);
        }
    }

    /// Everything published from now on.
    pub fn listen(&self) -> Listener {
        Listener { receiver: self.sender.subscribe() }
    }
}

impl Listener {
    /// The next event; `None` when the process goes down. A listener that fell behind is told [`Event::Missed`].
    pub async fn next(&mut self) -> Option<Event> {
        match self.receiver.recv().await {
            Ok(event) => Some(event),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Event::Missed),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}
