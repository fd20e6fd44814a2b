import json, time
import psycopg, pytest
from tests.py.test_growth import batch, fresh

def test_plan(fresh):
    def look_up(f=None):
        for i, q in enumerate(["select * from pymap.get_media_items_by_client_ids(1, '{1,2}')","select * from pymap.translate_client_item_ids(1, '{1,2}', 2)","select * from pymap.get_media_items_by_external_id('imdb', '1')","select pymap.get_or_create_mapping(3, 'plex', 'x', 'movie', null, '{}', '{\"imdb\": 1}')","select pymap.unlink_client_item(3, 'x')"]):
            fresh.execute(q)
            if f: f(i)
    for _ in range(10): look_up()
    batch(fresh, 1, [{"imdb": n + 1} for n in range(5000)])
    def show(i):
        print(i, fresh.execute("select relname, seq_scan, seq_tup_read, idx_scan from pg_stat_xact_user_tables where schemaname='pymap' and seq_tup_read>0").fetchall())
    with fresh.transaction():
        look_up(show)
    assert 0

def test_chain_overlap(fresh):
    fresh.execute("set statement_timeout='100s'")
    for count in (250, 500,1000, 2000):
        items = [{"itemId": str(n), "type": "movie", "title": "T", "externalIds": {"imdb": [str(n+1+10000*count), str(n+2+10000*count)]}} for n in range(count)]
        t=time.time()
        try:
            print(count, fresh.execute("select count(distinct media_item_id) from pymap.get_or_create_mappings(%s, 'plex', %s)", [count, json.dumps(items)]).fetchall(), time.time()-t)
        except Exception as e:
            print(count, e, time.time()-t); break
    assert 0

SRC=["imdb","tmdb","tvdb","tvmaze","tvrage","trakt","anidb","anilist","mal","kitsu"]
def test_chain_sources(fresh):
    chain=[]
    for a,b in zip(SRC,SRC[1:]):
        chain += [{a:"7"}]*18 + [{a:"7", b:"7"}]
    t=time.time()
    print(len(chain), batch(fresh, 5, chain), time.time()-t)
    print(fresh.execute("select media_item_id, count(*), array_agg(distinct external_ids::text), min(client_item_id::int), max(client_item_id::int) from pymap.client_items group by 1").fetchall())
    t=time.time()
    print(batch(fresh, 6, [{a:"9",b:"9"} for a,b in zip(SRC,SRC[1:])]), time.time()-t)
    assert 0
