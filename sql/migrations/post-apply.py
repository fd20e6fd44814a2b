"""Re-apply every function of sql/functions in one transaction (yoyo runs this after it applied something)."""

from pathlib import Path

from yoyo import step

SQL = Path(__file__).resolve().parent.parent


def apply_functions(connection):
    with connection.cursor() as cursor:
        # Two sessions that replace the same function at once fail with "tuple concurrently updated".
        cursor.execute("select pg_advisory_xact_lock(hashtextextended('pymap.functions', 0))")
        # Bodies may name functions of files that come later.
        cursor.execute("set local check_function_bodies = off")
        # Nothing that somebody has put into another schema may get into them; yoyo finds its tables by the default.
        cursor.execute("set local search_path = pg_catalog, pg_temp")
        cursor.execute("select to_regnamespace('pymap_citus') is not null")
        is_converted = cursor.fetchone()[0]
        files = sorted((SQL / "functions").rglob("*.sql"))
        if is_converted:
            # The nodes have cells and dispatchers, not these functions.
            cursor.execute("set local citus.enable_ddl_propagation = off")
            files += [SQL / "citus" / "schema.sql", *sorted((SQL / "citus" / "functions").glob("*.sql"))]
        for file in files:
            cursor.execute(file.read_text(encoding="utf-8"))
        if is_converted:
            cursor.execute("select pymap_citus.take_over()")
        cursor.execute("set local search_path to default")


step(apply_functions)
