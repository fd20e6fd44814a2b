-- psql "$PYMAP_DSN" -v client=2 -v id=008CD489-05DA-A765-5315-FE380D46A313 -v to=1 -f lookup.sql
\set ON_ERROR_STOP on
select pymap.get_media_item_by_client_id(:client, :'id') as media_item_id \gset
\if :{?media_item_id}
    \echo media item :media_item_id
\else
    \echo not mapped
    \quit
\endif

select to_item_id from pymap.translate_client_item_ids(:client, array[:'id'], :to);
