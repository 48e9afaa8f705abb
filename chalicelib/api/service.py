"""The service's own endpoints: health, and its description."""

from typing import Any, Literal

from pydantic import ConfigDict

from chalicelib.http import PUBLIC, Call, Reply, Routes
from chalicelib.openapi_document import VERSION, document_text
from chalicelib.types import Model

routes = Routes()


class Health(Model):
    """That we are up, and which build."""

    status: Literal["ok"] = "ok"
    version: str


class Document(Model):
    """The OpenAPI 3.1 document."""

    model_config = ConfigDict(extra="allow")


@routes.add("GET", "/health", who=PUBLIC, answer=Health)
def health(call: Call[Any]) -> Reply:
    """Whether the service is up, and its version."""
    del call
    return Reply(Health(version=VERSION))


@routes.add("GET", "/openapi.json", who=PUBLIC, answer=Document)
def openapi_document(call: Call[Any]) -> Reply:
    """This contract, as OpenAPI 3.1."""
    del call
    return Reply(text=document_text())
