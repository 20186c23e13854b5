-- Until when a client comes back from a break without another call, as it was when the break began. Breaks that began before
-- this column count a year.
alter table clients add column return_until timestamptz;
