"""Which item IDs of media servers mean the same media item, kept in PostgreSQL."""

from pymap.async_helper import AsyncClientMediaItemHelper
from pymap.errors import (
    AmbiguousClientItemId,
    ClientTypeMismatch,
    IdentityConflict,
    InvalidArgument,
    MappingConflict,
    MediaItemNotFound,
    MigrationLocked,
    PymapError,
    RetryTransaction,
    SyncRefused,
    UnknownKeyWarning,
)
from pymap.helper import ClientMediaItemHelper
from pymap.migrations import MigrationStatus, migrate, migration_status
from pymap.models import (
    ClientItem,
    Comparison,
    DuplicatePair,
    Event,
    ExternalIds,
    Finding,
    Item,
    ListedMapping,
    MappedItem,
    MappingEvidence,
    ReviewCandidate,
    Statistic,
    SyncSummary,
    Translation,
)

__version__ = "0.1.0"

__all__ = [
    "AmbiguousClientItemId",
    "AsyncClientMediaItemHelper",
    "ClientItem",
    "ClientMediaItemHelper",
    "ClientTypeMismatch",
    "Comparison",
    "DuplicatePair",
    "Event",
    "ExternalIds",
    "Finding",
    "IdentityConflict",
    "InvalidArgument",
    "Item",
    "ListedMapping",
    "MappedItem",
    "MappingConflict",
    "MappingEvidence",
    "MediaItemNotFound",
    "MigrationLocked",
    "MigrationStatus",
    "PymapError",
    "RetryTransaction",
    "ReviewCandidate",
    "Statistic",
    "SyncRefused",
    "SyncSummary",
    "Translation",
    "UnknownKeyWarning",
    "__version__",
    "migrate",
    "migration_status",
]
