"""The schemas of a rulebook's files: printed as one JSON object, or written one a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from engine.request import RequestError
from engine.schemas.building import schemas
from engine.schemas.files import FILES

if TYPE_CHECKING:
    from collections.abc import Iterator

SUFFIX = ".schema.json"


def schemas_printed() -> str:
    """Return all schemas as one JSON object, by name."""
    return json.dumps(schemas(), indent=2, ensure_ascii=False)


def write_schemas(folder: str) -> Iterator[str]:
    """Write each schema into a folder, and yield what was written and what it is for."""
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        for name, schema in schemas().items():
            path = Path(folder) / f"{name}{SUFFIX}"
            path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", "utf-8")
            yield f"{path}: {FILES[name]}"
    except OSError as error:
        raise RequestError(f"out: found {folder!r} ({error.strerror}), expected a folder that can "
                           "be written to; name another") from None
