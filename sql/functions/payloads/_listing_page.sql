create or replace function pymap._listing_page(p_total jsonb, p_start jsonb, p_count integer, p_first text)
returns jsonb
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_total constant integer := pymap._json_integer(p_total);
    -- Emby does not say where a page starts.
    v_start constant integer := pymap._json_integer(p_start);
begin
    -- Asked not to count, Jellyfin sends the total 0 with its entries.
    if v_total is null or v_total = 0 and p_count > 0 or coalesce(v_start, 0) = 0 and p_count >= v_total then
        return null;
    end if;
    return jsonb_build_object('listing', jsonb_build_object(
        'total', v_total, 'start', v_start, 'count', p_count, 'first', p_first
    ));
end
$function$;

comment on function pymap._listing_page(jsonb, jsonb, integer, text) is
$comment$Private. What a reader appends to the items of an answer that is a part of a listing: {"listing": {"total",
"start", "count", "first"}}. start is null if the server does not report it. NULL if the answer is complete by itself
or reports no total. Parameters: p_total and p_start, the server's fields; p_count, the number of entries in the
answer, usable or not; p_first, the ID of the first of them.$comment$;

revoke all on function pymap._listing_page(jsonb, jsonb, integer, text) from public;
grant execute on function pymap._listing_page(jsonb, jsonb, integer, text) to pymap_reader;
