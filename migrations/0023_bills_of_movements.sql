-- Which movement of the ledger an invoice charges, or a credit note takes back: each has one bill at most, and a session
-- that was charged, taken back and charged again has three.
alter table invoices add column movement_id uuid;

update invoices set movement_id = (
    select e.movement_id from ledger_entries e
    where e.booking_id = invoices.booking_id and e.account = 'CLIENT' and e.kind in ('CHARGE', 'FEE') and e.amount > 0
    order by e.at, e.movement_id limit 1
) where kind = 'INVOICE' and booking_id is not null;

update invoices set movement_id = (
    select e.movement_id from ledger_entries e
    where e.purchase_id = invoices.purchase_id and e.account = 'CLIENT' and e.kind = 'PACKAGE_SALE' and e.amount > 0
    order by e.at, e.movement_id limit 1
) where kind = 'INVOICE' and purchase_id is not null;

drop index invoices_of_booking;
drop index invoices_of_purchase;
create unique index invoices_of_movement on invoices (movement_id) where movement_id is not null;
create index invoices_about_booking on invoices (booking_id) where booking_id is not null;
create index invoices_about_purchase on invoices (purchase_id) where purchase_id is not null;
