-- The function itself stands in the migration that makes an index of it; here its grants are put right again.
revoke all on function pymap._title_key(text) from public;
grant execute on function pymap._title_key(text) to pymap_reader, pymap_writer;
