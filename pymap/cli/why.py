"""pymap why."""

from __future__ import annotations

from typing import Annotated

import psycopg
import typer
from psycopg.rows import scalar_row
from rich.markup import escape
from rich.table import Table

from pymap.cli.common import (
    EXIT_NOT_FOUND,
    AsJson,
    Dsn,
    Tenant,
    connect,
    console,
    fetch,
    id_option,
    print_json,
)
from pymap.helper import ClientMediaItemHelper
from pymap.models import Comparison
