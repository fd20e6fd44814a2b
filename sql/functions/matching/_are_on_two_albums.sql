create or replace function pymap._are_on_two_albums(p_left pymap.description, p_right pymap.description)
returns boolean
language sql
immutable
parallel safe
return coalesce((p_left).parent_id <> (p_right).parent_id, false)
    and (p_left).number is not null
    and (p_left).external_ids ? 'musicbrainz'
    and (p_right).external_ids ? 'musicbrainz';

comment on function pymap._are_on_two_albums(pymap.description, pymap.description) is
'Private. Whether two tracks are on two albums. Their MusicBrainz IDs are those of recordings, and do not say otherwise.';

revoke all on function pymap._are_on_two_albums(pymap.description, pymap.description) from public;
