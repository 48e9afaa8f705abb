"""Repacks Chalice's zip: smaller, quicker to import, and the same bytes whenever the same things are in it.

botocore carries the data of every service and we speak to three; Chalice ships no bytecode, so that every
cold start would compile everything. Entries are sorted and undated. Bytecode is "unchecked": Lambda's
files never change, so Python need not look at the sources.
"""

import importlib.util
import marshal
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

# dynamodb: the store. sqs: the relay. kms: personal data. s3: people's files.
SERVICES = frozenset({"dynamodb", "kms", "s3", "sqs"})
DATA_FOLDERS = (("botocore", "data"), ("boto3", "data"))
LEFT_OUT_FOLDERS = frozenset({"__pycache__", "examples"})
LEFT_OUT_NAMES = frozenset({"RECORD", "INSTALLER", "REQUESTED", "py.typed"})
LEFT_OUT_SUFFIXES = frozenset({".pyc", ".pyi", ".h", ".c"})

ZIP_BYTES_MAX = 50 * 1024 * 1024
UNPACKED_BYTES_MAX = 250 * 1024 * 1024
UNDATED = (1980, 1, 1, 0, 0, 0)
UNCHECKED_HASH = 0b01
TASK_ROOT = "/var/task"


class PackageTooLarge(Exception):
    """Lambda takes 50 MB zipped and 250 MB unpacked."""


def repack(source: Path, target: Path, beside: Mapping[str, bytes] | None = None) -> int:
    """Writes `target` from Chalice's zip, and what else is named `beside` it, and returns its size in bytes;
    raises PackageTooLarge."""
    with zipfile.ZipFile(source) as archive:
        entries = {name: archive.read(name) for name in archive.namelist() if is_shipped(PurePosixPath(name))}
    entries |= beside or {}
    for name in [name for name in entries if name.endswith(".py")]:
        entries[_bytecode_name(name)] = _bytecode(name, entries[name])
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(entries):
            archive.writestr(_entry(name), entries[name])
    _check_size(target, sum(map(len, entries.values())))
    return target.stat().st_size


def is_shipped(path: PurePosixPath) -> bool:
    """Whether the functions can need this file."""
    if LEFT_OUT_FOLDERS.intersection(path.parts):
        return False
    if path.name in LEFT_OUT_NAMES or path.suffix in LEFT_OUT_SUFFIXES:
        return False
    if path.parts[:2] in DATA_FOLDERS and path.parent.parts != path.parts[:2]:
        return path.parts[2] in SERVICES
    return True


def _bytecode_name(name: str) -> str:
    return str(PurePosixPath(importlib.util.cache_from_source(name)))


def _bytecode(name: str, source: bytes) -> bytes:
    """What `py_compile` writes for an unchecked hash (PEP 552), with the path that tracebacks show."""
    code = compile(source, f"{TASK_ROOT}/{name}", "exec", dont_inherit=True, optimize=0)
    flags = UNCHECKED_HASH.to_bytes(4, "little")
    return importlib.util.MAGIC_NUMBER + flags + importlib.util.source_hash(source) + marshal.dumps(code)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, UNDATED)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = (0o755 if ".so" in PurePosixPath(name).suffixes else 0o644) << 16
    return entry


def _check_size(target: Path, unpacked_bytes: int) -> None:
    zipped_bytes = target.stat().st_size
    if zipped_bytes >= ZIP_BYTES_MAX or unpacked_bytes >= UNPACKED_BYTES_MAX:
        raise PackageTooLarge(f"{zipped_bytes} bytes zipped, {unpacked_bytes} unpacked")
