-- What somebody waits for. The wish itself is read by the matcher alone, so it is kept as one value.
create table waitlist_wishes (
    id uuid primary key not null,
    client_id uuid not null references clients (id) on delete cascade,
    therapist_id uuid not null references therapists (id),
    session_type_id uuid not null references session_types (id),
    wish jsonb not null,
    -- The session that moves when an offer is taken.
    instead_of uuid references bookings (id) on delete cascade,
    -- The therapist's own word; higher goes first.
    priority bigint not null default 0,
    state text not null check (state in ('WAITING', 'PAUSED', 'DONE', 'LEFT', 'OVER')),
    since timestamptz not null,
    ended_at timestamptz
);
create index waitlist_wishes_waiting on waitlist_wishes (therapist_id, since) where state in ('WAITING', 'PAUSED');
create index waitlist_wishes_of_client on waitlist_wishes (client_id, since);

-- A time that was offered. While it is open, a hold in the calendar keeps it.
create table waitlist_offers (
    id uuid primary key not null,
    wish_id uuid not null references waitlist_wishes (id) on delete cascade,
    therapist_id uuid not null references therapists (id),
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    occupancy_id uuid not null,
    state text not null check (state in ('OPEN', 'ACCEPTED', 'DECLINED', 'EXPIRED', 'WITHDRAWN')),
    made_at timestamptz not null,
    until timestamptz not null,
    answered_at timestamptz,
    booking_id uuid references bookings (id)
);
create unique index waitlist_offers_one_each on waitlist_offers (wish_id) where state = 'OPEN';
create unique index waitlist_offers_one_person on waitlist_offers (therapist_id, starts_at) where state = 'OPEN';
create index waitlist_offers_of_wish on waitlist_offers (wish_id, starts_at);
