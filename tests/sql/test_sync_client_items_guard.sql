begin;

select plan(39);

create function pg_temp.items(p_from integer, p_to integer, p_prefix text default '', p_media_type text default 'movie') returns jsonb language sql as $$
    select coalesce(jsonb_agg(jsonb_build_object('itemId', p_prefix || n, 'type', p_media_type, 'externalIds', jsonb_build_object('tvmaze', n))), '[]')
    from generate_series(p_from, p_to) as n;
$$;

-- How many mappings a sync of client 1 removes, that has movies 1 to p_mappings; or what it is refused with. Nothing of it is left.
create function pg_temp.removals(p_mappings integer, p_arguments text) returns text language plpgsql as $$
declare
    v_answer text;
    v_detail text;
    v_hint text;
begin
    perform pymap.sync_client_items(1, 'plex', pg_temp.items(1, p_mappings));
    execute format(
        'select format(''%%s removed, %%s rekeyed'', count(*) filter (where action = ''removed''), count(*) filter (where action = ''rekeyed'')) from pymap.sync_client_items(1, ''plex'', %s)', p_arguments
    ) into v_answer;
    raise sqlstate 'UNDO0';
exception
    when sqlstate 'UNDO0' then return v_answer;
    when others then
        get stacked diagnostics v_detail = pg_exception_detail, v_hint = pg_exception_hint;
        return concat_ws('|', sqlstate, v_detail, v_hint);
end
$$;

-- What passes

select is(pg_temp.removals(r.mappings, r.arguments), r.answer, r.description)
from (values
    (9, 'pg_temp.items(1, 0), array[''movie'']', '9 removed, 0 rekeyed', '9 may go even if they are all'),
    (10, 'pg_temp.items(6, 10)', '5 removed, 0 rekeyed', 'Of 10 half may go'),
    (98, 'pg_temp.items(50, 98)', '49 removed, 0 rekeyed', '49 of 98 are half'),
    (99, 'pg_temp.items(50, 99)', '49 removed, 0 rekeyed', 'So may 49 of 99, although they are more than 20 %'),
    (49, 'pg_temp.items(1, 0), array[''movie''], 1', '49 removed, 0 rekeyed', 'With share 1 all, also of fewer than 50'),
    (20, 'pg_temp.items(9, 20), p_max_removed_fraction => 0', '8 removed, 0 rekeyed', 'With share 0 still half of a small library'),
    (20, 'pg_temp.items(16, 20), p_max_removed_fraction => 0.8', '15 removed, 0 rekeyed', 'A larger share holds for a small library too'),
    (10, 'pg_temp.items(1, 0), array[''movie''], p_allow_removals => true', '10 removed, 0 rekeyed', 'With p_allow_removals all of a small one'),
    (10, 'pg_temp.items(1, 10, ''new '')', '0 removed, 10 rekeyed', 'What gets a new ID is not removed in a small one either'),
    (250, 'pg_temp.items(51, 250)', '50 removed, 0 rekeyed', '50 of 250 are 20 %, which may go'),
    (100, 'pg_temp.items(41, 100), p_max_removed_fraction => 0.1', '40 removed, 0 rekeyed', 'Fewer than 50 may go up to half, whatever the share'),
    (120, 'pg_temp.items(61, 120), p_max_removed_fraction => 0.5', '60 removed, 0 rekeyed', 'A larger share, if it is asked for'),
    (120, 'pg_temp.items(50, 120), p_max_removed_fraction => 0', '49 removed, 0 rekeyed', 'With share 0 still 49'),
    (60, 'pg_temp.items(1, 0), array[''movie''], 1', '60 removed, 0 rekeyed', 'With share 1 all'),
    (60, 'pg_temp.items(1, 0), array[''movie''], p_allow_removals => true', '60 removed, 0 rekeyed', 'With p_allow_removals all'),
    (60, 'pg_temp.items(1, 0), array[''movie''], 0, true', '60 removed, 0 rekeyed', 'With p_allow_removals all, whatever the share'),
    (100, 'pg_temp.items(1, 100, ''new '')', '0 removed, 100 rekeyed', 'What gets a new ID is not removed: all may be rekeyed'),
    (100, 'pg_temp.items(1, 51, ''new '')', '49 removed, 51 rekeyed', 'Nor does it count as removed where others go'),
    (100, 'pg_temp.items(1, 0)', '0 removed, 0 rekeyed', 'An empty listing that names no media type covers none'),
    (100, 'pg_temp.items(1, 1, ''s'', ''series'')', '0 removed, 0 rekeyed', 'Mappings of other media types are not asked for')
) as r (mappings, arguments, answer, description);

-- What is refused

select matches(pg_temp.removals(r.mappings, r.arguments), '^PM004\|' || r.detail || '.*\|.*p_allow_removals.*', 'PM004 with counts and HINT: ' || r.description)
from (values
    (249, 'pg_temp.items(51, 249)', '.*movie: 50 of 249 mappings \(20.1 %\).* 20 %', '50 of 249 are more than 20 %'),
    (60, 'pg_temp.items(1, 0), array[''movie'']', '.*movie: 60 of 60 mappings \(100 %\).* 20 %', 'an empty listing'),
    (10, 'pg_temp.items(1, 0), array[''movie'']', '.*movie: 10 of 10 mappings \(100 %\).* half', 'an empty listing of a small library'),
    (10, 'pg_temp.items(7, 10)', '.*movie: 6 of 10 mappings \(60 %\).* half', 'more than half of 10'),
    (49, 'pg_temp.items(26, 49)', '.*movie: 25 of 49 mappings \(51 %\).* half', 'more than half of 49'),
    (20, 'pg_temp.items(17, 20), p_max_removed_fraction => 0.75', '.*movie: 16 of 20 mappings \(80 %\).* 75 %', 'more than a share of one''s own in a small library'),
    (97, 'pg_temp.items(50, 97)', '.*movie: 49 of 97 mappings \(50.5 %\).*', '49 that are more than half'),
    (60, 'jsonb ''[{"error": "x"}]'', array[''movie'']', '.*movie: 60 of 60 mappings.*', 'a listing of unusable entries'),
    (1000, 'pg_temp.items(51, 1000), p_max_removed_fraction => 0', '.*movie: 50 of 1000 mappings \(5 %\).* 0 %', '50 with share 0'),
    (100, 'pg_temp.items(61, 100), p_max_removed_fraction => 0.599', '.*movie: 60 of 100 mappings \(60 %\).* 59.9 %', 'a share of one''s own'),
    (100, 'pg_temp.items(1, 50, ''new '')', '.*movie: 50 of 100 mappings.*', 'half have new IDs, half are gone'),
    (100, 'pg_temp.items(1001, 1100)', '.*movie: 100 of 100 mappings.*', 'as many new films as old ones are gone'),
    (60, 'pg_temp.items(1, 0), array[''movie''], p_dry_run => true', '.*movie: 60 of 60 mappings.*', 'a dry run, too')
) as r (mappings, arguments, detail, description);

do $$
begin
    perform pymap.sync_client_items(1, 'plex', pg_temp.items(1, 60) || pg_temp.items(1, 400, 's', 'series') || pg_temp.items(1, 60, 'p', 'photo'));
    perform pymap.sync_client_items(2, 'plex', pg_temp.items(1, 1000));
    perform pymap.sync_client_items(1, 'plex', pg_temp.items(1, 1000), p_tenant_id => 1);
end
$$;
create temporary table stored_before as
select 'media_items' as name, ctid::text as place, i::text as stored from pymap.media_items as i
union all select 'mappings', ctid::text, m::text from pymap.client_items as m;
select matches(
    helpers.refusal($$select * from pymap.sync_client_items(1, 'plex', pg_temp.items(1, 340, 's', 'series') || pg_temp.items(2001, 2010), array['series', 'photo', 'movie'])$$),
    '^PM004\|.*movie: 60 of 60 mappings \(100 %\), photo: 60 of 60 mappings \(100 %\);.*\|.+',
    'Each media type by itself, and those that are too many are named; what other clients and tenants have counts for nothing'
);
select matches(
    helpers.refusal($$select * from pymap.sync_client_items(1, 'plex', pg_temp.items(1, 1) || pg_temp.items(1, 400, 's', 'series'))$$), '^PM004\|.*movie: 59 of 60 .*',
    'Many mappings of one media type do not make up for another one'
);
select results_eq(
    $$
        select 'media_items', ctid::text, i::text from pymap.media_items as i
        union all select 'mappings', ctid::text, m::text from pymap.client_items as m
        order by 1, 2
    $$,
    'table stored_before order by 1, 2', 'A refused listing writes nothing, its new items neither'
);
select results_eq(
    $$select media_type, count(*) from pymap.sync_client_items(1, 'plex', pg_temp.items(1, 1), p_allow_removals => true) where action = 'removed' group by media_type$$,
    $$values ('movie', 59::bigint)$$, 'The same listing with p_allow_removals'
);
select is((select count(*) from pymap.media_items where tenant_id = 0 and type = 'movie'), 1000::bigint, 'The media items stay');
select is(
    (select count(*) from pymap.sync_clients_list(2)) + (select count(*) from pymap.sync_clients_list(1, null, 1)), 2000::bigint, 'So do the mappings of other clients and tenants'
);

select * from finish();

rollback;
