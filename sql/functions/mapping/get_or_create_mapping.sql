create or replace function pymap.get_or_create_mapping(
    p_client_id bigint,
    p_client_type text,
    p_client_item_id text,
    p_media_type text,
    p_title text,
    p_data jsonb default '{}',
    p_external_ids jsonb default '[]',
    p_release_year integer default null,
    p_tenant_id bigint default 0
)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
set jit = off
as $function$
declare
    v_client_item_id text := pymap.normalize_client_item_id(p_client_type, p_client_item_id);
    v_external_ids jsonb;
    v_media_item_id bigint;
begin
    perform pymap._check_tenant(p_tenant_id);
    perform pymap._check_client(p_client_id, p_client_type, p_tenant_id);

    select m.media_item_id
    into v_media_item_id
    from pymap.mappings as m
    where m.tenant_id = p_tenant_id
      and m.client_id = p_client_id
      and m.client_item_id = v_client_item_id
      and m.media_type = p_media_type;
    if found then
        return v_media_item_id;
    end if;

    perform pymap._check_client_id('p_client_id', p_client_id);
    perform pymap._check_client_type('p_client_type', p_client_type);
    perform pymap._check_client_item_id('p_client_item_id', p_client_item_id);
    perform pymap._check_media_type('p_media_type', p_media_type);
    perform pymap._check_release_year('p_release_year', p_release_year);
    perform pymap._check_data('p_data', p_data);
    v_external_ids := pymap._with_title_ids(pymap.normalize_external_ids(p_external_ids, p_media_type), p_title);

    for v_attempt in 1..100 loop
        begin
            return pymap._create_mapping(
                p_client_id, p_client_type, v_client_item_id, p_media_type,
                pymap._plain_title(p_title), p_data, v_external_ids,
                coalesce(pymap._title_year(p_title), p_release_year), p_tenant_id
            );
        exception
            -- Somebody else was faster: the claims are undone, look again with a fresh snapshot.
            when sqlstate 'PM999' then null;
        end;
    end loop;
    perform pymap._give_up();
    return null;
end
$function$;

comment on function pymap.get_or_create_mapping(bigint, text, text, text, text, jsonb, jsonb, integer, bigint) is
$comment$The media item of a client item ID; where there is no mapping yet, one is made: with the media item of the same
media type that shares an external ID and contradicts none, else with a new media item.
Race-free at every isolation level: concurrent callers get the same ID.
Parameters: p_client_id, from 1 up; p_client_type, such as 'plex'; p_client_item_id, 1 to 1,024 bytes; p_media_type,
one of pymap.media_types; p_title, may be NULL, a trailing (1999) is taken as year and {imdb-tt0133093} as external ID;
p_data, a JSON object of the application's own, used for a new media item only; p_external_ids,
[{"source": "imdb", "id": "tt0133093"}] or {"imdb": "tt0133093"} in any spelling; p_release_year, 1 to 9999;
p_tenant_id. Title and year are given to a media item that has none.
Returns the media item's ID.
Errors: PM003 if the client is of another type; 22023 for a bad argument; 40001 where REPEATABLE READ or SERIALIZABLE
leave no other answer: try the transaction again.$comment$;

revoke all on function pymap.get_or_create_mapping(bigint, text, text, text, text, jsonb, jsonb, integer, bigint) from public;
grant execute on function pymap.get_or_create_mapping(bigint, text, text, text, text, jsonb, jsonb, integer, bigint) to pymap_writer;
