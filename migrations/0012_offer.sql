-- What is not offered any more stays for its history: since when. Whether a session type was ever public decides if its
-- address may still change; those there are may have been.
alter table session_types add column retired_at timestamptz;
alter table session_types add column was_public boolean not null default true;
alter table rooms add column retired_at timestamptz;
