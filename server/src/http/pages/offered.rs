//! What is being booked, and the zones its times are read in.

use super::api;
use crate::error::Error;
use crate::features::bookings::{self, availability};
use crate::features::practice::zones;
use crate::http::booking_cookies::{self, Kept};
use crate::http::fault::Fault;
use crate::http::visit::Visit;
use app::api::bookable::BookSessionType;
use app::public::book::booked::ByManageToken;
use app::public::book::picker::{Life, Moves, Offer, Picker, Question};
use app::public::book::place::{Month, Place};
use app::public::book::query::{
    BookPractice, BookTherapist, BySlug, MovingOfferQuery, MovingTimesQuery, OfferQuery, TimesQuery,
};
use app::public::book::top::{self, Step, inside_a_sentence};
use app::public::book::whom;
use app::shell::Drawing;
use app::ui::hold::{Conflict, Lost};
use app::ui::zones::Zones;
use axum::http::HeaderMap;
use cynic::QueryBuilder;
use shared::ids::TherapistId;
use shared::practice::{Gate, Modality};
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// Where an address says somebody is.
pub(in crate::http) fn place_of(pairs: &[(String, String)]) -> Place {
    Place::read(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

/// What is booked, and the zones its times are read in.
pub(in crate::http) struct Offered {
    pub(in crate::http) practice: BookPractice,
    pub(in crate::http) session_type: BookSessionType,
    pub(in crate::http) therapists: Vec<BookTherapist>,
    pub(in crate::http) zones: Zones,
    /// Whether the visitor chose the zone, now or before.
    pub(in crate::http) zone_chosen: bool,
    /// Where a chosen time is sent, if not to be kept for a new booking.
    pub(in crate::http) action: Option<String>,
    /// The session that is moved, if one is.
    pub(in crate::http) moves: Option<Moves>,
    /// Whom the visitor wants it to be with.
    with: Option<TherapistId>,
    /// What the visitor typed for a place, when we know none of that name.
    unknown_place: Option<String>,
}

impl Offered {
    /// Reads it. The zone is the one asked for, else the one of the browser, else the practice's; of sessions in the
    /// practice always the practice's.
    pub(in crate::http) async fn read(
        visit: &Visit,
        headers: &HeaderMap,
        slug: String,
        zone: Option<&str>,
    ) -> Result<Self, Fault> {
        Self::of(headers, api(visit).ask(OfferQuery::build(BySlug { slug })).await?, zone)
    }

    /// The same for the session of a manage link.
    pub(super) async fn by_link(
        visit: &Visit,
        headers: &HeaderMap,
        token: &str,
        zone: Option<&str>,
    ) -> Result<Self, Fault> {
        let asked = MovingOfferQuery::build(ByManageToken { token: token.to_owned() });
        Self::of(headers, api(visit).ask(asked).await?.into(), zone)
    }

    fn of(headers: &HeaderMap, answer: OfferQuery, zone: Option<&str>) -> Result<Self, Fault> {
        let OfferQuery { practice, session_type, therapists } = answer;
        let session_type = session_type.ok_or(Error::NotFound)?;
        let is_free_to_choose = session_type.modality.0 != Modality::InPerson;
        let named = zone.and_then(zones::named);
        let unknown_place =
            zone.filter(|_| named.is_none() && is_free_to_choose).map(|typed| shortened(typed).to_owned());
        let wanted = named.or_else(|| booking_cookies::zone(headers));
        let wanted = wanted.filter(|_| is_free_to_choose);
        let table = |name: &str| zones::find("timeZone", name, practice.now).map(|table| ZoneTable::clone(&table));
        let home = table(&practice.time_zone)?;
        let zone = wanted.map_or(Ok(home.clone()), table)?;
        let zone_chosen = wanted.is_some() || !is_free_to_choose;
        let zones = Zones { zone, home, hours: booking_cookies::hours(headers) };
        Ok(Offered {
            practice,
            session_type,
            therapists,
            zones,
            zone_chosen,
            action: None,
            moves: None,
            with: None,
            unknown_place,
        })
    }

    /// Narrows down who it can be with.
    pub(super) fn only_with(&mut self, therapist: Option<TherapistId>) {
        self.therapists.retain(|one| therapist.is_none_or(|id| one.id == id));
        for one in &mut self.therapists {
            // What is said of new clients does not matter to hers.
            one.takes_new_clients = true;
        }
    }

    /// Whom it can be with, by name, where a visitor may choose.
    fn choices(&self) -> Vec<(TherapistId, String)> {
        let may_choose = self.session_type.gate.0 == Gate::Discovery && self.moves.is_none();
        let open = self.therapists.iter().filter(|one| may_choose && one.takes_new_clients);
        let choices: Vec<_> = open.map(|one| (one.id, one.name.clone())).collect();
        if choices.len() > 1 { choices } else { Vec::new() }
    }

    /// What stands above the picker, with the choice whose times it shows where there is one.
    pub(super) fn top_of_picker(&self) -> Drawing {
        let choices = self.choices();
        let top = self.draw_top(Step::Time, None, None, !choices.is_empty());
        if choices.is_empty() { top } else { whom::beneath(top, choices, self.with) }
    }

    /// Looks for times with somebody; with anyone where she is not one of the choices.
    pub(in crate::http) fn look_for(&mut self, therapist: Option<TherapistId>) {
        self.with = therapist.filter(|wanted| self.choices().iter().any(|(id, _)| id == wanted));
    }

    /// Insists on whom a form names: where she cannot be had any more, nobody else is taken in her place.
    pub(in crate::http) fn insist_on(&mut self, therapist: Option<&str>) {
        let named = therapist.and_then(|therapist| therapist.parse().ok());
        self.with = named.filter(|_| self.session_type.gate.0 == Gate::Discovery);
    }

    /// Whom the visitor wants it to be with.
    pub(in crate::http) fn with(&self) -> Option<TherapistId> {
        self.with
    }

    /// The zone, where forms and links must name it.
    pub(in crate::http) fn tz(&self) -> Option<String> {
        let Zones { zone, home, .. } = &self.zones;
        (zone.name != home.name).then(|| zone.name.clone())
    }

    /// An address of the picker.
    pub(in crate::http) fn picker_at(&self, starts_at: Option<Instant>) -> String {
        let day = starts_at.map(|start| self.zones.zone.civil(start).date);
        let place = Place { day, zone: self.tz(), with: self.with, ..Place::default() }.href();
        format!("/book/{}{}", self.session_type.slug, if place == "?" { "" } else { &place })
    }

    /// What stands above a step; `with` is who the time is kept with, if it is.
    pub(in crate::http) fn top(&self, step: Step, at: Option<Instant>, with: Option<TherapistId>) -> Drawing {
        self.draw_top(step, at, with, false)
    }

    fn draw_top(&self, step: Step, at: Option<Instant>, with: Option<TherapistId>, has_choice: bool) -> Drawing {
        let heading = match step {
            Step::Time => format!("Choose a time for your {}", inside_a_sentence(&self.session_type.name)),
            Step::Details if self.session_type.gate.0 == Gate::Clients => "A last look".to_owned(),
            Step::Details => "Your details".to_owned(),
        };
        let at = at.map(|at| self.zones.moment(at));
        let kept_with = self.therapists.iter().find(|one| with.or(self.with) == Some(one.id));
        let names = kept_with.map(|one| one.name.clone()).or_else(|| top::names(&self.therapists));
        // Beneath the picker's there may be a choice, which says it.
        let names = names.filter(|_| !has_choice);
        top::top(step, self.session_type.gate.0, heading, top::meta(&self.session_type, names, at))
    }

    /// Why a time cannot be had.
    pub(super) async fn why_lost(&self, visit: &Visit, at: Instant) -> Result<Lost, Fault> {
        let seeker = visit.seeker().await?;
        let taken = availability::is_taken(&visit.http.app, &seeker, self.session_type.id, self.with, at).await?;
        Ok(Lost { at, taken })
    }

    /// A time that cannot be had, with the nearest that are free; where none is near, with the next ones.
    pub(in crate::http) async fn conflict(
        &self,
        visit: &Visit,
        lost: Lost,
        keeps_typed: bool,
    ) -> Result<Conflict, Fault> {
        let app = &visit.http.app;
        let seeker = visit.seeker().await?;
        let mut nearest = bookings::nearest_free(app, &seeker, self.session_type.id, self.with, lost.at).await?;
        if nearest.is_empty() {
            nearest = bookings::nearest_free(app, &seeker, self.session_type.id, self.with, app.clock.now()).await?;
        }
        let nearest = nearest.into_iter().map(|slot| slot.starts_at).collect();
        Ok(Conflict { lost, nearest, all: self.picker_at(Some(lost.at)), keeps_typed })
    }

    /// The picker at a place.
    pub(super) async fn picker(&self, visit: &Visit, place: Place, kept: Option<&Kept>) -> Result<Picker, Fault> {
        let kept = kept.filter(|kept| self.fits(kept));
        let Zones { zone, home, hours } = self.zones.clone();
        let row = &self.session_type;
        let now = self.practice.now;
        let wanted = place.day.or(place.slot.map(|slot| zone.civil(slot).date)).map(Month::of).or(place.month);
        let offsets = words::ZONES.iter().map(|name| zones::table(name, now).map_or(0, |table| table.offset_at(now)));
        let mut picker = Picker {
            offer: Offer {
                id: row.id,
                slug: row.slug.clone(),
                until: home.civil(now).date.plus_days(row.horizon_days.into()),
                in_person: row.modality.0 == Modality::InPerson,
                action: self.action.clone().unwrap_or_else(|| format!("/book/{}/hold", row.slug)),
                moves: self.moves.clone(),
            },
            now,
            month: Month::of(zone.civil(now).date),
            home,
            zone,
            zone_chosen: self.zone_chosen,
            unknown_place: self.unknown_place.clone(),
            hours,
            offsets: offsets.map(|seconds| seconds / 60).collect(),
            next: None,
            kept: kept.map(|kept| kept.starts_at),
            kept_until: kept.map(|kept| kept.until),
            day: place.day,
            slot: place.slot,
            with: self.with,
            days: Vec::new(),
            life: Life::default(),
        };
        let (first, last) = picker.months();
        picker.month = wanted.unwrap_or(first).clamp(first, last);
        let times = self.ask_times(visit, &picker).await?;
        picker.take(times);
        let next = picker.next.map(|next| Month::of(picker.zone.civil(next).date));
        if let Some(next) = next.filter(|next| wanted.is_none() && picker.days.is_empty() && *next != picker.month) {
            picker.month = next;
            let times = self.ask_times(visit, &picker).await?;
            picker.take(times);
        }
        Ok(picker)
    }

    /// Whether what is kept is with whom the visitor wants.
    pub(in crate::http) fn fits(&self, kept: &Kept) -> bool {
        self.with.is_none_or(|wanted| wanted == kept.therapist_id)
    }

    async fn ask_times(&self, visit: &Visit, picker: &Picker) -> Result<TimesQuery, Fault> {
        Ok(match picker.question(&picker.zone.name) {
            Question::Booking(variables) => api(visit).ask(TimesQuery::build(variables)).await?,
            Question::Moving(variables) => api(visit).ask(MovingTimesQuery::build(variables)).await?.into(),
        })
    }
}

/// As much of what somebody typed as is worth showing again.
fn shortened(typed: &str) -> &str {
    typed.char_indices().nth(64).map_or(typed, |(end, _)| &typed[..end])
}
