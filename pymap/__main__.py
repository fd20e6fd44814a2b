"""python -m pymap."""

from pymap.cli import main

main()
