-- Plain SQL without a SET clause: it is inlined into the query that calls it.
create or replace function pymap._weigh(p_left pymap.description[], p_right pymap.description[])
returns table (weight integer, is_strong boolean, contradicts boolean, evidence text, comparisons jsonb)
language sql
stable
parallel safe
as $function$
    select coalesce(sum(c.weight), 0)::integer,
           coalesce(bool_or(c.evidence in ('external_id', 'file') and c.weight > 0), false),
           coalesce(
               -- One wrong ID among several that agree is no contradiction; nor are two parents that are not known to be one.
               bool_or(c.evidence = 'external_id' and c.agreement = 'differs' or c.agreement = 'other parent')
               and coalesce(sum(c.weight) filter (where c.evidence = 'external_id'), 0)
                   < (select w.weight from pymap.match_weights as w where w.evidence = 'external_id' and w.outcome = 'agrees'),
               false
           )
           or coalesce(bool_or(c.agreement = 'other place'), false),
           case
               when bool_or(c.evidence in ('external_id', 'unknown_source') and c.weight > 0) then 'external_ids'
               when bool_or(c.evidence = 'file') then 'file'
               when bool_or(c.agreement = 'same place') then 'numbers'
               else 'title'
           end,
           coalesce(jsonb_object_agg(c.field, c.weight) filter (where c.field is not null), '{}')
    from pymap._compare(p_left, p_right) as c
$function$;

comment on function pymap._weigh(pymap.description[], pymap.description[]) is
'Private. Adds up all comparisons of two things. Returns weight; is_strong, true if an external ID or a file agrees; '
'contradicts, true if external IDs or places show that they are two; evidence, the strongest that agrees; comparisons, '
'the weight of each field.';

revoke all on function pymap._weigh(pymap.description[], pymap.description[]) from public;
grant execute on function pymap._weigh(pymap.description[], pymap.description[]) to pymap_reader;
