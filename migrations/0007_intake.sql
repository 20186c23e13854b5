-- The stage the client knows of, while news of another waits to be mailed.
alter table clients add column untold_from text;

-- An invitation to become a client. Only the hash of its link is kept; the link follows from id and generation.
create table invitations (
    id uuid primary key not null,
    therapist_id uuid not null references therapists (id),
    name text not null,
    email text not null,
    email_canonical text not null,
    price_class text not null check (price_class in ('DOMESTIC', 'INTERNATIONAL')),
    link_hash bytea not null unique,
    generation bigint not null default 0,
    -- How often it was mailed.
    mailed bigint not null default 1,
    invited_by uuid references users (id),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    revoked_at timestamptz,
    client_id uuid references clients (id) on delete set null
);
create unique index invitations_open on invitations (email_canonical) where used_at is null and revoked_at is null;
create index invitations_of_therapist on invitations (therapist_id, created_at);
create index invitations_expiring on invitations (expires_at);

-- One version of a document, as it was published. It is never changed: people have accepted it.
create table document_versions (
    id uuid primary key not null,
    kind text not null check (kind in ('CONSENT', 'PRIVACY', 'FEES', 'COMMUNICATION')),
    version bigint not null check (version > 0),
    title text not null,
    body text not null,
    -- SHA-256 of kind, version, title and body.
    hash bytea not null,
    -- Whether it changes what people agree to, so that everyone is asked again.
    is_material boolean not null,
    published_by uuid references users (id),
    published_at timestamptz not null,
    unique (kind, version)
);

-- What the practice is still writing; one of each kind.
create table document_drafts (
    kind text primary key not null check (kind in ('CONSENT', 'PRIVACY', 'FEES', 'COMMUNICATION')),
    title text not null,
    body text not null,
    saved_by uuid references users (id),
    saved_at timestamptz not null
);

-- Who accepted what: the person, the text by its hash, the moment, and the network it came from.
create table acceptances (
    id uuid primary key not null,
    client_id uuid not null references clients (id) on delete cascade,
    version_id uuid not null references document_versions (id),
    user_id uuid not null references users (id),
    hash bytea not null,
    network text not null,
    accepted_at timestamptz not null,
    unique (client_id, version_id)
);

-- One version of the intake form.
create table intake_forms (
    id uuid primary key not null,
    version bigint not null unique check (version > 0),
    fields jsonb not null,
    saved_by uuid references users (id),
    saved_at timestamptz not null
);

-- What a client answered, under their own key. Before it is sent it follows the newest form.
create table intake_answers (
    client_id uuid primary key not null references clients (id) on delete cascade,
    form_id uuid not null references intake_forms (id),
    answers bytea not null,
    saved_at timestamptz not null,
    sent_at timestamptz
);
