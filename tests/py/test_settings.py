"""What a session has set changes nothing of what pymap finds: the examples, read and synced under each setting."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest

from pymap.migrations import migrate
from tests.conftest import Server
from tests.py.test_examples import CLIENTS, LISTINGS

Connection = psycopg.Connection[Any]

SETTINGS = [
    "array_nulls=off",
    "backslash_quote=off",
    "bytea_output=escape",
    "check_function_bodies=off",
    "constraint_exclusion=on",
    "cursor_tuple_fraction=1",
    "DateStyle=German,DMY",
    "default_statistics_target=1",
    "default_toast_compression=pglz",
    "enable_bitmapscan=off",
    "enable_hashagg=off",
    "enable_hashjoin=off",
    "enable_indexonlyscan=off",
    "enable_indexscan=off",
    "enable_material=off",
    "enable_memoize=off",
    "enable_mergejoin=off",
    "enable_nestloop=off",
    "enable_seqscan=off",
    "enable_sort=off",
    "escape_string_warning=off",
    "extra_float_digits=-15",
    "from_collapse_limit=1",
    "geqo_threshold=2",
    "hash_mem_multiplier=1",
    "IntervalStyle=iso_8601",
    "jit_above_cost=0",
    "join_collapse_limit=1",
    "lc_monetary=C",
    "lc_numeric=C",
    "lc_time=C",
    "max_parallel_workers_per_gather=0",
    "plan_cache_mode=force_custom_plan",
    "plan_cache_mode=force_generic_plan",
    "plpgsql.extra_errors=all",
    "plpgsql.variable_conflict=use_column",
    "plpgsql.variable_conflict=use_variable",
    "quote_all_identifiers=on",
    "random_page_cost=1000",
    "row_security=off",
    "search_path=pg_temp",
    "standard_conforming_strings=off",
    "temp_buffers=800kB",
    "TimeZone=Pacific/Kiritimati",
    "transform_null_equals=on",
    "work_mem=64kB",
    "xmlbinary=hex",
    "xmloption=document",
]


def found(dsn: str, setting: str | None) -> dict[str, Any]:
    """What is read from the examples, what becomes of it, and what is known of it then."""
    options = f"-c {setting.replace(' ', chr(92) + ' ')}" if setting else ""
    with psycopg.connect(dsn, options=options) as connection:
        connection.execute("alter table pymap.media_items alter column id restart")
        connection.execute("alter table pymap.mapping_events alter column id restart")
        read, became = {}, {}
        for client_id, client in enumerate(CLIENTS, 1):
            pages = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(LISTINGS.glob(f"{client}*.json"))]
            read[client] = [
                item
                for page in pages
                for (items,) in connection.execute(
                    "select pymap.items_from_response(%s, %s)", [client, json.dumps(page)]
                )
                for item in items
            ]
            became[client] = connection.execute(
                "select * from pymap.sync_client_items(%s, %s, %s)", [client_id, client, json.dumps(read[client])]
            ).fetchall()
        known = {
            name: connection.execute(query).fetchall()
            for name, query in {
                "media items": "select id, type, title, release_year, parent_id, number, external_ids, sync_clients "
                "from pymap.media_items order by id",
                "evidence": "select client_id, client_item_id, media_type, evidence, weight, comparisons "
                "from pymap.client_items order by 1, 2, 3",
                "events": "select kind, client_id, client_item_id, media_type, media_item_after "
                "from pymap.mapping_events order by client_id, media_type, client_item_id, id",
                "duplicates": "select * from pymap.find_duplicates()",
                "reviews": "select media_item_id, candidate_id, weight from pymap.get_review_candidates()",
                "one": "select * from pymap.get_media_items_by_external_id('imdb', '0133093')",
                "integrity": "select * from pymap.check_integrity()",
                "normalised": "select pymap.normalize_external_id('tvdb', '1;2, 3|4'), "
                "pymap.normalize_external_id('imdb', 'https://www.imdb.com/title/tt0133093/?ref_=fn')",
            }.items()
        }
        connection.rollback()
    return {"read": read, "became": became, **known}


@pytest.fixture(scope="module")
def usual(shared_dsn: str) -> dict[str, Any]:
    return found(shared_dsn, None)


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_setting_changes_nothing(shared_dsn: str, usual: dict[str, Any], setting: str) -> None:
    unusual = found(shared_dsn, setting)
    for name, rows in usual.items():
        assert unusual[name] == rows, name


def test_a_locale_changes_nothing(server: Server, usual: dict[str, Any]) -> None:
    """In Turkish the small letter of I is not i. Not every build has ICU's locales, every one has C."""
    with server.connect() as connection:
        has_icu = connection.execute("select from pg_collation where collname = 'tr-x-icu'").fetchone() is not None
    for locale in ["locale 'C'", *["locale_provider icu icu_locale 'tr' locale 'C'"] * has_icu]:
        with server.database(locale=locale) as dsn:
            migrate(dsn)
            other = found(dsn, None)
        for name, rows in usual.items():
            assert other[name] == rows, (locale, name)
