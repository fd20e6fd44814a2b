create or replace function pymap.get_mapping_evidence(
    p_client_id bigint,
    p_media_type text default null,
    p_tenant_id bigint default 0
)
returns table (
    client_item_id text,
    media_type text,
    media_item_id bigint,
    evidence text,
    weight integer,
    comparisons jsonb
)
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform pymap._check_client_id('p_client_id', p_client_id);
    if p_media_type is not null then
        perform pymap._check_media_type('p_media_type', p_media_type);
    end if;

    return query
    select c.client_item_id, c.media_type, c.media_item_id, c.evidence, c.weight, c.comparisons
    from pymap.client_items as c
    where c.tenant_id = p_tenant_id
      and c.client_id = p_client_id
      and (p_media_type is null or c.media_type = p_media_type);
end
$function$;

comment on function pymap.get_mapping_evidence(bigint, text, bigint) is
$comment$Why each mapping of a client was made.
Parameters: p_client_id, from 1 up; p_media_type, NULL for all; p_tenant_id.
Returns rows client_item_id, media_type, media_item_id, in no particular order; evidence, the strongest:
'external_ids', 'file', 'numbers', 'title', or 'merge', 'split', 'undo'; NULL if the mapping came with a new media
item, or if an application wrote it; weight, of all evidence together; comparisons, of each field: {"imdb": 12,
"title": 6}.
Errors: 22023 for a bad argument.$comment$;

revoke all on function pymap.get_mapping_evidence(bigint, text, bigint) from public;
grant execute on function pymap.get_mapping_evidence(bigint, text, bigint) to pymap_reader;
