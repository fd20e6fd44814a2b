"""Which item IDs of media servers mean the same media item, kept in PostgreSQL."""

__version__ = "0.1.0"
