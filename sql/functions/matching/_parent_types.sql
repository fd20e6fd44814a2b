create or replace function pymap._parent_types(p_media_type text)
returns text[]
language sql
immutable
parallel safe
return case p_media_type
    when 'season' then array['series']
    when 'episode' then array['series', 'season']
    when 'album' then array['artist']
    when 'track' then array['album']
    else '{}'::text[]
end;

comment on function pymap._parent_types(text) is
'Private. The media types that an item of this one can be part of, the likelier first.';

revoke all on function pymap._parent_types(text) from public;
grant execute on function pymap._parent_types(text) to pymap_reader;
