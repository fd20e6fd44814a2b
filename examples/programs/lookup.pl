# perl lookup.pl 2 008CD489-05DA-A765-5315-FE380D46A313 1      (DBD::Pg; the server from PGHOST, PGDATABASE, …)
use v5.36;
use DBI;

my ($client, $item_id, $to_client) = @ARGV;
my $connection = DBI->connect("dbi:Pg:", undef, undef, {RaiseError => 0, PrintError => 0}) or die DBI->errstr;

my ($media_item) = $connection->selectrow_array(
    "select pymap.get_media_item_by_client_id(?, ?)", undef, $client, $item_id
);
if ($connection->err) {
    die $connection->errstr unless $connection->state eq "PM002";
    say STDERR "$1: $2" if $connection->errstr =~ /^ERROR:\s+(.*)\nDETAIL:\s+(.*)/;
    exit 1;
}
if (!defined $media_item) {
    say STDERR "not mapped";
    exit 1;
}
say "media item $media_item";

my $rows = $connection->selectcol_arrayref(
    "select to_item_id from pymap.translate_client_item_ids(?, ?, ?)", undef, $client, [$item_id], $to_client
) or die $connection->errstr;
say "client $to_client: $_" for @$rows;
