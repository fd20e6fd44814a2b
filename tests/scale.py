"""How much is tried by the tests that try what is generated: SCALE times what `make test` tries."""

import os

import pytest

SCALE = int(os.environ.get("PYMAP_TEST_SCALE", "1"))

#: Marks a test that finds more the longer it is let; `make test-long` runs these.
searches = pytest.mark.searches
