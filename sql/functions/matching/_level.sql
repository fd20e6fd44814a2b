create or replace function pymap._level(p_media_type text)
returns integer
language sql
immutable
parallel safe
return case
    when p_media_type in ('season', 'album') then 1
    when p_media_type in ('episode', 'track') then 2
    else 0
end;

comment on function pymap._level(text) is
'Private. How deep a media type stands: what an item is part of is of a lower level, and is matched first.';

revoke all on function pymap._level(text) from public;
