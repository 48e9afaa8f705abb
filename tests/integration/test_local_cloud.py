"""The local cloud keeps its promises: nothing lost, nothing shared, nothing left behind."""

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest

from sandbox.cloud import DeploymentError, LocalCloud, StateInUse, deploy
from sandbox.cloud.local_cloud import ACCESS_KEY, REGION

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient

OURS = boto3.Session(ACCESS_KEY, ACCESS_KEY, region_name=REGION)
ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "infra" / "resources.yaml"
TABLES = 5


def tables_of(cloud: LocalCloud) -> "DynamoDBClient":
    return OURS.client("dynamodb", endpoint_url=cloud.endpoint)


def queues_of(cloud: LocalCloud) -> "SQSClient":
    return OURS.client("sqs", endpoint_url=cloud.endpoint)


def due_ids(cloud: LocalCloud, table: str) -> list[str]:
    found = tables_of(cloud).query(
        TableName=table,
        IndexName="due",
        KeyConditionExpression="due_partition = :partition",
        ExpressionAttributeValues={":partition": {"S": "due#1"}},
    )
    return [item["id"]["S"] for item in found["Items"]]


def put_due(cloud: LocalCloud, table: str, identifier: str) -> None:
    tables_of(cloud).put_item(
        TableName=table,
        Item={"id": {"S": identifier}, "due_partition": {"S": "due#1"}, "due_key": {"S": identifier}},
    )


def test_items_indexes_and_messages_survive_a_restart_and_a_changed_template(tmp_path: Path) -> None:
    state, changed = tmp_path / "state", tmp_path / "changed.yaml"
    changed.write_text(TEMPLATE.read_text().replace("VisibilityTimeout: 180", "VisibilityTimeout: 240"))
    with LocalCloud(state) as cloud:
        first = deploy(cloud.endpoint, TEMPLATE, "product")
        put_due(cloud, first["HeadsTable"], "con_1")
        queues_of(cloud).send_message(QueueUrl=first["PayoutsQueueUrl"], MessageBody="pay_1")

    for template in (TEMPLATE, changed):
        with LocalCloud(state) as cloud:
            outputs = deploy(cloud.endpoint, template, "product")
            assert due_ids(cloud, outputs["HeadsTable"]) == ["con_1"]
            assert outputs["PayoutsQueueUrl"].startswith(cloud.endpoint)
            received = queues_of(cloud).receive_message(
                QueueUrl=outputs["PayoutsQueueUrl"], VisibilityTimeout=0
            )
            assert [message.get("Body") for message in received["Messages"]] == ["pay_1"]


def test_two_clouds_share_nothing() -> None:
    with LocalCloud() as left, LocalCloud() as right:
        tables = [deploy(cloud.endpoint, TEMPLATE, "product")["HeadsTable"] for cloud in (left, right)]
        put_due(left, tables[0], "con_1")
        assert due_ids(left, tables[0]) == ["con_1"]
        assert due_ids(right, tables[1]) == []


def test_a_state_folder_serves_one_cloud_at_a_time(tmp_path: Path) -> None:
    with LocalCloud(tmp_path), pytest.raises(StateInUse, match="in use by another"):
        LocalCloud(tmp_path).start()


def test_a_template_that_cannot_be_deployed_names_the_resource_and_the_reason(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(TEMPLATE.read_text().replace("maxReceiveCount: 5", "maxReceiveCount: 5000"))
    with LocalCloud() as cloud, pytest.raises(DeploymentError, match=r"Queue: .*maxReceiveCount"):
        deploy(cloud.endpoint, broken, "product")


def test_a_cloud_saves_and_ends_when_its_starter_is_killed(tmp_path: Path) -> None:
    starter = f"""
import time
from pathlib import Path
from sandbox.cloud import LocalCloud, deploy
cloud = LocalCloud(Path({str(tmp_path)!r}))
cloud.start()
deploy(cloud.endpoint, Path({str(TEMPLATE)!r}), "product")
print("deployed", flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", starter], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"deployed\n"
        process.kill()
    # The next one waits until the orphan has saved its state and is gone.
    with LocalCloud(tmp_path) as cloud:
        assert len(tables_of(cloud).list_tables()["TableNames"]) == TABLES
