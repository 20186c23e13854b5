create trigger occupancy_overlap_insert before insert on occupancy
when new.override_reason is null
begin
    select raise(abort, 'overlap')
    where exists (
        select 1 from occupancy o
        where o.therapist_id = new.therapist_id and o.starts_at < new.ends_at and o.ends_at > new.starts_at
          and o.override_reason is null
    ) or exists (
        select 1 from occupancy o
        where o.room_id = new.room_id and o.starts_at < new.ends_at and o.ends_at > new.starts_at
          and o.override_reason is null
    ) or exists (
        select 1 from occupancy o
        where o.client_id = new.client_id and o.starts_at < new.ends_at and o.ends_at > new.starts_at
          and o.override_reason is null
    );
end;

create trigger occupancy_overlap_update before update of therapist_id, room_id, client_id, starts_at, ends_at, override_reason on occupancy
when new.override_reason is null
begin
    select raise(abort, 'overlap')
    where exists (
        select 1 from occupancy o
        where o.id <> new.id and o.therapist_id = new.therapist_id and o.starts_at < new.ends_at and o.ends_at > new.starts_at
          and o.override_reason is null
    ) or exists (
        select 1 from occupancy o
        where o.id <> new.id and o.room_id = new.room_id and o.starts_at < new.ends_at and o.ends_at > new.starts_at
          and o.override_reason is null
    ) or exists (
        select 1 from occupancy o
        where o.id <> new.id and o.client_id = new.client_id and o.starts_at < new.ends_at and o.ends_at > new.starts_at
          and o.override_reason is null
    );
end;
