-- Money that is awaited or came. What went back, or is about to, is reserved in the row itself, so that two refunds at
-- once can never give back more than came.
create table payments (
    id uuid primary key not null,
    client_id uuid not null references clients (id),
    therapist_id uuid not null references therapists (id),
    booking_id uuid references bookings (id),
    method text not null check (method in ('CARD', 'TRANSFER', 'CASH')),
    status text not null check (status in ('OPEN', 'PAID', 'EXPIRED', 'UNCLEAR')),
    amount bigint not null check (amount > 0),
    currency text not null,
    refunded_amount bigint not null default 0 check (refunded_amount >= 0 and refunded_amount <= amount),
    -- The number people can say of it.
    reference text not null unique,
    -- Of a payment by card: the page it is made on, until when, and the payment itself.
    checkout_id text unique,
    checkout_url text,
    pay_until timestamptz,
    intent_id text unique,
    -- Why a person must look.
    problem text,
    -- What the client or the practice wrote about it, sealed.
    note bytea,
    recorded_by uuid references users (id),
    received_at timestamptz,
    created_at timestamptz not null,
    check (refunded_amount = 0 or status = 'PAID')
);
create index payments_of_client on payments (client_id, created_at);
create index payments_of_therapist on payments (therapist_id, created_at);
create index payments_of_booking on payments (booking_id) where booking_id is not null;
create index payments_awaited on payments (pay_until) where status = 'OPEN';
-- One page at a time for one session: asking twice finds the same.
create unique index payments_checkout_of_booking on payments (booking_id) where method = 'CARD' and status = 'OPEN';

create table refunds (
    id uuid primary key not null,
    payment_id uuid not null references payments (id),
    amount bigint not null check (amount > 0),
    currency text not null,
    status text not null check (status in ('PENDING', 'SUCCEEDED', 'FAILED')),
    cause text not null check (cause in ('POLICY', 'CAME_TOO_LATE', 'PRACTICE', 'ELSEWHERE')),
    reason text,
    asked_by uuid references users (id),
    -- The provider's number for it.
    vendor_id text unique,
    -- Why it did not go through.
    problem text,
    created_at timestamptz not null,
    done_at timestamptz
);
create index refunds_of_payment on refunds (payment_id, created_at);
create index refunds_under_way on refunds (created_at) where status = 'PENDING';

-- What payment providers tell us, each event once. The body is sealed, and forgotten some time after the work is done.
create table webhook_events (
    id uuid primary key not null,
    vendor text not null,
    event_id text not null,
    kind text not null,
    object_id text not null,
    intent_id text,
    body bytea,
    body_hash bytea not null,
    received_at timestamptz not null,
    processed_at timestamptz,
    error text,
    unique (vendor, event_id)
);
create index webhook_events_by_age on webhook_events (received_at);

-- Bills, never changed once they are written. Numbers of a kind have no gaps: whoever writes one holds the counter's row.
create table invoice_counters (
    kind text primary key not null,
    last bigint not null
);

create table invoices (
    id uuid primary key not null,
    kind text not null check (kind in ('INVOICE', 'RECEIPT', 'CREDIT_NOTE')),
    nth bigint not null,
    number text not null unique,
    client_id uuid not null references clients (id),
    booking_id uuid references bookings (id),
    payment_id uuid references payments (id),
    refund_id uuid references refunds (id),
    amount bigint not null check (amount > 0),
    currency text not null,
    content jsonb not null,
    issued_at timestamptz not null,
    unique (kind, nth)
);
create index invoices_of_client on invoices (client_id, issued_at);
create unique index invoices_of_booking on invoices (booking_id) where kind = 'INVOICE';
create unique index invoices_of_payment on invoices (payment_id) where kind = 'RECEIPT';
create unique index invoices_of_refund on invoices (refund_id) where kind = 'CREDIT_NOTE';
