//! The SQL of packages and what is left of them.

use super::super::packages::Package;
use super::super::purchases::Purchase;
use crate::db::{Conn, Tx};
use shared::ids::{ClientId, PackageId, PurchaseId, SessionTypeId};
use shared::time::Instant;

pub(in super::super) async fn packages(conn: &mut Conn) -> sqlx::Result<Vec<Package>> {
    conn.query(
        "select id, session_type_id, name, units, valid_days, price_amount, price_currency, visible
         from packages order by position, name",
    )
    .all()
    .await
}

pub(in super::super) async fn insert_package(tx: &mut Tx, package: &Package, position: i64) -> sqlx::Result<()> {
    tx.query(
        "insert into packages (id, session_type_id, name, units, valid_days, price_amount, price_currency, visible, position)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(package.id)
    .bind(package.session_type_id)
    .bind(package.name.clone())
    .bind(package.units)
    .bind(package.valid_days)
    .bind(package.price_amount)
    .bind(package.price_currency)
    .bind(package.visible)
    .bind(position)
    .run()
    .await?;
    Ok(())
}

pub(in super::super) async fn next_position(conn: &mut Conn) -> sqlx::Result<i64> {
    conn.query("select coalesce(max(position), -1) + 1 from packages").value().await
}

pub(in super::super) async fn set_on_sale(tx: &mut Tx, id: PackageId, is_on_sale: bool) -> sqlx::Result<u64> {
    tx.query("update packages set visible = $2 where id = $1").bind(id).bind(is_on_sale).run().await
}

macro_rules! purchase_columns { ($rest:literal) => {
    concat!(
        "select p.id, p.client_id, p.package_id, k.name, p.session_type_id, p.units, p.units_left, p.units_taken_back,
                p.price_amount, p.price_currency, p.bought_at, p.expires_at
         from package_purchases p join packages k on k.id = p.package_id ", $rest)
} }

pub(in super::super) async fn purchases(conn: &mut Conn, client: ClientId) -> sqlx::Result<Vec<Purchase>> {
    conn.query(purchase_columns!("where p.client_id = $1 order by p.bought_at desc, p.id")).bind(client).all().await
}

pub(in super::super) async fn purchase(conn: &mut Conn, id: PurchaseId) -> sqlx::Result<Option<Purchase>> {
    conn.query(purchase_columns!("where p.id = $1")).bind(id).optional().await
}

pub(in super::super) async fn purchase_with_unit(
    conn: &mut Conn,
    client: ClientId,
    session_type: SessionTypeId,
    at: Instant,
) -> sqlx::Result<Option<Purchase>> {
    conn.query(purchase_columns!(
        "where p.client_id = $1 and p.session_type_id = $2 and p.units_left > 0 and p.bought_at <= $3
           and p.expires_at > $3
         order by p.expires_at, p.id limit 1"
    ))
    .bind(client)
    .bind(session_type)
    .bind(at)
    .optional()
    .await
}

pub(in super::super) async fn insert_purchase(tx: &mut Tx, row: &Purchase) -> sqlx::Result<()> {
    tx.query(
        "insert into package_purchases (id, client_id, package_id, session_type_id, units, units_left, price_amount,
             price_currency, bought_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(row.id)
    .bind(row.client_id)
    .bind(row.package_id)
    .bind(row.session_type_id)
    .bind(row.units)
    .bind(row.units_left)
    .bind(row.price_amount)
    .bind(row.price_currency)
    .bind(row.bought_at)
    .bind(row.expires_at)
    .run()
    .await?;
    Ok(())
}

pub(in super::super) async fn take_unit(tx: &mut Tx, id: PurchaseId) -> sqlx::Result<u64> {
    tx.query("update package_purchases set units_left = units_left - 1 where id = $1 and units_left > 0")
        .bind(id)
        .run()
        .await
}

pub(in super::super) async fn give_unit_back(tx: &mut Tx, id: PurchaseId) -> sqlx::Result<()> {
    tx.query("update package_purchases set units_left = units_left + 1 where id = $1").bind(id).run().await?;
    Ok(())
}

/// Takes every unit off a package that nobody has used; says how many there were, or nothing if somebody was faster.
pub(in super::super) async fn take_units_back(
    tx: &mut Tx,
    id: PurchaseId,
    count: i64,
    at: Instant,
) -> sqlx::Result<u64> {
    tx.query(
        "update package_purchases set units_left = 0, units_taken_back = units_taken_back + $2,
             expires_at = case when expires_at > $3 then $3 else expires_at end
         where id = $1 and units_left = $2 and $2 > 0",
    )
    .bind(id)
    .bind(count)
    .bind(at)
    .run()
    .await
}
