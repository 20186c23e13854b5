create table users (
    id uuid primary key not null,
    email text not null,
    email_canonical text not null unique,
    name text not null,
    phone text not null default '',
    time_zone text not null,
    role text not null check (role in ('CLIENT', 'THERAPIST', 'ASSISTANT', 'OWNER')),
    email_proven_at timestamptz,
    disabled_at timestamptz,
    totp_secret bytea,
    totp_confirmed_at timestamptz,
    totp_last_step bigint not null default 0,
    created_at timestamptz not null
);

create table recovery_codes (
    user_id uuid not null references users (id) on delete cascade,
    code_hash bytea not null,
    used_at timestamptz,
    primary key (user_id, code_hash)
);

-- A mailed link with its code. Only hashes are kept. There is a row for every address somebody typed, known or not, so
-- that both take the same path and the same time; rows of unknown addresses go with their expiry.
create table sign_in_links (
    id uuid primary key not null,
    email_canonical text not null,
    link_hash bytea not null unique,
    code_hash bytea not null,
    browser_hash bytea not null,
    attempts bigint not null default 0,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index sign_in_links_of_address on sign_in_links (email_canonical, created_at);
create index sign_in_links_of_browser on sign_in_links (browser_hash);
create index sign_in_links_expiring on sign_in_links (expires_at);

-- The one-time link printed on the console of a fresh installation.
create table setup_links (
    link_hash bytea primary key not null,
    created_at timestamptz not null,
    used_at timestamptz
);

-- A signed-in browser. The refresh token of generation n is derived, so that only n is kept.
create table logins (
    id uuid primary key not null,
    user_id uuid not null references users (id) on delete cascade,
    generation bigint not null default 0,
    rotated_at timestamptz not null,
    second_factor boolean not null default false,
    second_factor_attempts bigint not null default 0,
    device text not null default '',
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    ended_because text
);
create index logins_of_user on logins (user_id, created_at);

create table practice (
    id bigint primary key not null check (id = 1),
    name text not null,
    time_zone text not null,
    settings jsonb not null
);

-- One version of the rules for calling off; a version is never changed, because bookings were agreed under it.
create table policies (
    id uuid primary key not null,
    version bigint not null unique,
    rules jsonb not null,
    created_at timestamptz not null
);

create table therapists (
    id uuid primary key not null,
    user_id uuid not null unique references users (id),
    slug text not null unique,
    name text not null,
    title text not null,
    summary text not null,
    about jsonb not null,
    takes_new_clients boolean not null default true,
    position bigint not null default 0
);

create table rooms (
    id uuid primary key not null,
    name text not null,
    position bigint not null default 0
);

create table session_types (
    id uuid primary key not null,
    slug text not null unique,
    name text not null,
    summary text not null,
    description jsonb not null,
    gate text not null check (gate in ('DISCOVERY', 'CLIENTS')),
    modality text not null check (modality in ('ONLINE', 'PHONE', 'IN_PERSON')),
    minutes bigint not null check (minutes between 5 and 480),
    buffer_before bigint not null check (buffer_before >= 0),
    buffer_after bigint not null check (buffer_after >= 0),
    grid_minutes bigint not null check (grid_minutes between 5 and 240),
    notice_minutes bigint not null check (notice_minutes >= 0),
    horizon_days bigint not null check (horizon_days between 1 and 400),
    per_day bigint check (per_day > 0),
    price_amount bigint not null check (price_amount >= 0),
    price_currency text not null,
    -- What is paid before it is confirmed: nothing, a deposit, or all of it.
    prepay text not null default 'NOTHING' check (prepay in ('NOTHING', 'DEPOSIT', 'ALL')),
    deposit_amount bigint not null default 0 check (deposit_amount >= 0),
    visible boolean not null default true,
    position bigint not null default 0
);

create table questions (
    id uuid primary key not null,
    question text not null,
    answer text not null,
    position bigint not null default 0
);

create table contact_messages (
    id uuid primary key not null,
    name text not null,
    email text not null,
    body bytea not null,
    created_at timestamptz not null,
    handled_at timestamptz
);
