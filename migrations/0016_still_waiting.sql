-- Whoever has waited for long is asked whether they still do.
alter table waitlist_wishes add column confirmed_at timestamptz;
-- When they were asked and have not answered since.
alter table waitlist_wishes add column asked_at timestamptz;
-- What proves whoever has the mail that asked.
alter table waitlist_wishes add column answer_hash bytea;
-- When it was taken off the list because nobody answered.
alter table waitlist_wishes add column lapsed_at timestamptz;
create unique index waitlist_wishes_by_answer on waitlist_wishes (answer_hash) where answer_hash is not null;
