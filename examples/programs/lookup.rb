# ruby lookup.rb 2 008CD489-05DA-A765-5315-FE380D46A313 1      (gem pg)
require "pg"

client, item_id, to_client = ARGV
connection = PG.connect(ENV.fetch("PYMAP_DSN"))
begin
  media_item = connection.exec_params("select pymap.get_media_item_by_client_id($1, $2)", [client, item_id]).getvalue(0, 0)
rescue PG::Error => error
  raise unless error.result&.error_field(PG::Result::PG_DIAG_SQLSTATE) == "PM002"
  message, detail = [PG::Result::PG_DIAG_MESSAGE_PRIMARY, PG::Result::PG_DIAG_MESSAGE_DETAIL].map { error.result.error_field(_1) }
  abort "#{message}: #{detail}"
end
abort "not mapped" unless media_item
puts "media item #{media_item}"

item_ids = PG::TextEncoder::Array.new.encode([item_id])
rows = connection.exec_params("select to_item_id from pymap.translate_client_item_ids($1, $2, $3)", [client, item_ids, to_client])
rows.each { |row| puts "client #{to_client}: #{row["to_item_id"]}" }
