"""What a release promises to the next one: the answers that an upgrade must not change.

Columns are named, so that a later version may add some.
"""

from __future__ import annotations

from typing import Any, LiteralString

import psycopg

#: The households in the databases of releases.
TENANTS = (0, 7)

_QUERIES: dict[str, LiteralString] = {
    "clients": "select client_id, client_type, mappings, changed_at from pymap.get_clients(%(tenant)s)",
    "mappings": """
        select c.client_id, l.client_item_id, l.media_type, l.media_item_id,
               pymap.get_media_item_by_client_id_and_type(c.client_id, l.client_item_id, l.media_type, %(tenant)s)
                   as looked_up
        from pymap.get_clients(%(tenant)s) as c,
             pymap.sync_clients_list(c.client_id, p_tenant_id => %(tenant)s) as l
    """,
    "client item IDs": """
        select i.id, c.client_id, c.client_type, c.client_item_id
        from pymap.media_items as i, pymap.get_client_item_ids(i.id, p_tenant_id => %(tenant)s) as c
        where i.tenant_id = %(tenant)s
    """,
    "translations": """
        select t.from_item_id, t.media_type, t.media_item_id, t.to_item_id
        from (
            select array_agg(l.client_item_id) as ids
            from pymap.sync_clients_list(1, p_tenant_id => %(tenant)s) as l
        ) as plex,
        pymap.translate_client_item_ids(1, plex.ids, 2, p_tenant_id => %(tenant)s) as t
    """,
    "external IDs": """
        select e.source, e.id, found.media_item_id
        from (
            select distinct x.element ->> 'source' as source, x.element ->> 'id' as id
            from pymap.media_items as i, jsonb_array_elements(i.external_ids) as x (element)
            where i.tenant_id = %(tenant)s
        ) as e,
        pymap.get_media_items_by_external_id(e.source, e.id, p_tenant_id => %(tenant)s) as found (media_item_id)
    """,
    "media items": """
        select m.media_item_id, m.media_type, m.title, m.release_year, m.parent_id, m.parent_number, m.number,
               m.external_ids, m.merged_into, m.created_at, m.updated_at, i.data, i.sync_clients,
               pymap.resolve_media_item(m.media_item_id, %(tenant)s) as resolved
        from pymap.media_items as i,
             pymap.get_media_items(array[i.id], %(tenant)s) as m
        where i.tenant_id = %(tenant)s
    """,
    "told items": """
        select t.media_item_id, t.client_id, t.client_item_id, t.is_told, t.title, t.release_year, t.parent_item_id,
               t.parent_number, t.number, t.external_ids, t.path_key, t.evidence, t.weight, t.comparisons
        from (select array_agg(id) as ids from pymap.media_items where tenant_id = %(tenant)s) as i,
             pymap.get_told_items(i.ids, %(tenant)s) as t
    """,
    "review": """
        select media_item_id, candidate_id, evidence, weight, comparisons, noted_at
        from pymap.get_review_candidates(p_tenant_id => %(tenant)s)
    """,
    "history": """
        select i.id, h.event_id, h.undone_by
        from pymap.media_items as i, pymap.history(i.id, p_tenant_id => %(tenant)s) as h
        where i.tenant_id = %(tenant)s
    """,
    "changes": """
        select event_id, happened_at, actor, kind, client_id, client_item_id, media_type, media_item_before,
               media_item_after, evidence, weight, comparisons, undoes
        from pymap.changes_since(0, 10000, %(tenant)s)
    """,
}


def answers(connection: psycopg.Connection[Any]) -> dict[str, list[dict[str, Any]]]:
    """Ask everything of every tenant; the rows are sorted, but for the feed's, whose order counts."""
    connection.execute("set local time zone 'UTC'")
    return {
        f"{name} of tenant {tenant}": _rows(connection, query, tenant, keeps_order=name == "changes")
        for tenant in TENANTS
        for name, query in _QUERIES.items()
    }


def _rows(
    connection: psycopg.Connection[Any], query: LiteralString, tenant: int, *, keeps_order: bool
) -> list[dict[str, Any]]:
    rows = [row for (row,) in connection.execute(f"select to_jsonb(q) from ({query}) as q", {"tenant": tenant})]
    return rows if keeps_order else sorted(rows, key=repr)
