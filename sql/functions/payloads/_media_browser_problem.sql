create or replace function pymap._media_browser_problem(p_entry jsonb)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    return case
        when p_entry ? 'ExtraType' and jsonb_typeof(p_entry -> 'ExtraType') <> 'null' then
            format('The entry is an extra of another one: ExtraType is %s.', left((p_entry -> 'ExtraType')::text, 100))
        -- A season can be virtual and have episodes on disk.
        when p_entry ->> 'LocationType' = 'Virtual' and p_entry ->> 'Type' = 'Episode' then
            'The episode is missing on the server: LocationType is "Virtual".'
    end;
end
$function$;

comment on function pymap._media_browser_problem(jsonb) is
$comment$Private. Why an entry of Emby or Jellyfin that has an ID and a type cannot be an item: it is a trailer or
another extra, or a missing episode. NULL if there is no reason.$comment$;

revoke all on function pymap._media_browser_problem(jsonb) from public;
grant execute on function pymap._media_browser_problem(jsonb) to pymap_reader;
