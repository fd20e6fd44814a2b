drop trigger if exists media_items_6_forget_on_delete on pymap.media_items;
drop table if exists pymap.review_candidates;
drop index if exists pymap.media_items_title_idx;
drop function if exists pymap._title_key(text);
delete from pymap.media_items where merged_into is not null;
alter table pymap.media_items
drop column if exists parent_id,
drop column if exists parent_number,
drop column if exists number,
drop column if exists merged_into;
