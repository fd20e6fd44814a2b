create or replace function pymap._check_client_item_ids(p_argument text, p_client_item_ids text[])
returns void
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_bad record;
begin
    if p_client_item_ids is null then
        perform pymap._invalid_argument(p_argument, null, 'Give an array of client item IDs.');
    end if;
    select i.position, i.id
    into v_bad
    from unnest(p_client_item_ids) with ordinality as i (id, position)
    where octet_length(i.id) between 1 and 1024 is not true
    order by i.position
    limit 1;
    if found then
        perform pymap._check_client_item_id(format('%s[%s]', p_argument, v_bad.position), v_bad.id);
    end if;
end
$function$;

comment on function pymap._check_client_item_ids(text, text[]) is
'Private. Raises 22023 unless every client item ID of the array has 1 to 1,024 bytes.';

revoke all on function pymap._check_client_item_ids(text, text[]) from public;
grant execute on function pymap._check_client_item_ids(text, text[]) to pymap_reader;
