-- Deferred work, stored in the transaction that caused it.
create table jobs (
    id uuid primary key not null,
    job jsonb not null,
    kind text not null,
    dedupe_key text,
    subject uuid,
    state text not null check (state in ('QUEUED', 'RUNNING', 'DONE', 'DEAD', 'CANCELLED')),
    -- When it was first to run, and when it is tried next.
    due_at timestamptz not null,
    run_at timestamptz not null,
    attempts bigint not null default 0,
    lease uuid,
    lease_until timestamptz,
    last_error text,
    created_at timestamptz not null,
    finished_at timestamptz
);
-- Only what waits coalesces: a job that runs may have read what was true before the second cause.
create unique index jobs_waiting_dedupe on jobs (dedupe_key) where dedupe_key is not null and state = 'QUEUED';
create index jobs_due on jobs (run_at) where state = 'QUEUED';
create index jobs_leased on jobs (lease_until) where state = 'RUNNING';
create index jobs_of_subject on jobs (subject) where subject is not null;
create index jobs_finished on jobs (finished_at) where finished_at is not null;

-- Something sealed with the master key, so that another key is known for what it is before anything is sealed with it.
create table key_witness (
    id bigint primary key not null check (id = 1),
    sealed bytea not null
);

create table heartbeats (
    name text primary key not null,
    at timestamptz not null
);

-- Recurring work: who ran it last, so that many processes run it once.
create table recurring_runs (
    name text primary key not null,
    next_at timestamptz not null
);

-- Every staff read and deed about a client. Each row carries the hash of the one before.
create table audit_trail (
    seq bigint primary key not null,
    at timestamptz not null,
    actor_id uuid,
    deed text not null,
    subject_id uuid,
    previous_hash bytea not null,
    hash bytea not null
);

-- The newest row of the trail. Writers take turns by updating it.
create table audit_head (
    id bigint primary key not null check (id = 1),
    seq bigint not null,
    hash bytea not null
);
