-- A package is paid like a session: by card, by transfer or in cash.
alter table payments add column purchase_id uuid references package_purchases (id);
create index payments_of_purchase on payments (purchase_id) where purchase_id is not null;
create unique index payments_checkout_of_purchase on payments (purchase_id) where method = 'CARD' and status = 'OPEN';

alter table invoices add column purchase_id uuid references package_purchases (id);
create unique index invoices_of_purchase on invoices (purchase_id) where kind = 'INVOICE';

create index ledger_entries_of_purchase on ledger_entries (purchase_id) where purchase_id is not null;

-- How many units were taken back unused.
alter table package_purchases add column units_taken_back bigint not null default 0;

-- Whether what was paid is owed again once it has gone back, and what was let go with it.
alter table refunds add column stays_owed boolean not null default false;
alter table refunds add column waived_amount bigint not null default 0;
