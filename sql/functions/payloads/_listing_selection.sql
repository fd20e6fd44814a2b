create or replace function pymap._listing_selection(p_name text)
returns jsonb
language sql
immutable
parallel safe
as $function$
    select case
        when p_name is not null then jsonb_build_object('listing', jsonb_build_object('selection', p_name))
    end
$function$;

comment on function pymap._listing_selection(text) is
$comment$Private. What a reader appends to the items of an answer that always lists a selection, such as a playlist or
a search: {"listing": {"selection": p_name}}. NULL for NULL.$comment$;

revoke all on function pymap._listing_selection(text) from public;
grant execute on function pymap._listing_selection(text) to pymap_reader;
