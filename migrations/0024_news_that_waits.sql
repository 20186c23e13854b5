-- When the client is told of where the relationship is, while news of it waits.
alter table clients add column news_at timestamptz;

-- Whether the client knows of a move. It waits for its news to leave; what was undone before that stays silence.
alter table stage_moves add column news text not null default 'KNOWN' check (news in ('KNOWN', 'WAITS', 'SILENCE'));
