"""The examples that both evaluators are held to: of the whole journey, and of measuring."""

import json
from pathlib import Path
from typing import Any


def _read(name: str) -> dict[str, Any]:
    held: dict[str, Any] = json.loads((Path(__file__).parent / name).read_text("utf-8"))
    return held


def _both(journey: dict[str, Any], measuring: dict[str, Any]) -> dict[str, Any]:
    return {
        name: said + measuring.get(name, []) if isinstance(said, list) else said
        for name, said in journey.items()
    }


VECTORS: dict[str, Any] = _both(_read("vectors.json"), _read("measuring.json"))
