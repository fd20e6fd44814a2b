-- The weights are logarithms (base 2, roughly) of how much likelier an outcome is between two descriptions of one thing than
-- of two. They were calibrated together: docs/matching.md has the figures.
do $weights$
declare
    v_weights constant jsonb := (select jsonb_agg(to_jsonb(w)) from (values
    ('external_id', 'agrees', 12, 'Providers give an ID to one thing; a server rarely has the wrong one.'),
    ('external_id', 'overlaps', 6, 'Only some of several values agree: artists who collaborate, or a split entry.'),
    ('external_id', 'differs', -6, 'Two things, or one wrong ID among several.'),
    ('unknown_source', 'agrees', 2, 'pymap does not know what such an ID identifies. It never contradicts.'),
    ('file', 'agrees', 10, 'Two servers read one disk. Only a path that is unique in both listings counts.'),
    ('title', 'agrees', 6, 'Remakes and common words share titles.'),
    ('title', 'spelled alike', 7, 'If two candidates differ only in accents or punctuation, the one with the same spelling is likelier. Capital letters make no difference.'),
    ('title', 'unique', 13, 'Among the parts of one series or album, a title is nearly as good as an ID.'),
    ('title', 'differs', -3, 'Translations, cut titles.'),
    ('year', 'agrees', 3, 'One film in forty has the same year.'),
    ('year', 'one off', 1, 'First shown abroad, or at a festival.'),
    ('year', 'one unknown', -1, 'A server that gives years mostly gives them for all films. A title alone must not reach the threshold.'),
    ('year', 'both unknown', 2, 'Artists have no year. Other things without a year mostly have none on any server.'),
    ('year', 'differs', -6, 'A remake. An item ID that now stands for another film of the same title must not keep its mapping.'),
    ('place', 'same place', 10, 'The same numbers below the same parent. Providers sometimes count differently.'),
    ('place', 'same parent', 4, 'The same parent, and one of the two has no number.'),
    ('place', 'other place', -5, 'Another number, whatever the parents are.'),
    ('place', 'other parent', -5, 'The parents are two different media items. With -4 an album that has got the ID of another one of its title would fit both.'),
    ('mapping', 'agrees', 8, 'The client used this ID for the media item before. Its fields are compared with what the client reported then.'),
    ('mapping', 'linked', 30, 'An application wrote the mapping and the client has not reported the item yet. Only external IDs can outweigh it.'),
    ('decision', 'match', 7, 'From this weight on, the best candidate is matched.'),
    ('decision', 'gap', 1, 'The smallest distance to the second-best candidate.'),
    ('decision', 'review', 3, 'From this weight on, a candidate is listed for review.')
    ) as w (evidence, outcome, weight, reason));
begin
    delete from pymap.match_weights as o
    where not exists (
        select
        from jsonb_to_recordset(v_weights) as w (evidence text, outcome text)
        where w.evidence = o.evidence and w.outcome = o.outcome
    );
    insert into pymap.match_weights as o (evidence, outcome, weight, reason)
    select w.evidence, w.outcome, w.weight, w.reason
    from jsonb_to_recordset(v_weights) as w (evidence text, outcome text, weight integer, reason text)
    on conflict (evidence, outcome) do update set weight = excluded.weight, reason = excluded.reason
    where (o.weight, o.reason) <> (excluded.weight, excluded.reason);
end
$weights$;
