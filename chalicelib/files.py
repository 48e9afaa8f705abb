"""Answers that are bytes.

Chalice refuses them to a caller whose `Accept` does not name their type, and API Gateway decodes them only
where the first `Accept` does, or where the API says that anything may be bytes (API Gateway: "Binary media
types for REST APIs", set to `*/*` in infra/functions.yaml). What is meant is said in the address; no header
decides.
"""

import base64
from typing import Any

from chalice.app import Response


class FileAnswer(Response):
    """A file, whatever its type."""

    def to_dict(self, binary_types: list[str] | None = None) -> dict[str, Any]:
        """As a proxy integration has it; `binary_types` are Chalice's, and do not matter."""
        del binary_types
        content = self.body
        self.body = base64.b64encode(content).decode()
        told: dict[str, Any] = super().to_dict(None)
        self.body = content
        return {**told, "isBase64Encoded": True}
