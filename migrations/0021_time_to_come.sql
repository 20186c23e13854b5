-- What overlaps with something ahead ends after it begins: looked for from the end, years that are over are not read.
drop index occupancy_of_therapist;
create index occupancy_of_therapist on occupancy (therapist_id, ends_at, starts_at);
drop index occupancy_of_room;
create index occupancy_of_room on occupancy (room_id, ends_at, starts_at) where room_id is not null;
drop index occupancy_of_client;
create index occupancy_of_client on occupancy (client_id, ends_at, starts_at) where client_id is not null;
