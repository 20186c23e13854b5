-- Somebody asks for a session the calendar does not offer; the practice finds a therapist and a time.
create table booking_requests (
    id uuid primary key not null,
    -- Empty for somebody without an account.
    client_id uuid references clients (id) on delete cascade,
    session_type_id uuid not null references session_types (id),
    wanted_therapist_id uuid references therapists (id),
    name text not null,
    email text not null,
    email_canonical text not null,
    phone text not null,
    time_zone text not null,
    weekdays jsonb not null,
    bands jsonb not null,
    -- What else there is to know, encrypted.
    note bytea,
    -- Whose requests are counted together; a pseudonym of an address.
    asked_by text,
    status text not null
        check (status in ('PENDING', 'MATCHED', 'ACCEPTED', 'CONFIRMED', 'COMPLETED', 'CANCELLED')),
    -- What the practice proposes.
    therapist_id uuid references therapists (id),
    starts_at timestamptz,
    booking_id uuid unique references bookings (id),
    -- What whoever asked was last told: the status their last mail was about.
    told text,
    created_at timestamptz not null,
    changed_at timestamptz not null
);
create index booking_requests_open on booking_requests (status, created_at);
create index booking_requests_of_client on booking_requests (client_id, created_at) where client_id is not null;
create index booking_requests_of_asker on booking_requests (asked_by, created_at) where asked_by is not null;
