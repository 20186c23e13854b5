create extension if not exists btree_gist;

alter table occupancy
    add constraint occupancy_no_overlap_of_therapist
        exclude using gist (therapist_id with =, tstzrange(starts_at, ends_at, '[)') with &&)
        where (override_reason is null),
    add constraint occupancy_no_overlap_of_room
        exclude using gist (room_id with =, tstzrange(starts_at, ends_at, '[)') with &&)
        where (room_id is not null and override_reason is null),
    add constraint occupancy_no_overlap_of_client
        exclude using gist (client_id with =, tstzrange(starts_at, ends_at, '[)') with &&)
        where (client_id is not null and override_reason is null);
