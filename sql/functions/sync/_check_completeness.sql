create or replace function pymap._check_completeness(p_client_id bigint)
returns void
language plpgsql
as $function$
declare
    v_handed_over bigint;
    v_total bigint;
begin
    -- Pages of one listing tell one total; a page that starts at 0 begins a listing. The same page twice counts once.
    select sum(p.count), coalesce(sum(p.total) filter (where p.start = 0), max(p.total))
    into v_handed_over, v_total
    from (
        select distinct l.item -> 'listing' as page, (l.item #>> '{listing,total}')::bigint as total,
               (l.item #>> '{listing,start}')::bigint as start, (l.item #>> '{listing,count}')::bigint as count
        from pg_temp.pymap_listing as l
        where l.item #> '{listing,total}' is not null
    ) as p;
    if v_handed_over < v_total then
        raise exception 'the listing of client % is incomplete', p_client_id
            using errcode = 'PM004',
                  detail = format(
                      'The server says that it has %s entries; %s of them were handed over. Nothing was written.',
                      v_total, v_handed_over
                  ),
                  hint = 'Hand over all pages in one call. p_allow_removals => true syncs what is there and removes the rest.';
    end if;
end
$function$;

comment on function pymap._check_completeness(bigint) is
'Private. Raises PM004 if the pages of pg_temp.pymap_listing together are fewer entries than their server says it has.';

revoke all on function pymap._check_completeness(bigint) from public;
