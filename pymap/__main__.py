"""python -m pymap."""

from pymap.cli import main

if __name__ == "__main__":
    main()
