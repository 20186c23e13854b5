-- What the last change of a booking can be taken back to, until both sides are told of it.
create table booking_undos (
    booking_id uuid primary key not null references bookings (id) on delete cascade,
    step text not null check (step in ('MOVED', 'CANCELLED')),
    by_whom text not null check (by_whom in ('CLIENT', 'PRACTICE')),
    until timestamptz not null,
    -- The session as it was, for the code that brings it back.
    was jsonb not null
);
create index booking_undos_until on booking_undos (until);
