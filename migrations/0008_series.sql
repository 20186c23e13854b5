-- A standing place: when it comes round, how long it is, what it costs. A change from one session on ends a row and begins
-- another that follows it.
create table series (
    id uuid primary key not null,
    client_id uuid not null references clients (id) on delete cascade,
    therapist_id uuid not null references therapists (id),
    session_type_id uuid not null references session_types (id),
    cadence text not null check (cadence in ('WEEKLY', 'EVERY_TWO_WEEKS', 'EVERY_THREE_WEEKS', 'EVERY_FOUR_WEEKS',
        'MONTHLY_FIRST', 'MONTHLY_SECOND', 'MONTHLY_THIRD', 'MONTHLY_FOURTH', 'MONTHLY_LAST')),
    weekday text not null,
    local_time text not null,
    starts_on text not null,
    ends_on text,
    minutes bigint not null check (minutes between 5 and 480),
    modality text not null check (modality in ('ONLINE', 'PHONE', 'IN_PERSON')),
    -- A price of its own; empty while the price is what it would be without the place.
    price_amount bigint check (price_amount >= 0),
    price_currency text,
    state text not null check (state in ('ACTIVE', 'ENDED')),
    follows_id uuid references series (id),
    -- Counts what its client must be told, and what they were told last.
    sequence bigint not null default 0,
    told_sequence bigint,
    created_at timestamptz not null,
    check ((price_amount is null) = (price_currency is null))
);
create index series_of_client on series (client_id, state);
create index series_of_therapist on series (therapist_id, state);

-- What became of single days. The day is the one the rule names, also when the session is moved.
create table series_exceptions (
    series_id uuid not null references series (id) on delete cascade,
    date text not null,
    kind text not null check (kind in ('SKIPPED', 'MOVED')),
    to_date text,
    to_time text,
    by_whom text not null check (by_whom in ('CLIENT', 'PRACTICE')),
    created_at timestamptz not null,
    primary key (series_id, date),
    check ((kind = 'MOVED') = (to_date is not null and to_time is not null))
);

-- Sessions that found no room. The therapist finds them another time or leaves them out; nothing is left out for her.
create table series_conflicts (
    series_id uuid not null references series (id) on delete cascade,
    date text not null,
    starts_at timestamptz not null,
    -- What was in the way.
    taken_by text not null check (taken_by in ('BOOKING', 'HOLD', 'SERIES', 'TIME_OFF', 'ROOM')),
    created_at timestamptz not null,
    primary key (series_id, date)
);

-- Which place a stretch of kept time belongs to, and to which of its days.
create table series_places (
    occupancy_id uuid primary key not null references occupancy (id) on delete cascade,
    series_id uuid not null references series (id) on delete cascade,
    date text not null,
    unique (series_id, date)
);

-- Who was told that the clocks move a place for them.
create table clock_notices (
    id uuid primary key not null,
    series_id uuid not null references series (id) on delete cascade,
    changes_at timestamptz not null,
    audience text not null check (audience in ('CLIENT', 'THERAPIST')),
    -- The first session at the other time, and what its reader's clock shows instead of what.
    starts_at timestamptz not null,
    time_is text not null,
    time_was text not null,
    told_at timestamptz,
    created_at timestamptz not null,
    unique (series_id, changes_at, audience)
);

-- Public holidays on which a therapist works all the same, so that she is not asked again.
create table holidays_kept (
    therapist_id uuid not null references therapists (id) on delete cascade,
    date text not null,
    created_at timestamptz not null,
    primary key (therapist_id, date)
);
