"""What we run is what we ship: the built package, deployed by CloudFormation, does the product's work.

The functions' roles are enforced, so a permission that a policy forgets fails here and not in the cloud.
"""

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra import smoke, template
from infra.package import Package, build
from sandbox.cloud import LocalCloud, deploy
from sandbox.cloud.local_cloud import ACCESS_KEY, REGION
from sandbox.identity import AUDIENCE, ISSUER, IdentityProvider

# One deployment serves every test here, so they share a worker.
pytestmark = pytest.mark.xdist_group("package")

ANSWER_SECONDS_MAX = 30.0
WORKED_OFF_SECONDS_MAX = 90.0
BUCKET = "packages"
OURS = boto3.Session(ACCESS_KEY, ACCESS_KEY, region_name=REGION)
SECRETS = {
    "stripe_api_key": "sk_test_package",
    "stripe_webhook_secret": "whsec_platform",
    "stripe_connect_webhook_secret": "whsec_connect",
    "screening_webhook_secret": "whsec_c2NyZWVuaW5n",
    "cursor_secret": "a secret of at least thirty-two characters",
}
CLIENT = {"name": "Acme Retail", "country": "US", "email": "ops@acme.example"}
TASK = {
    "title": "Write product listings",
    "description": "Two hundred listings from supplier sheets.",
    "category": "ecommerce-listing",
    "skills": ["copywriting"],
    "languages": ["en"],
    "pay": {"model": "milestone", "budget": {"amount": 12500, "currency": "USD"}},
    "seats": 1,
    "visibility": "public",
    "requirements": {},
}

SCHEDULED = {
    "version": "0",
    "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "000000000000",
    "time": "2026-11-22T03:04:05Z",
    "region": REGION,
    "resources": [],
    "detail": {},
}


@contextmanager
def published_keys(identity: IdentityProvider) -> Iterator[str]:
    """Where the functions find the keys that people's tokens are signed with."""

    class Keys(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(identity.jwks()).encode())

        def log_message(self, *_: object) -> None:
            """Tests print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Keys) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/jwks.json"
        server.shutdown()


@dataclass(frozen=True)
class Deployed:
    """The stack's outputs, and what speaks to it from outside."""

    cloud: LocalCloud
    outputs: dict[str, str]
    identity: IdentityProvider

    def token(self, role: str) -> str:
        return self.identity.token(
            subject=f"a-{role}", role=role, name="A person", now=int(time.time()), lifetime_seconds=600
        )

    def post(self, path: str, body: object, token: str) -> tuple[int, dict[str, Any]]:
        """Through the stack's own gateway and function, as anybody on the internet would."""
        request = urllib.request.Request(
            f"{self.cloud.endpoint}/restapis/{self.outputs['RestAPIId']}/api/_user_request_{path}",
            data=json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_SECONDS_MAX) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.load(refusal)

    def invoke(self, handler: str, event: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
        """The function's error, if it failed, and its answer."""
        functions = OURS.client("lambda", endpoint_url=self.cloud.endpoint)
        names = {
            function["Handler"]: function["FunctionName"]
            for function in functions.list_functions()["Functions"]
        }
        answer = functions.invoke(FunctionName=names[handler], Payload=json.dumps(event))
        return answer.get("FunctionError"), json.load(answer["Payload"])

    def trail(self, about: str) -> list[dict[str, Any]]:
        tables = OURS.client("dynamodb", endpoint_url=self.cloud.endpoint)
        found = tables.query(
            TableName=self.outputs["TrailTable"],
            KeyConditionExpression="about = :about",
            ExpressionAttributeValues={":about": {"S": about}},
        )
        return list(found["Items"])

    def errors(self) -> str:
        """What the functions logged beside their beginnings and ends."""
        logs = OURS.client("logs", endpoint_url=self.cloud.endpoint)
        group = logs.describe_log_groups()["logGroups"][0]["logGroupName"]
        events = logs.filter_log_events(logGroupName=group)["events"]
        lines = [event["message"] for event in events]
        return "\n".join(line for line in lines if not line.startswith(("START ", "END ", "REPORT ")))


def publish(package: Package, cloud: LocalCloud, folder: Path) -> Path:
    """What `aws cloudformation package` does: the code to a bucket, its address into the template."""
    store = OURS.client("s3", endpoint_url=cloud.endpoint)
    store.create_bucket(Bucket=BUCKET)
    store.upload_file(str(package.code), BUCKET, package.code.name)
    secrets = OURS.client("secretsmanager", endpoint_url=cloud.endpoint)
    secrets.create_secret(Name="gig-marketplace", SecretString=json.dumps(SECRETS))
    published = folder / "sam.yaml"
    code = f"s3://{BUCKET}/{package.code.name}"
    published.write_text(package.template.read_text().replace(f"./{package.code.name}", code))
    return published


@pytest.fixture(scope="module")
def package() -> Package:
    if not smoke.runs_here():
        pytest.skip("the package carries Linux x86_64 wheels, which nothing here could run")
    return build()


@pytest.fixture(scope="module")
def deployed(package: Package, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    identity = IdentityProvider()
    with published_keys(identity) as keys, LocalCloud(enforce_iam=True) as cloud:
        published = publish(package, cloud, tmp_path_factory.mktemp("published"))
        parameters = {
            "Stage": "test",
            "IdentityIssuer": ISSUER,
            "IdentityJwksUrl": keys,
            "IdentityAudience": AUDIENCE,
        }
        yield Deployed(cloud, deploy(cloud.endpoint, published, "product", parameters), identity)


def test_every_handler_that_the_template_names_imports_from_the_package_alone(package: Package) -> None:
    whole = template.read(package.template)
    assert set(smoke.check(package.code, whole)) == set(smoke.handlers(whole))


def test_a_task_posted_through_the_gateway_is_worked_on_by_a_queue_fed_function(deployed: Deployed) -> None:
    status, client = deployed.post("/v1/clients", CLIENT, deployed.token("operator"))
    assert status == 201, client
    status, task = deployed.post("/v1/tasks", TASK, client["api_key"])
    assert status == 201, task
    assert task["status"] == "draft"

    deadline = time.monotonic() + WORKED_OFF_SECONDS_MAX
    while not (rows := deployed.trail(task["id"])):
        assert time.monotonic() < deadline, deployed.errors()
        time.sleep(0.1)
    assert len(rows) == 1


@pytest.mark.parametrize(
    ("handler", "answer"),
    [
        ("fire_due", {"fired": 0, "stuck": 0}),
        ("seal_ledger", {"sealed": 0}),
        ("watch_payouts", {"unmoved": 0}),
        ("audit_ledger", {"breaches": 0}),
        ("compare_days", {"started": 0, "late": 0}),
    ],
)
def test_a_timer_does_its_round_with_what_its_role_allows(
    deployed: Deployed, handler: str, answer: dict[str, int]
) -> None:
    error, told = deployed.invoke(f"chalicelib.schedules.{handler}", SCHEDULED)
    assert error is None
    assert told.items() >= answer.items()


def test_the_gateway_refuses_what_the_product_refuses(deployed: Deployed) -> None:
    status, problem = deployed.post("/v1/tasks", TASK, "gm_live_unknown")
    assert (status, problem["code"]) == (401, "unauthenticated")
