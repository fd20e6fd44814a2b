"""Re-apply every function of sql/functions in one transaction (yoyo runs this after it applied something)."""

from pathlib import Path

from yoyo import step

FUNCTIONS = Path(__file__).resolve().parent.parent / "functions"


def apply_functions(connection):
    with connection.cursor() as cursor:
        # Two sessions that replace the same function at once fail with "tuple concurrently updated".
        cursor.execute("select pg_advisory_xact_lock(hashtextextended('pymap.functions', 0))")
        # Bodies may name functions of files that come later.
        cursor.execute("set local check_function_bodies = off")
        # Nothing that somebody has put into another schema may get into them; yoyo finds its tables by the default.
        cursor.execute("set local search_path = pg_catalog, pg_temp")
        for file in sorted(FUNCTIONS.rglob("*.sql")):
            cursor.execute(file.read_text(encoding="utf-8"))
        cursor.execute("set local search_path to default")


step(apply_functions)
