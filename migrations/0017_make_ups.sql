-- Times that are offered in place of a session that was called off; holds in the calendar keep them while it is open.
create table make_up_offers (
    id uuid primary key not null,
    -- The session that was called off.
    booking_id uuid not null unique references bookings (id) on delete cascade,
    client_id uuid not null references clients (id) on delete cascade,
    therapist_id uuid not null references therapists (id),
    state text not null check (state in ('OPEN', 'TAKEN', 'DECLINED', 'EXPIRED')),
    answer_hash bytea not null unique,
    made_at timestamptz not null,
    until timestamptz not null,
    answered_at timestamptz,
    -- The session it became.
    taken_id uuid references bookings (id)
);
create index make_up_offers_of_client on make_up_offers (client_id) where state = 'OPEN';
create index make_up_offers_of_therapist on make_up_offers (therapist_id, made_at);

create table make_up_times (
    offer_id uuid not null references make_up_offers (id) on delete cascade,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    occupancy_id uuid not null,
    primary key (offer_id, starts_at)
);
