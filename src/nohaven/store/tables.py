"""The tables of a sweep: names, columns and types, the same in every part file, even an empty one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

_TIME = pa.timestamp("us", tz="UTC")
_REASONS = pa.list_(pa.struct([("rule_id", pa.string()), ("weight", pa.float64()), ("quote", pa.string())]))
_COUNTS = pa.map_(pa.string(), pa.int64())

PAGES = pa.schema(
    [
        pa.field("page_id", pa.string(), nullable=False),
        ("url", pa.string()),
        ("final_url", pa.string()),
        ("site", pa.string()),
        ("captured_at", _TIME),
        ("http_status", pa.int16()),
        ("ip", pa.string()),
        ("mime", pa.string()),
        ("charset", pa.string()),
        ("language", pa.string()),
        ("kind", pa.string()),
        ("title", pa.string()),
        ("text_chars", pa.int64()),
        ("text_sha256", pa.string()),
        ("payload_sha256", pa.string()),
        ("signature", pa.binary(64)),
        ("truncated", pa.bool_()),
        ("gated", pa.bool_()),
        ("input", pa.string()),
        ("offset", pa.int64()),
        ("length", pa.int64()),
        ("record_id", pa.string()),
    ]
)
_OFFER_FIELDS = [
    pa.field("offer_id", pa.string(), nullable=False),
    pa.field("page_id", pa.string(), nullable=False),
    ("block_id", pa.string()),
    ("url", pa.string()),
    ("site", pa.string()),
    ("carrier", pa.string()),
    ("captured_at", _TIME),
    ("author", pa.string()),
    ("posted_at", _TIME),
    ("role", pa.string()),
    ("language", pa.string()),
    ("category", pa.string()),
    ("tags", pa.list_(pa.string())),
    ("stance", pa.string()),
    ("log_odds", pa.float64()),
    ("score", pa.float64()),
    ("quote", pa.string()),
    ("block", pa.string()),
    ("reasons", _REASONS),
]
OFFERS = pa.schema(_OFFER_FIELDS)
REVIEW = pa.schema([*_OFFER_FIELDS, ("band", pa.string()), ("inclusion_probability", pa.float64())])
SIGHTINGS = pa.schema(
    [
        ("sighting_id", pa.string()),
        ("page_id", pa.string()),
        ("block_id", pa.string()),
        ("offer_id", pa.string()),
        ("url", pa.string()),
        ("site", pa.string()),
        ("captured_at", _TIME),
        ("kind", pa.string()),
        ("value", pa.string()),
        ("raw", pa.string()),
        ("role", pa.string()),
        ("strength", pa.string()),
        ("start", pa.int64()),
        ("end", pa.int64()),
    ]
)
LEFT_OUT = pa.schema(
    [
        ("input", pa.string()),
        ("offset", pa.int64()),
        ("url", pa.string()),
        ("reason", pa.string()),
        ("detail", pa.string()),
    ]
)
SPREAD = pa.schema(
    [
        ("kind", pa.string()),
        ("hash", pa.string()),
        ("domains", pa.list_(pa.uint64())),
        ("domains_estimate", pa.float64()),
        ("pages", pa.list_(pa.uint64())),
        ("pages_estimate", pa.float64()),
        ("categories", pa.list_(pa.string())),
    ]
)
SITES = pa.schema(
    [
        pa.field("site", pa.string(), nullable=False),
        ("kind", pa.string()),
        ("popular", pa.bool_()),
        ("first_seen", _TIME),
        ("last_seen", _TIME),
        ("pages", pa.int64()),
        ("doubts", pa.int64()),
        ("offers", _COUNTS),
    ]
)
ESCALATIONS = pa.schema([("payload_sha256", pa.string()), ("url", pa.string()), ("captured_at", _TIME)])
LINKS = pa.schema(
    [
        ("site_a", pa.string()),
        ("site_b", pa.string()),
        ("relation", pa.string()),
        ("score", pa.float64()),
        ("reasons", _REASONS),
    ]
)
GROUPS = pa.schema(
    [
        ("group_id", pa.string()),
        ("site", pa.string()),
        ("score", pa.float64()),
        ("joined_at", _TIME),
        ("reasons", _REASONS),
    ]
)
REGISTRATIONS = pa.schema(
    [
        ("site", pa.string()),
        ("regime", pa.string()),
        ("verdict", pa.string()),
        ("findings", pa.list_(pa.string())),
        ("reasons", _REASONS),
        ("source", pa.string()),
        ("source_date", pa.date32()),
        ("checked_at", _TIME),
    ]
)
HOSTING = pa.schema(
    [
        ("site", pa.string()),
        ("ip", pa.string()),
        ("prefix", pa.string()),
        ("asn", pa.int64()),
        ("operator", pa.string()),
        ("country", pa.string()),
        ("front", pa.string()),
        ("seen_at", _TIME),
    ]
)
ABUSE_CONTACTS = pa.schema(
    [
        ("site", pa.string()),
        ("rank", pa.int16()),
        ("kind", pa.string()),
        ("value", pa.string()),
        ("from", pa.string()),
        ("source", pa.string()),
        ("source_date", pa.date32()),
    ]
)
_SHARE = pa.struct(
    [("share", pa.float64()), ("low", pa.float64()), ("high", pa.float64()), ("not_checkable", pa.int64())]
)
OPERATORS = pa.schema(
    [
        ("operator", pa.string()),
        ("examined", pa.int64()),
        ("confirmed", pa.int64()),
        ("share", pa.float64()),
        ("share_low", pa.float64()),
        ("share_high", pa.float64()),
        ("expected_rank", pa.float64()),
        ("top20_probability", pa.float64()),
        ("sample_examined", pa.int64()),
        ("sample_not_truly_registered", _SHARE),
        ("offers_not_truly_registered", _SHARE),
        ("reviewed", pa.bool_()),
    ]
)

# Tables that units write a part each of; in a finished sweep each is a folder of Parquet files.
PARTS: Mapping[str, pa.Schema] = {
    "pages": PAGES,
    "offers": OFFERS,
    "review": REVIEW,
    "sightings": SIGHTINGS,
    "left_out": LEFT_OUT,
}
# Tables that are written whole, one file each. Those of later stages are empty until the stage fills them.
WHOLE: Mapping[str, pa.Schema] = {
    "spread": SPREAD,
    "sites": SITES,
    "links": LINKS,
    "groups": GROUPS,
    "registrations": REGISTRATIONS,
    "hosting": HOSTING,
    "abuse_contacts": ABUSE_CONTACTS,
    "operators": OPERATORS,
    "escalations": ESCALATIONS,
}

Row = Mapping[str, object]


def write_table(path: Path, rows: Sequence[Row], schema: pa.Schema) -> None:
    """Rows as one Parquet file, with the full schema even when there are none. Small: 0600, like all that is found."""
    columns = [[row.get(name) for row in rows] for name in schema.names]
    arrays = [pa.array(values, type=field.type) for values, field in zip(columns, schema, strict=True)]
    write_arrow(path, pa.Table.from_arrays(arrays, schema=schema))


def write_arrow(path: Path, table: pa.Table) -> None:
    """An Arrow table as a Parquet file that only its owner reads."""
    path.touch(mode=0o600)
    pq.write_table(table, path, compression="zstd", write_statistics=True)


def read_table(path: Path) -> pa.Table:
    """A Parquet file, or all part files of a folder in name order, as one table."""
    if path.is_dir():
        return pa.concat_tables([pq.read_table(p) for p in sorted(path.glob("*.parquet"))])
    return pq.read_table(path)
