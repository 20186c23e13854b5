-- The moments at which a mailbox was sent mails lately, in microseconds since 1970. `full_at` is when none of them counts
-- any more.
alter table mail_budgets add column moments jsonb not null default '[]';
