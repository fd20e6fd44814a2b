create or replace function pymap.compare_media_items(
    p_media_item_id bigint,
    p_other_id bigint,
    p_tenant_id bigint default 0
)
returns table (
    field text,
    media_item_says text,
    other_says text,
    outcome text,
    weight integer,
    contradicting boolean
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_media_item_id bigint;
    v_other_id bigint;
    v_told pymap.description[];
    v_others pymap.description[];
begin
    perform pymap._require_tenant(p_tenant_id);
    v_media_item_id := pymap._live_media_item('p_media_item_id', p_media_item_id, p_tenant_id);
    v_other_id := pymap._live_media_item('p_other_id', p_other_id, p_tenant_id);
    v_told := array(select d.description from pymap._descriptions(v_media_item_id, p_tenant_id) as d);
    v_others := array(select d.description from pymap._descriptions(v_other_id, p_tenant_id) as d);

    return query
    select c.field, pymap._said(v_told, c.field), pymap._said(v_others, c.field), c.agreement::text, c.weight,
           w.contradicts
           and (
               c.evidence = 'external_id' and c.agreement = 'differs' or c.agreement in ('other place', 'other parent')
           )
    from pymap._compare(v_told, v_others) as c
    cross join pymap._weigh(v_told, v_others) as w
    order by c.weight desc, c.field;
end
$function$;

comment on function pymap.compare_media_items(bigint, bigint, bigint) is
$comment$How well two media items agree. Compares every field that is known of both and weighs it as find_duplicates
does; see docs/matching.md.
Parameters: p_media_item_id and p_other_id, also IDs of media items that were merged into another one; p_tenant_id.
Returns rows field ('title', 'year', 'place', 'file', the source of an external ID), media_item_says, other_says,
outcome, weight, the heaviest first; contradicting, true if this external ID or this place shows that they are two and
nothing outweighs it. A comparison without a weight has no row.
Errors: P0002 if one of them does not exist; 22023 for a bad argument.$comment$;

revoke all on function pymap.compare_media_items(bigint, bigint, bigint) from public;
grant execute on function pymap.compare_media_items(bigint, bigint, bigint) to pymap_reader;
