//! The SQL of what standing places need of the calendar.

use super::super::Booking;
use super::super::standing::Busy;
use crate::db::{Conn, Tx};
use shared::ids::{BookingId, ClientId, SeriesId, TherapistId};
use shared::practice::Modality;
use shared::slots::OccupiedKind;
use shared::time::{Date, Instant, TimeRange};

#[derive(sqlx::FromRow)]
struct BusyRow {
    kind: String,
    starts_at: Instant,
    ends_at: Instant,
}

pub(in super::super) async fn busy(
    conn: &mut Conn,
    therapist: TherapistId,
    client: ClientId,
    within: TimeRange,
    now: Instant,
) -> sqlx::Result<Vec<Busy>> {
    let rows: Vec<BusyRow> = conn
        .query(
            "select kind, starts_at, ends_at from occupancy
             where (therapist_id = $1 or client_id = $2) and ends_at > $3 and starts_at < $4
               and (expires_at is null or expires_at > $5)
             order by starts_at",
        )
        .bind(therapist)
        .bind(client)
        .bind(within.starts_at)
        .bind(within.ends_at)
        .bind(now)
        .all()
        .await?;
    let busy = |row: BusyRow| Busy {
        range: TimeRange { starts_at: row.starts_at, ends_at: row.ends_at },
        kind: match row.kind.as_str() {
            "BOOKING" => OccupiedKind::Booking,
            "HOLD" => OccupiedKind::Hold,
            "SERIES" => OccupiedKind::Series,
            _ => OccupiedKind::TimeOff,
        },
    };
    Ok(rows.into_iter().map(busy).collect())
}

pub(in super::super) async fn of_series(conn: &mut Conn, series: SeriesId, from: Date) -> sqlx::Result<Vec<Booking>> {
    conn.query(booking_columns!("where series_id = $1 and series_date >= $2 order by series_date"))
        .bind(series)
        .bind(from)
        .all()
        .await
}

pub(in super::super) async fn of_many(
    conn: &mut Conn,
    series: &[SeriesId],
    after: Instant,
    from: Date,
) -> sqlx::Result<Vec<Booking>> {
    conn.query(booking_columns!(
        "where (starts_at > $1 or series_date >= $2) and series_id in ($list) order by starts_at"
    ))
    .bind(after)
    .bind(from)
    .bind_list(series.iter().copied())
    .all()
    .await
}

pub(in super::super) async fn ahead_of(
    conn: &mut Conn,
    client: ClientId,
    after: Instant,
) -> sqlx::Result<Vec<Booking>> {
    conn.query(booking_columns!("where client_id = $1 and starts_at > $2 order by starts_at"))
        .bind(client)
        .bind(after)
        .all()
        .await
}

pub(in super::super) async fn set_place(
    tx: &mut Tx,
    id: BookingId,
    place: Option<(SeriesId, Date)>,
) -> sqlx::Result<()> {
    tx.query("update bookings set series_id = $2, series_date = $3 where id = $1")
        .bind(id)
        .bind(place.map(|(series, _)| series))
        .bind(place.map(|(_, date)| date))
        .run()
        .await?;
    Ok(())
}

pub(in super::super) async fn set_modality(tx: &mut Tx, id: BookingId, modality: Modality) -> sqlx::Result<()> {
    tx.query("update bookings set modality = $2 where id = $1").bind(id).bind(modality).run().await?;
    Ok(())
}
