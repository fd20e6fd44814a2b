create or replace function pymap._said(p_descriptions pymap.description[], p_field text)
returns text
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    return (
        select string_agg(distinct s.said, ', ' order by s.said)
        from unnest(p_descriptions) as d
        cross join lateral (
            select case p_field
                when 'title' then d.title
                when 'year' then d.release_year::text
                when 'file' then d.path_key
                when 'place' then concat_ws(' ', 'media item ' || d.parent_id, coalesce(d.parent_number || 'x', '#') || d.number)
            end as said
            union all
            select x.id
            from jsonb_array_elements_text(d.external_ids -> p_field) as x (id)
            where p_field not in ('title', 'year', 'file', 'place')
        ) as s
        where s.said <> ''
    );
end
$function$;

comment on function pymap._said(pymap.description[], text) is
'Private. The values of one field of descriptions, for people to read.';

revoke all on function pymap._said(pymap.description[], text) from public;
grant execute on function pymap._said(pymap.description[], text) to pymap_reader;
