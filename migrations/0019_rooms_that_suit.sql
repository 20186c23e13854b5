-- Which rooms suit a session type, as a list of their ids; an empty list says that any does.
alter table session_types add column rooms jsonb not null default '[]';
