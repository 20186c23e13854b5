//! Keeping the chosen time as soon as it is chosen. Going on never waits for it longer than a request that is under way.

use super::news::read_again;
use super::{Place, Scene, api};
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::time::Instant;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlFormElement, SubmitEvent};

/// Somebody who goes through the times with the arrow keys chooses them all; this long on one, and it is meant.
const MEANT: Duration = Duration::from_millis(500);

/// Keeps what is chosen, one time after the other: the cookie that proves one gives it back for the next.
pub(super) struct Keeper {
    scene: Scene,
    is_asking: Cell<bool>,
    is_leaving: Cell<bool>,
    /// The form that goes on once the time is kept.
    waiting: RefCell<Option<HtmlFormElement>>,
}

impl Keeper {
    pub(super) fn new(scene: Scene) -> Rc<Self> {
        let (is_asking, is_leaving) = (Cell::new(false), Cell::new(false));
        Rc::new(Keeper { scene, is_asking, is_leaving, waiting: RefCell::new(None) })
    }

    /// Keeps the chosen time, if it still is the chosen one in a moment.
    pub(super) fn keep_soon(self: &Rc<Self>) {
        self.is_leaving.set(false);
        let (keeper, meant) = (self.clone(), self.chosen());
        set_timeout(
            move || {
                if keeper.chosen() == meant {
                    keeper.keep();
                }
            },
            MEANT,
        );
    }

    /// Goes on, unless a request is under way that would be in the way of the next. A second press does not wait.
    pub(super) fn go_on(&self, event: &Event) {
        let form = event.target().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        // A button with a name brings a time of its own.
        let button = event.unchecked_ref::<SubmitEvent>().submitter();
        let is_of_chosen = button.is_none_or(|button| !button.has_attribute("name"));
        if let Some(form) = form.filter(|_| self.is_asking.get() && !self.is_leaving.get() && is_of_chosen) {
            event.prevent_default();
            *self.waiting.borrow_mut() = Some(form);
        }
        self.is_leaving.set(true);
    }

    fn chosen(&self) -> Option<Instant> {
        self.scene.with_untracked(|picker| picker.slot)
    }

    fn keep(self: &Rc<Self>) {
        let is_kept = self.scene.with_untracked(|picker| picker.chosen_until().is_some());
        if is_kept || self.is_leaving.get() || self.is_asking.replace(true) {
            return;
        }
        let keeper = self.clone();
        spawn_local(async move {
            let mut asked = None;
            while let Some(wanted) = keeper.chosen().filter(|chosen| asked != Some(*chosen)) {
                asked = Some(wanted);
                keeper.ask(wanted).await;
            }
            keeper.is_asking.set(false);
            if let Some(form) = keeper.waiting.take().filter(|_| keeper.chosen().is_some()) {
                // A form that the browser does not send says why by itself.
                let _: Result<(), JsValue> = form.request_submit();
            }
        });
    }

    async fn ask(&self, wanted: Instant) {
        let scene = self.scene;
        let (path, with) =
            scene.with_untracked(|picker| (["/book/", &picker.offer.slug, "/hold"].concat(), picker.with));
        scene.update(|picker| {
            // What we hold is not free for others: until the answer is here it must not look lost.
            picker.kept = Some(wanted);
            picker.life.keeping = true;
        });
        let form = Place { slot: Some(wanted), with, ..Place::default() }.href();
        let answer = api::post_form(&path, &form[1..]).await;
        let until = answer.as_ref().ok().and_then(|(_, until)| until.trim().parse::<Instant>().ok());
        scene.update(|picker| {
            picker.kept_until = until;
            picker.life.keeping = false;
            if let Some(until) = picker.chosen_until() {
                picker.life.said = ["Kept for you until ", &picker.clock(until)].concat();
            }
        });
        // What is free for us now, or what went: news that came meanwhile was not looked at.
        let _ = read_again(scene).await;
    }
}
