"""What holds for every function of schema pymap, asked of the catalogue and of the pgTAP tests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import class_row

import pymap
from pymap.migrations import sql_directory
from tests.conftest import PGTAP_RUN, Server

DOCS = Path(__file__).resolve().parents[2] / "docs"
PGTAP_TESTS = sorted((Path(__file__).resolve().parents[1] / "sql").glob("test_*.sql"))

# Where one of these stands in a body, the function refuses bad arguments.
CHECKS = re.compile(r"pymap\.(_check_(?!media_item\b)|_invalid_argument|_payload_error|_stored_client_item_id)")


@dataclass(frozen=True)
class Function:
    name: str
    signature: str
    body: str
    is_bound_early: bool
    language: str
    parameters: list[str]
    comment: str | None
    is_trigger: bool
    is_definer: bool
    settings: list[str]
    grantees: list[str]

    @property
    def is_public(self) -> bool:
        return not self.name.startswith("_")

    def is_named_in(self, text: str) -> bool:
        return re.search(rf"\b{self.name}\b", text) is not None


@pytest.fixture(scope="module")
def functions(server: Server, template: str) -> dict[str, Function]:
    """Every function of schema pymap by its name."""
    with psycopg.connect(server.dsn_of(template)) as connection:
        found = (
            connection.cursor(row_factory=class_row(Function))
            .execute("""
            select p.proname as name,
                   p.oid::regprocedure::text as signature,
                   coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) as body,
                   p.prosqlbody is not null as is_bound_early,
                   l.lanname as language,
                   coalesce((
                       select array_agg(a.name order by a.position)
                       from unnest(p.proargnames, p.proargmodes) with ordinality as a (name, mode, position)
                       where coalesce(a.mode, 'i') = 'i'
                   ), '{}') as parameters,
                   obj_description(p.oid, 'pg_proc') as comment,
                   p.prorettype = 'trigger'::regtype as is_trigger,
                   p.prosecdef as is_definer,
                   coalesce(p.proconfig, '{}') as settings,
                   array(
                       select case a.grantee when 0 then 'public' else a.grantee::regrole::text end
                       from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as a
                       where a.grantee <> p.proowner
                       order by 1
                   ) as grantees
            from pg_proc as p
            join pg_language as l on l.oid = p.prolang
            where p.pronamespace = 'pymap'::regnamespace
            order by p.proname
        """)
            .fetchall()
        )
    by_name = {function.name: function for function in found}
    assert len(by_name) == len(found), "a function is overloaded"
    return by_name


@pytest.fixture(scope="module")
def counted(pgtap_connection: psycopg.Connection[Any], pytestconfig: pytest.Config) -> set[str]:
    """The functions that the server saw called while all pgTAP tests ran; those that only raise have a count of 0."""
    for file in set(PGTAP_TESTS) - pytestconfig.stash.get(PGTAP_RUN, set()):
        pgtap_connection.execute(file.read_bytes())
    pgtap_connection.execute("select pg_stat_force_next_flush()")
    rows = pgtap_connection.execute("select funcname from pg_stat_user_functions where schemaname = 'pymap'")
    return {row[0] for row in rows}


@pytest.fixture(scope="module")
def pgtap_text() -> str:
    """All pgTAP tests without their comments."""
    return re.sub(r"--.*", "", "\n".join(file.read_text(encoding="utf-8") for file in PGTAP_TESTS))


def test_every_function_is_run_by_a_pgtap_test(
    functions: dict[str, Function], counted: set[str], pgtap_text: str
) -> None:
    """The server counts no call of a language sql function that it inlined.

    Such a function counts as run if a test or the body of a function that is run names it.
    """
    run = counted & functions.keys()
    uncounted = {name for name, function in functions.items() if function.language == "sql"}
    while True:
        texts = [pgtap_text, *(functions[name].body for name in run)]
        more = {name for name in uncounted - run if any(functions[name].is_named_in(text) for text in texts)}
        if not more:
            break
        run |= more
    assert [name for name, function in functions.items() if name not in run and not function.is_trigger] == []


def test_every_public_function_is_named_in_a_pgtap_test(functions: dict[str, Function], pgtap_text: str) -> None:
    public = [function for function in functions.values() if function.is_public]
    assert len(public) > 20
    assert [function.name for function in public if not function.is_named_in(pgtap_text)] == []


def test_every_comment_of_a_public_function_names_its_parameters(functions: dict[str, Function]) -> None:
    missing = {
        function.signature: [name for name in function.parameters if name not in (function.comment or "")]
        for function in functions.values()
        if function.is_public
    }
    assert {signature: names for signature, names in missing.items() if names} == {}


def test_every_comment_of_a_public_function_that_refuses_bad_arguments_says_so(functions: dict[str, Function]) -> None:
    refusing = [function for function in functions.values() if function.is_public and CHECKS.search(function.body)]
    assert len(refusing) > 15
    assert [function.name for function in refusing if "22023" not in (function.comment or "")] == []


def test_every_private_function_says_that_it_is_private(functions: dict[str, Function]) -> None:
    private = [function for function in functions.values() if not function.is_public]
    start = ("Private. ", "Trigger. ")
    assert [function.name for function in private if not (function.comment or "").startswith(start)] == []


def test_every_function_has_a_file_of_its_own(functions: dict[str, Function]) -> None:
    files = {file.stem for file in (sql_directory() / "functions").rglob("*.sql")}
    assert {name for name, function in functions.items() if not function.is_trigger} == {
        # Triggers, what fills a table, and the policies.
        name
        for name in files
        if not name.startswith("media_items_") and name not in ("match_weights", "tenant_isolation")
    }


def test_functions_call_only_folders_above_theirs_in_the_architecture_page(functions: dict[str, Function]) -> None:
    table = (DOCS / "architecture.md").read_text().split("## Folders")[1].split("Other folders:")[0]
    layers = re.findall(r"^\| (\w+) \|", table, re.MULTILINE)[1:]
    folder = {file.stem: file.parent.name for file in (sql_directory() / "functions").rglob("*.sql")}
    assert set(layers) == set(folder.values())
    calls = [
        (name, called)
        for name, function in functions.items()
        for called in re.findall(r"\bpymap\.(\w+)\s*\(", function.body)
        if name in folder and called in folder
    ]
    assert len(calls) > 500
    assert [call for call in calls if layers.index(folder[call[0]]) < layers.index(folder[call[1]])] == []


def test_no_function_is_for_everybody(functions: dict[str, Function]) -> None:
    assert [function.name for function in functions.values() if "public" in function.grantees] == []


def test_every_public_function_is_granted_to_readers_or_to_writers(functions: dict[str, Function]) -> None:
    granted = {function.name: function.grantees for function in functions.values() if function.is_public}
    assert {name: to for name, to in granted.items() if to not in (["pymap_reader"], ["pymap_writer"])} == {}


def test_no_function_looks_for_names_on_its_callers_search_path(functions: dict[str, Function]) -> None:
    """PL/pgSQL pins the path; SQL is bound when it is made, or inlined into functions that pin it."""
    pinned = "search_path=pg_catalog, pg_temp"
    bound = [function for function in functions.values() if function.is_bound_early]
    assert bound
    assert [
        function.name
        for function in functions.values()
        if pinned not in function.settings
        and not function.is_bound_early
        and (function.language != "sql" or function.is_public or function.is_definer)
    ] == []


def test_the_tenant_is_the_last_parameter_of_every_function_that_has_one(functions: dict[str, Function]) -> None:
    with_tenant = [function for function in functions.values() if "p_tenant_id" in function.parameters]
    public = [function for function in with_tenant if function.is_public]
    assert len(public) > 10
    assert [function.name for function in public if function.parameters[-1] != "p_tenant_id"] == []


def test_the_functions_are_of_the_version_of_the_module(conn: psycopg.Connection[Any]) -> None:
    assert conn.execute("select pymap.version()").fetchone() == (pymap.__version__,)


@pytest.mark.parametrize(
    "table",
    [
        "clients",
        "client_items",
        "external_ids",
        "review_candidates",
        "mapping_events",
        "distinct_pairs",
        "match_weights",
    ],
)
def test_nobody_but_the_triggers_writes_a_private_table(conn: psycopg.Connection[Any], table: str) -> None:
    rights = conn.execute(
        """
        select distinct a.privilege_type
        from pg_class as c, aclexplode(c.relacl) as a
        where c.oid = format('pymap.%%I', %s::text)::regclass and a.grantee <> c.relowner
        """,
        [table],
    ).fetchall()
    assert rights == [("SELECT",)]
