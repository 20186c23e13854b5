//! Stories through the public surface, one module a subject, in one binary: linking it once instead of thirty times is
//! what makes a change cheap to test.

mod support;

mod accounts;
mod authz;
mod booking_attacks;
mod booking_doors;
mod booking_pages;
mod bookings;
mod cli;
mod edge;
mod failures;
mod graphql_http;
mod graphql_ws;
mod guard;
mod hours;
mod intake;
mod jobs;
mod journey;
mod laws;
mod mail;
mod outward;
mod pages;
mod payments;
mod processes;
mod races;
mod remembered;
mod reminders;
mod requests;
mod sandbox;
mod series;
mod sessions;
mod settings;
mod statements;
mod still_waiting;
mod waitlist;
mod writes;
mod zones;
