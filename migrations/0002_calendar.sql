create table weekly_hours (
    id uuid primary key not null,
    therapist_id uuid not null references therapists (id) on delete cascade,
    weekday text not null,
    starts text not null,
    ends text not null,
    session_type_id uuid references session_types (id) on delete cascade,
    modality text
);
create index weekly_hours_of_therapist on weekly_hours (therapist_id);

-- A date whose hours differ from the weekly ones; without rows in date_override_hours it is closed.
create table date_overrides (
    therapist_id uuid not null references therapists (id) on delete cascade,
    date text not null,
    hours jsonb not null,
    primary key (therapist_id, date)
);

create table clients (
    id uuid primary key not null,
    user_id uuid not null unique references users (id),
    therapist_id uuid not null references therapists (id),
    stage text not null,
    stage_since timestamptz not null,
    discovery_completed_at timestamptz,
    -- Which of the practice's price lists they pay by.
    price_class text not null default 'DOMESTIC' check (price_class in ('DOMESTIC', 'INTERNATIONAL')),
    -- 32 bytes sealed with the master key; what is encrypted for this client uses it, so that erasing is destroying it.
    sealed_key bytea not null,
    letter bytea,
    created_at timestamptz not null
);
create index clients_of_therapist on clients (therapist_id, stage);

create table stage_moves (
    id uuid primary key not null,
    client_id uuid not null references clients (id) on delete cascade,
    from_stage text,
    to_stage text not null,
    actor_id uuid references users (id),
    at timestamptz not null
);
create index stage_moves_of_client on stage_moves (client_id, at);

-- client_id is empty while a booking was made with an address that belongs to somebody and has not been proven.
create table bookings (
    id uuid primary key not null,
    reference text not null unique,
    client_id uuid references clients (id),
    therapist_id uuid not null references therapists (id),
    session_type_id uuid not null references session_types (id),
    status text not null
        check (status in ('PENDING_PAYMENT', 'CONFIRMED', 'COMPLETED', 'NO_SHOW', 'CANCELLED', 'EXPIRED')),
    source text not null default 'ONLINE' check (source in ('ONLINE', 'PRACTICE', 'SERIES', 'REQUEST', 'WAITLIST')),
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    local_date text not null,
    local_time text not null,
    time_zone text not null,
    modality text not null,
    price_amount bigint not null,
    price_currency text not null,
    price_source text not null default 'LIST' check (price_source in ('AGREEMENT', 'PACKAGE', 'CLASS', 'LIST')),
    -- What had to be paid before it was confirmed, and until when.
    due_now bigint not null default 0 check (due_now >= 0),
    pay_until timestamptz,
    -- The package a unit of which pays for it.
    purchase_id uuid,
    -- The rules for calling off that were agreed to.
    policy_id uuid references policies (id),
    -- The place in a series, which stays when the session is moved.
    series_id uuid,
    series_date text,
    room_id uuid references rooms (id),
    -- How often the client has moved it.
    reschedules bigint not null default 0,
    guest_name text not null,
    guest_email text not null,
    guest_email_canonical text not null,
    guest_phone text not null,
    guest_time_zone text not null,
    manage_hash bytea not null unique,
    -- Whose guest bookings are counted together; a pseudonym of an address.
    booked_by text,
    calendar_sequence bigint not null default 0,
    told_sequence bigint,
    therapist_told_sequence bigint,
    cancelled_at timestamptz,
    cancelled_by text,
    cancel_reason text,
    -- Whether it was called off when that was not free any more, and whether that was on the house.
    is_late boolean not null default false,
    is_waived boolean not null default false,
    -- When the client said that they will come.
    client_confirmed_at timestamptz,
    created_at timestamptz not null,
    check (ends_at > starts_at)
);
create unique index bookings_of_series on bookings (series_id, series_date) where series_id is not null;
create index bookings_to_complete on bookings (ends_at) where status = 'CONFIRMED';
create index bookings_of_therapist on bookings (therapist_id, starts_at);
create index bookings_of_client on bookings (client_id, starts_at);
create index bookings_of_visitor on bookings (booked_by, starts_at) where booked_by is not null;
create index bookings_of_address on bookings (guest_email_canonical, starts_at);

-- What became of a booking, step by step, for the people it concerns.
create table booking_steps (
    id uuid primary key not null,
    booking_id uuid not null references bookings (id) on delete cascade,
    step text not null,
    by_whom text not null check (by_whom in ('CLIENT', 'PRACTICE', 'SYSTEM')),
    actor_id uuid references users (id),
    at timestamptz not null,
    -- When the session began before it was moved.
    was_at timestamptz,
    note text
);
create index booking_steps_of_booking on booking_steps (booking_id, at);

-- Every stretch of time that is taken. The guard (migration 3) refuses two live rows of one therapist, room or client
-- that overlap; starts_at and ends_at are the blocked range, with the buffers inside. A row with an override_reason is one
-- that staff let overlap on purpose: the guard leaves it aside, the trail has it.
create table occupancy (
    id uuid primary key not null,
    kind text not null check (kind in ('BOOKING', 'HOLD', 'SERIES', 'TIME_OFF')),
    therapist_id uuid not null references therapists (id),
    room_id uuid references rooms (id),
    client_id uuid references clients (id),
    booking_id uuid unique references bookings (id),
    session_type_id uuid references session_types (id),
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    session_starts_at timestamptz not null,
    session_ends_at timestamptz not null,
    hold_hash bytea unique,
    held_by text,
    expires_at timestamptz,
    note text,
    override_reason text,
    created_at timestamptz not null,
    check (ends_at > starts_at)
);
create index occupancy_of_therapist on occupancy (therapist_id, starts_at, ends_at);
create index occupancy_of_room on occupancy (room_id, starts_at) where room_id is not null;
create index occupancy_of_client on occupancy (client_id, starts_at) where client_id is not null;
create index occupancy_expiring on occupancy (expires_at) where expires_at is not null;

create table idempotency_keys (
    scope text not null,
    key text not null,
    fingerprint bytea not null,
    answer jsonb not null,
    created_at timestamptz not null,
    primary key (scope, key)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);
