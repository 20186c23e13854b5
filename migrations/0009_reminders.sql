-- What a client has said about being written to. Without a row, everything is as the practice does it.
create table reminder_preferences (
    client_id uuid primary key not null references clients (id) on delete cascade,
    preferences jsonb not null,
    -- When they were last asked whether they would like to come again.
    followed_up_at timestamptz,
    changed_at timestamptz not null
);

-- A reminder of one session. Planned ones die and are made anew when the session is moved or called off.
create table reminders (
    id uuid primary key not null,
    booking_id uuid not null references bookings (id) on delete cascade,
    client_id uuid references clients (id) on delete cascade,
    channel text not null check (channel in ('EMAIL', 'SMS')),
    lead_minutes bigint not null,
    -- The start it was planned for: a reminder of another time is never sent.
    starts_at timestamptz not null,
    due_at timestamptz not null,
    state text not null check (state in ('PLANNED', 'SENDING', 'SENT', 'SKIPPED')),
    -- Several sessions of one day are one mail: the reminder that carries this one.
    carrier_id uuid,
    settled_at timestamptz
);
create unique index reminders_planned on reminders (booking_id, channel, lead_minutes) where state = 'PLANNED';
create index reminders_of_booking on reminders (booking_id, due_at);
create index reminders_of_client on reminders (client_id, lead_minutes) where state in ('PLANNED', 'SENDING');
create index reminders_by_time on reminders (due_at);
