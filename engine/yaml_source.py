"""What does a part of a YAML document say, as the shape that it must have?

`read_yaml` gives a document with positions; `validate` turns it into a shape, or raises every fault
of it as a problem with its line and column.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeVar, cast

from engine.yaml_document import Document, Node, read_yaml
from engine.yaml_shape import reader

__all__ = ["Document", "Node", "read_yaml", "validate"]

Model = TypeVar("Model")


def validate(document: Document, model: type[Model], path: Sequence[str | int] = ()) -> Model:
    """Return the document, or its part at the path, as the model; else raise RulebookError."""
    try:
        return cast(Model, reader(cast(Hashable, model))(document.node(*path).value))
    except ValueError:
        from engine.yaml_model import checked  # pydantic is slow to import, and seldom needed

        return checked(document, model, path)
