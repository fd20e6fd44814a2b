create or replace function pymap._holders(
    p_source text,
    p_external_id text,
    p_media_type text,
    p_tenant_id bigint
)
returns bigint[]
language plpgsql
stable
as $function$
declare
    v_holders bigint[] := array(
        select x.media_item_id
        from pymap.external_ids as x
        where x.tenant_id = p_tenant_id
          and x.source = p_source
          and x.external_id = p_external_id
          and x.media_type = p_media_type
        limit 21
    );
begin
    if cardinality(v_holders) > 20 then
        return '{}';
    end if;
    return v_holders;
end
$function$;

comment on function pymap._holders(text, text, text, bigint) is
'Private. The media items that an external ID can tell apart: its holders, or none if they are more than twenty, such as '
'the episodes that all carry the ID of their series.';

revoke all on function pymap._holders(text, text, text, bigint) from public;
