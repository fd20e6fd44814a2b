drop trigger if exists media_items_7_note_events_on_insert on pymap.media_items;
drop trigger if exists media_items_7_note_events_on_update on pymap.media_items;
drop trigger if exists media_items_7_note_events_on_delete on pymap.media_items;
-- With the functions that take its rows.
drop table if exists pymap.mapping_events cascade;
drop table if exists pymap.distinct_pairs;
