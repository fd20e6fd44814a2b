create or replace function pymap._mapping_conflict(
    p_tenant_id bigint,
    p_client_id bigint,
    p_client_item_id text,
    p_media_type text,
    p_media_item_id bigint
)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_is_ours boolean := exists (
        select
        from pymap.client_items as m
        where m.tenant_id = p_tenant_id
          and m.client_id = p_client_id
          and m.client_item_id = p_client_item_id
          and m.media_type = p_media_type
          and m.media_item_id = p_media_item_id
    );
    v_holder record;
begin
    select m.media_item_id, i.title
    into v_holder
    from pymap.client_items as m
    left join pymap.media_items as i on i.tenant_id = m.tenant_id and i.id = m.media_item_id
    where m.tenant_id = p_tenant_id
      and m.client_id = p_client_id
      and m.client_item_id = p_client_item_id
      and m.media_type = p_media_type
      and m.media_item_id <> p_media_item_id;

    -- Nobody's, or, by a snapshot that is older than what another session has done, two media items'.
    if found = v_is_ours then
        raise exception 'the mapping of client item ID % of client % changed meanwhile',
            quote_literal(p_client_item_id), p_client_id
            using errcode = 'serialization_failure',
                  hint = 'Try the transaction again.';
    elsif found then
        raise exception '% % of client % is already mapped to media item %',
            p_media_type, quote_literal(p_client_item_id), p_client_id, v_holder.media_item_id
            using errcode = 'PM001',
                  detail = format(
                      'It stands for media item %s (%s) and cannot stand for media item %s as well.',
                      v_holder.media_item_id, coalesce(quote_literal(v_holder.title), 'no title'), p_media_item_id
                  ),
                  hint = 'Unlink it there first.';
    end if;
end
$function$;

comment on function pymap._mapping_conflict(bigint, bigint, text, text, bigint) is
'Private. Raises PM001 if the mapping belongs to another media item, 40001 if another session has just taken it away '
'from one. Otherwise does nothing.';

revoke all on function pymap._mapping_conflict(bigint, bigint, text, text, bigint) from public;
