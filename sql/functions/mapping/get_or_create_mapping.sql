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
set jit = off
as $function$
declare
    v_client_item_id constant text := pymap.normalize_client_item_id(p_client_type, p_client_item_id);
    v_item jsonb;
    v_media_item_id bigint;
begin
    perform pymap._check_tenant(p_tenant_id);
    perform pymap._check_client(p_client_id, p_client_type, p_tenant_id);

    select c.media_item_id
    into v_media_item_id
    from pymap.client_items as c
    where c.tenant_id = p_tenant_id
      and c.client_id = p_client_id
      and c.client_item_id = v_client_item_id
      and c.media_type = p_media_type;
    if found then
        return v_media_item_id;
    end if;

    perform pymap._check_client_id('p_client_id', p_client_id);
    perform pymap._check_client_type('p_client_type', p_client_type);
    perform pymap._check_client_item_id('p_client_item_id', p_client_item_id);
    perform pymap._check_media_type('p_media_type', p_media_type);
    perform pymap._check_title('p_title', p_title);
    perform pymap._check_release_year('p_release_year', p_release_year);
    perform pymap._check_data('p_data', p_data);
    v_item := jsonb_build_object(
        'itemId', v_client_item_id, 'type', p_media_type, 'title', p_title, 'year', p_release_year,
        'externalIds', pymap.normalize_external_ids(p_external_ids, p_media_type)
    );
    perform pymap._share_writing(p_tenant_id);

    for v_attempt in 1..100 loop
        begin
            v_media_item_id := pymap._create_mapping(p_client_id, p_client_type, v_item, p_data, p_tenant_id);
            if v_media_item_id is not null then
                return v_media_item_id;
            end if;
            -- Something stored may be it: that is weighed as in a batch.
            perform pymap._fill_listing(jsonb_build_array(v_item || jsonb_build_object('data', p_data)));
            perform pymap._map_listing(p_client_id, p_client_type, p_tenant_id);
            v_media_item_id := (select e.media_item_id from pg_temp.pymap_entries as e);
            perform pymap._empty_listing();
            return v_media_item_id;
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
$comment$Returns the media item of a client item ID. If there is no mapping yet, one is made: with the media item of
the same media type that external IDs, title and year point to, weighed as in a sync; otherwise with a new media item.
Race-free at every isolation level: concurrent callers get the same ID. A media item that has no title or year gets
them.
Parameters: p_client_id, from 1 up; p_client_type, such as 'plex'; p_client_item_id, 1 to 1,024 bytes; p_media_type,
one of pymap.media_types; p_title, may be NULL, at most 1,000 characters; a trailing (1999) is taken as year and
{imdb-tt0133093} as external ID; p_external_ids, [{"source": "imdb", "id": "tt0133093"}], ["imdb://tt0133093"] or
{"imdb": "tt0133093"} in any spelling; p_data, a JSON object of the application's own, used for a new media item only;
p_release_year, 1 to 9999; p_tenant_id.
Returns the media item's ID.
Errors: PM003 if the client is of another type; 22023 for a bad argument; 40001 if REPEATABLE READ or SERIALIZABLE
leaves no other answer: try the transaction again.$comment$;

revoke all on function pymap.get_or_create_mapping(bigint, text, text, text, text, jsonb, jsonb, integer, bigint) from public;
grant execute on function pymap.get_or_create_mapping(bigint, text, text, text, text, jsonb, jsonb, integer, bigint) to pymap_writer;
