-- What a session type costs clients of a class; what is not here costs the list price.
create table class_prices (
    session_type_id uuid not null references session_types (id) on delete cascade,
    price_class text not null check (price_class in ('DOMESTIC', 'INTERNATIONAL')),
    amount bigint not null check (amount >= 0),
    currency text not null,
    primary key (session_type_id, price_class)
);

-- A price agreed with one client, for one session type or for all; the newest that has begun and has not ended counts.
create table agreements (
    id uuid primary key not null,
    client_id uuid not null references clients (id) on delete cascade,
    session_type_id uuid references session_types (id),
    amount bigint not null check (amount >= 0),
    currency text not null,
    starts_on text not null,
    ends_on text,
    review_on text,
    note bytea,
    made_by uuid references users (id),
    created_at timestamptz not null
);
create index agreements_of_client on agreements (client_id, starts_on);

create table packages (
    id uuid primary key not null,
    session_type_id uuid not null references session_types (id),
    name text not null,
    units bigint not null check (units between 1 and 100),
    valid_days bigint not null check (valid_days between 1 and 1500),
    price_amount bigint not null check (price_amount >= 0),
    price_currency text not null,
    visible boolean not null default true,
    position bigint not null default 0
);

create table package_purchases (
    id uuid primary key not null,
    client_id uuid not null references clients (id) on delete cascade,
    package_id uuid not null references packages (id),
    session_type_id uuid not null references session_types (id),
    units bigint not null,
    -- What is left; the check makes a unit that was used twice impossible.
    units_left bigint not null check (units_left >= 0 and units_left <= units),
    price_amount bigint not null,
    price_currency text not null,
    bought_at timestamptz not null,
    expires_at timestamptz not null
);
create index package_purchases_of_client on package_purchases (client_id, expires_at);

-- Money and package units. A movement has two entries or more, and each unit of it sums to zero.
create table ledger_entries (
    movement_id uuid not null,
    position bigint not null,
    kind text not null,
    account text not null,
    client_id uuid references clients (id),
    booking_id uuid references bookings (id),
    purchase_id uuid references package_purchases (id),
    payment_id uuid,
    amount bigint not null check (amount <> 0),
    unit text not null,
    note text,
    actor_id uuid references users (id),
    at timestamptz not null,
    primary key (movement_id, position)
);
create index ledger_entries_of_client on ledger_entries (client_id, at);
create index ledger_entries_of_booking on ledger_entries (booking_id) where booking_id is not null;

-- What the rules name for calling off late or not coming. The therapist charges it or lets it go.
create table fees (
    id uuid primary key not null,
    booking_id uuid not null unique references bookings (id),
    client_id uuid not null references clients (id),
    kind text not null check (kind in ('LATE_CANCEL', 'NO_SHOW')),
    amount bigint not null check (amount > 0),
    currency text not null,
    state text not null check (state in ('PROPOSED', 'CHARGED', 'WAIVED')),
    reason text,
    decided_by uuid references users (id),
    decided_at timestamptz,
    created_at timestamptz not null
);
create index fees_waiting on fees (state, created_at);
create index fees_of_client on fees (client_id, created_at);
