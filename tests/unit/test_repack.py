"""The repacked zip: what is left out, what is added, and that it depends on its content only."""

import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from infra.repack import is_shipped, repack

MODULE = b"def answer() -> int:\n    return 42\n"


def zip_of(path: Path, names: list[str], year: int) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name, (year, 1, 1, 0, 0, 0)), MODULE)
    return path


def test_the_same_content_gives_the_same_bytes_whatever_its_order_and_dates(tmp_path: Path) -> None:
    names = ["app.py", "chalicelib/api.py", "marketplace/money.py"]
    repack(zip_of(tmp_path / "a.zip", names, 2020), tmp_path / "left.zip")
    repack(zip_of(tmp_path / "b.zip", names[::-1], 2026), tmp_path / "right.zip")
    assert (tmp_path / "left.zip").read_bytes() == (tmp_path / "right.zip").read_bytes()


def test_the_bytecode_beside_a_source_is_what_python_runs(tmp_path: Path) -> None:
    repack(zip_of(tmp_path / "a.zip", ["app.py"], 2020), tmp_path / "repacked.zip")
    with zipfile.ZipFile(tmp_path / "repacked.zip") as archive:
        archive.extractall(tmp_path)
    # Unchecked bytecode wins over a source that no longer agrees with it.
    (tmp_path / "app.py").write_text("def answer() -> int:\n    return 0\n")
    ran = subprocess.run(
        [sys.executable, "-c", "import app; print(app.answer())"],
        cwd=tmp_path,
        check=True,
        stdout=subprocess.PIPE,
    )
    assert ran.stdout.strip() == b"42"


@pytest.mark.parametrize(
    ("name", "shipped"),
    [
        ("marketplace/shared/money.py", True),
        ("botocore/data/dynamodb/2012-08-10/service-2.json.gz", True),
        ("botocore/data/sqs/2012-11-05/service-2.json.gz", True),
        ("botocore/data/endpoints.json", True),
        ("botocore/data/ec2/2016-11-15/service-2.json.gz", False),
        ("boto3/data/ec2/2016-11-15/resources-1.json", False),
        ("marketplace/__pycache__/runtime.cpython-311.pyc", False),
        ("stripe-15.2.1.dist-info/RECORD", False),
        ("stripe-15.2.1.dist-info/METADATA", True),
    ],
)
def test_only_what_the_functions_can_need_is_shipped(name: str, *, shipped: bool) -> None:
    assert is_shipped(PurePosixPath(name)) is shipped
