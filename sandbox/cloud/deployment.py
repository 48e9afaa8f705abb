"""Deploys a CloudFormation template to an endpoint, as often as one likes."""

import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from sandbox.cloud.local_cloud import ACCESS_KEY, REGION

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

DEPLOY_SECONDS_MAX = 60.0
POLL_SECONDS = 0.05
CAPABILITIES = ("CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND")
TEMPLATE_BYTES_MAX = 51_200
TEMPLATES = "templates"
DIRECT = Config(proxies={})
COMPLETE = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE"})
LOCAL_ADDRESS = re.compile(r"^http://127\.0\.0\.1:\d+(?=/)")


class DeploymentError(Exception):
    """The stack did not reach a complete state; the message names the resources and their reasons."""


def deploy(
    endpoint: str, template: Path, stack: str, parameters: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Creates the stack, or brings the one that is there up to the template, and returns its outputs.

    Raises DeploymentError. Tables and queues that the template still names keep what is in them.
    """
    session = boto3.Session(ACCESS_KEY, ACCESS_KEY, region_name=REGION)
    client = session.client("cloudformation", endpoint_url=endpoint, config=DIRECT)
    change: dict[str, Any] = {
        "StackName": stack,
        "Parameters": [
            {"ParameterKey": key, "ParameterValue": value} for key, value in (parameters or {}).items()
        ],
        "Capabilities": CAPABILITIES,
    }
    try:
        change |= _body_or_address(session, endpoint, template)
        _create_or_update(client, stack, change)
        status, outputs = _settled(client, stack)
    except ClientError as error:
        raise DeploymentError(f"{stack}: {error}") from error
    if status not in COMPLETE:
        raise DeploymentError(f"{stack}: {status}: {_reasons(client, stack)}")
    return {name: _here(endpoint, value) for name, value in outputs.items()}


def _body_or_address(session: boto3.Session, endpoint: str, template: Path) -> dict[str, str]:
    """A template too large for the call itself is read from a bucket."""
    body = template.read_bytes()
    if len(body) <= TEMPLATE_BYTES_MAX:
        return {"TemplateBody": body.decode()}
    store = session.client("s3", endpoint_url=endpoint, config=DIRECT)
    store.create_bucket(Bucket=TEMPLATES)
    store.put_object(Bucket=TEMPLATES, Key=template.name, Body=body)
    return {"TemplateURL": f"{endpoint}/{TEMPLATES}/{template.name}"}


def _create_or_update(client: "CloudFormationClient", stack: str, change: dict[str, Any]) -> None:
    try:
        client.describe_stacks(StackName=stack)
    except ClientError as error:
        if "does not exist" not in str(error):
            raise
        client.create_stack(**change)
        return
    try:
        client.update_stack(**change)
    except ClientError as error:
        if "No updates are to be performed" not in str(error):
            raise


def _settled(client: "CloudFormationClient", stack: str) -> tuple[str, dict[str, str]]:
    """The stack's status once it stands still, or after `DEPLOY_SECONDS_MAX`, and its outputs."""
    deadline = time.monotonic() + DEPLOY_SECONDS_MAX
    while True:
        found = client.describe_stacks(StackName=stack)["Stacks"][0]
        status = found["StackStatus"]
        if not status.endswith("IN_PROGRESS") or time.monotonic() > deadline:
            return status, {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}
        time.sleep(POLL_SECONDS)


def _reasons(client: "CloudFormationClient", stack: str) -> str:
    events = client.describe_stack_events(StackName=stack)["StackEvents"]
    return "; ".join(
        f"{event.get('LogicalResourceId', '?')}: {event.get('ResourceStatusReason', '?')}"
        for event in events
        if event.get("ResourceStatus", "").endswith("FAILED")
    )


def _here(endpoint: str, value: str) -> str:
    """A queue's address keeps the port at which it was made; a persisted cloud answers at another today."""
    return LOCAL_ADDRESS.sub(endpoint, value)
