create or replace function pymap._is_same_part(p_n bigint, p_other_n bigint)
returns boolean
language sql
stable
as $function$
    select exists (
        select
        from pg_temp.pymap_entries as l
        join pg_temp.pymap_entries as r
            on r.parent_id = l.parent_id
            and r.parent_item_id <> l.parent_item_id
            and r.number = l.number
            and r.parent_number is not distinct from l.parent_number
            and r.title_key = l.title_key
        join pg_temp.pymap_entries as lp on lp.client_item_id = l.parent_item_id and lp.media_item_id = l.parent_id
        join pg_temp.pymap_entries as rp
            on rp.client_item_id = r.parent_item_id
            and rp.media_item_id = r.parent_id
            -- Two halves of a series that a server lists apart have two titles or years.
            and rp.title_key = lp.title_key
            and rp.release_year is not distinct from lp.release_year
        where l.n = p_n and r.n = p_other_n
    )
$function$;

comment on function pymap._is_same_part(bigint, bigint) is
'Private. Whether two entries of a listing have the same numbers and title below two entries of one title and year that '
'are one media item: a server that has a series in two libraries lists each season and episode twice.';

revoke all on function pymap._is_same_part(bigint, bigint) from public;
