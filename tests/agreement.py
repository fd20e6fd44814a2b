"""Do the private lookup tables say exactly what the arrays of media_items say?"""

from __future__ import annotations

from typing import Any

import psycopg

_DISAGREEMENTS = """
with mapped as (
    select i.tenant_id, (c.element ->> 'clientId')::bigint as client_id, c.element ->> 'clientType' as client_type,
           c.element ->> 'itemId' collate "C" as client_item_id, i.type, i.id
    from pymap.media_items as i, jsonb_array_elements(i.sync_clients) as c (element)
),
identified as (
    select i.tenant_id, e.element ->> 'source' collate "C" as source, e.element ->> 'id' collate "C" as external_id,
           i.type, i.id
    from pymap.media_items as i, jsonb_array_elements(i.external_ids) as e (element)
),
array_keys as (
    select tenant_id, client_id, client_item_id, type, id from mapped
),
lookup_keys as (
    select tenant_id, client_id, client_item_id, media_type, media_item_id from pymap.client_items
),
lookup_ids as (
    select tenant_id, source, external_id, media_type, media_item_id from pymap.external_ids
)
select 'mapping without lookup row', to_jsonb(d)
from (select * from array_keys except all select * from lookup_keys) as d
union all
select 'lookup row without mapping', to_jsonb(d)
from (select * from lookup_keys except all select * from array_keys) as d
union all
select 'external ID without lookup row', to_jsonb(d)
from (select * from identified except all select * from lookup_ids) as d
union all
select 'lookup row without external ID', to_jsonb(d)
from (select * from lookup_ids except all select * from identified) as d
union all
select 'mapping of a client that is not registered with its type', to_jsonb(d)
from (
    select tenant_id, client_id, client_type from mapped
    except
    select tenant_id, client_id, client_type from pymap.clients
) as d
"""


def disagreements(connection: psycopg.Connection[Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every row that one side has and the other has not; empty where the tables are right."""
    return connection.execute(_DISAGREEMENTS).fetchall()
