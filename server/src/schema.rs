//! The whole GraphQL schema: every feature's roots in one.

use crate::app::{App, Mode};
use crate::features::accounts::Viewer as Person;
use crate::features::accounts::graphql::User;
use crate::features::bookings::graphql::{BookingMutation, BookingQuery, BookingSubscription, OwnCare, TherapistDesk};
use crate::features::clients::graphql::{ClientMutation, ClientSubscription};
use crate::features::intake::graphql::{IntakeMutation, IntakeQuery};
use crate::features::money::graphql::{MoneyMutation, PurchaseMutation, TermsMutation, TermsOfDesk};
use crate::features::payments::graphql::{DeskMoney, OwnMoney, PaymentMutation};
use crate::features::practice::graphql::{
    HouseMutation, OfferMutation, PracticeDesk, PracticeMutation, PracticeQuery, ProfileMutation,
};
use crate::features::reminders::graphql::{OwnReminders, ReminderDesk, ReminderMutation};
use crate::features::requests::graphql::{OwnRequest, PracticeRequest, RequestMutation};
use crate::features::series::graphql::{
    AbsenceMutation, MakeUpMutation, MakeUpQuery, SeriesMutation, SeriesOfCare, SeriesOfDesk,
};
use crate::features::waitlist::graphql::{OwnWaitlist, WaitlistDesk, WaitlistMutation, WaitlistQuery};
use crate::features::{accounts, clients, inquiries, practice, requests};
use crate::graphql::guard;
use crate::graphql::{answer, app, at_work, caller, signed_in};
use async_graphql::{Context, MergedObject, MergedSubscription, Object, Result, SchemaBuilder, SimpleObject};
use shared::actor::Role;
use shared::contact::SendContactMessageInput;
use shared::problem::UserError;
use std::sync::Arc;

/// The schema of a practice.
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// Everything that can be asked.
#[derive(MergedObject, Default)]
pub struct Query(PracticeQuery, BookingQuery, IntakeQuery, MakeUpQuery, WaitlistQuery, ViewerQuery);

/// Everything that can be changed.
#[derive(MergedObject, Default)]
pub struct Mutation(
    PracticeMutation,
    OfferMutation,
    HouseMutation,
    ProfileMutation,
    BookingMutation,
    ClientMutation,
    IntakeMutation,
    MoneyMutation,
    PurchaseMutation,
    TermsMutation,
    PaymentMutation,
    SeriesMutation,
    AbsenceMutation,
    MakeUpMutation,
    accounts::graphql::AccountMutation,
    InquiryMutation,
    ReminderMutation,
    WaitlistMutation,
    RequestMutation,
);

/// Everything that can be listened to.
#[derive(MergedSubscription, Default)]
pub struct Subscription(BookingSubscription, ClientSubscription);

/// Your care at this practice.
#[derive(MergedObject)]
#[graphql(name = "OwnCare")]
pub struct Care(OwnCare, OwnMoney, SeriesOfCare);

/// The therapist's own calendar, hours, clients and their money.
#[derive(MergedObject)]
#[graphql(name = "TherapistDesk")]
pub struct Desk(TherapistDesk, DeskMoney, SeriesOfDesk, TermsOfDesk);

/// The schema as it answers each viewer: not everyone may ask for the schema itself, or is told of its names where one is
/// mistyped.
#[derive(Clone)]
pub struct Schemas {
    for_anyone: Schema,
    for_staff: Schema,
}

impl Schemas {
    /// The schema for whoever asks.
    pub fn answering(&self, viewer: Option<Person>) -> &Schema {
        if at_work(viewer).is_some() { &self.for_staff } else { &self.for_anyone }
    }

    fn alike(schema: Schema) -> Self {
        Schemas { for_anyone: schema.clone(), for_staff: schema }
    }
}

/// The schema around `app`. It tells of itself to everyone in the demo; to staff in production, where the operator wants
/// it.
pub fn build(app: Arc<App>) -> Schemas {
    let telling = || builder().data(app.clone()).finish();
    let silent = || builder().data(app.clone()).disable_introspection().disable_suggestions().finish();
    match (app.mode, app.config.introspection) {
        (Mode::Demo, _) => Schemas::alike(telling()),
        (Mode::Production, false) => Schemas::alike(silent()),
        (Mode::Production, true) => Schemas { for_anyone: silent(), for_staff: telling() },
    }
}

/// The schema as text, which `schema.graphql` holds.
pub fn sdl() -> String {
    builder().finish().sdl_with_options(async_graphql::SDLExportOptions::new().sorted_fields().sorted_arguments())
}

fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    // The guard tells data from the schema, of which tools ask more deeply; this is the outer bound of both.
    Schema::build(Query::default(), Mutation::default(), Subscription::default())
        .limit_depth(guard::MOST_SCHEMA_DEPTH)
        .limit_complexity(guard::MOST_SELECTIONS)
}

/// Everything private begins here.
#[derive(Default)]
struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// What whoever is signed in may see; its fields are absent for everyone else.
    async fn viewer(&self) -> Viewer {
        Viewer
    }
}

/// Whoever is signed in.
pub struct Viewer;

/// Whoever is signed in, by what they are to the practice.
#[Object]
impl Viewer {
    /// The person; absent when nobody is signed in. Staff must have shown their second factor to see anything else.
    async fn user(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        match caller(ctx).viewer {
            Some(viewer) => Ok(Some(User::of(app(ctx), viewer).await?)),
            None => Ok(None),
        }
    }

    /// Your care; absent when you are not a client.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Care>> {
        let Some(viewer) = signed_in(caller(ctx).viewer).filter(|viewer| viewer.role == Role::Client) else {
            return Ok(None);
        };
        let client = clients::of_viewer(app(ctx), viewer.user_id).await?;
        Ok(client.map(|client| Care(OwnCare(client.clone()), OwnMoney(client.clone()), SeriesOfCare(client))))
    }

    /// Your desk; absent when you are not a therapist.
    async fn therapist(&self, ctx: &Context<'_>) -> Result<Option<Desk>> {
        let Some(viewer) = signed_in(caller(ctx).viewer) else { return Ok(None) };
        if !matches!(viewer.role, Role::Therapist | Role::Owner) {
            return Ok(None);
        }
        let therapist = practice::therapist_of_user(app(ctx), viewer.user_id).await?;
        Ok(therapist.map(|therapist| {
            Desk(
                TherapistDesk(therapist.clone()),
                DeskMoney(therapist.clone()),
                SeriesOfDesk(therapist.clone()),
                TermsOfDesk(therapist),
            )
        }))
    }

    /// The practice as those who work in it see it; absent when you do not.
    async fn practice(&self, ctx: &Context<'_>) -> Result<Option<PracticeDesk>> {
        match at_work(caller(ctx).viewer) {
            Some(_) => Ok(Some(PracticeDesk(practice::catalogue(app(ctx)).await?))),
            None => Ok(None),
        }
    }

    /// How you are reminded; absent when you are not a client.
    async fn reminders(&self, ctx: &Context<'_>) -> Result<Option<OwnReminders>> {
        match own_client(ctx).await? {
            Some(client) => Ok(Some(OwnReminders::of(ctx, client).await?)),
            None => Ok(None),
        }
    }

    /// Reminders of your sessions, and the rules of the practice; absent when you are not a therapist.
    async fn reminder_desk(&self, ctx: &Context<'_>) -> Result<Option<ReminderDesk>> {
        Ok(own_desk(ctx).await?.map(ReminderDesk))
    }

    /// What you wait for and what is kept for you; absent when you are not a client.
    async fn waiting(&self, ctx: &Context<'_>) -> Result<Option<OwnWaitlist>> {
        Ok(own_client(ctx).await?.map(OwnWaitlist))
    }

    /// Who waits for your time; absent when you are not a therapist.
    async fn waitlist(&self, ctx: &Context<'_>) -> Result<Option<WaitlistDesk>> {
        Ok(own_desk(ctx).await?.map(WaitlistDesk))
    }

    /// What you have asked for; absent when you are not a client.
    async fn asked(&self, ctx: &Context<'_>) -> Result<Option<Vec<OwnRequest>>> {
        match own_client(ctx).await? {
            Some(client) => Ok(Some(requests::graphql::own_requests(ctx, client).await?)),
            None => Ok(None),
        }
    }

    /// What people ask the practice for; absent when you do not work there. The reading is in the audit trail.
    async fn requests(&self, ctx: &Context<'_>) -> Result<Option<Vec<PracticeRequest>>> {
        match at_work(caller(ctx).viewer) {
            Some(viewer) => Ok(Some(requests::graphql::practice_requests(ctx, viewer).await?)),
            None => Ok(None),
        }
    }
}

/// The client who asks, if it is one.
async fn own_client(ctx: &Context<'_>) -> Result<Option<clients::Client>> {
    let Some(viewer) = signed_in(caller(ctx).viewer).filter(|viewer| viewer.role == Role::Client) else {
        return Ok(None);
    };
    Ok(clients::of_viewer(app(ctx), viewer.user_id).await?)
}

/// The therapist who asks, if it is one.
async fn own_desk(ctx: &Context<'_>) -> Result<Option<practice::Therapist>> {
    let Some(viewer) = signed_in(caller(ctx).viewer) else { return Ok(None) };
    if !matches!(viewer.role, Role::Therapist | Role::Owner) {
        return Ok(None);
    }
    Ok(practice::therapist_of_user(app(ctx), viewer.user_id).await?)
}

/// Whether a message was sent.
#[derive(SimpleObject)]
pub struct SendContactMessagePayload {
    /// Whether it is stored and on its way.
    sent: bool,
    /// Why it was not sent.
    user_errors: Vec<UserError>,
}

/// Messages from visitors.
#[derive(Default)]
struct InquiryMutation;

#[Object]
impl InquiryMutation {
    /// Sends a message to the practice. Anyone may.
    async fn send_contact_message(
        &self,
        ctx: &Context<'_>,
        input: SendContactMessageInput,
    ) -> Result<SendContactMessagePayload> {
        let (sent, user_errors) = answer(inquiries::send(app(ctx), input).await)?;
        Ok(SendContactMessagePayload { sent: sent.is_some(), user_errors })
    }
}
