create or replace function pymap._check_losses(
    p_client_id bigint,
    p_max_removed_fraction numeric,
    p_tenant_id bigint
)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_counts text;
begin
    select string_agg(
        format(
            '%s: %s of %s mappings (%s %%)', t.media_type, t.removed, m.mappings,
            trim_scale(round(t.removed * 100.0 / m.mappings, 1))
        ),
        ', ' order by t.media_type
    )
    into v_counts
    from (
        select l.media_type, count(*) as removed
        from pg_temp.pymap_losses as l
        where l.vanished and not l.replaced
        group by l.media_type
    ) as t
    cross join lateral (
        select count(*) as mappings
        from pymap.client_items as o
        where o.tenant_id = p_tenant_id and o.client_id = p_client_id and o.media_type = t.media_type
    ) as m
    -- A share says little of a small library: there it takes more than half.
    where t.removed >= 50 and t.removed > m.mappings * p_max_removed_fraction
       or m.mappings >= 10 and t.removed > m.mappings * greatest(p_max_removed_fraction, 0.5);

    if v_counts is not null then
        raise exception 'the listing of client % would remove too many of its mappings', p_client_id
            using errcode = 'PM004',
                  detail = format(
                      'It would remove %s; at most %s %% may be removed%s. Nothing was written.',
                      v_counts, trim_scale(p_max_removed_fraction * 100),
                      case when p_max_removed_fraction < 0.5 then ', or half if they are fewer than 50' else '' end
                  ),
                  hint = 'Is a disk not mounted, or a page of the listing missing? If the items are really gone, sync '
                         'again with p_allow_removals => true.';
    end if;
end
$function$;

comment on function pymap._check_losses(bigint, numeric, bigint) is
'Private. Raises PM004 if a sync would remove too many mappings of a media type: 50 or more and more than the allowed '
'share, or, of 10 mappings or more, more than half.';

revoke all on function pymap._check_losses(bigint, numeric, bigint) from public;
