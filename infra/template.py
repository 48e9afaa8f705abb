"""Our two halves of the template, as one file that Chalice can merge into its own."""

from pathlib import Path
from typing import Any

from chalice.package import YAMLTemplateSerializer

HALVES = ("resources.yaml", "functions.yaml")


class SectionDefinedTwice(Exception):
    """Both halves define the same name."""


def read(path: Path) -> dict[str, Any]:
    """A template with its short tags (!Ref, !Sub) written out."""
    text = path.read_text(encoding="utf-8")
    template: dict[str, Any] = YAMLTemplateSerializer().load_template(text, str(path))
    return template


def write(template: dict[str, Any], path: Path) -> None:
    """Writes `template` as YAML."""
    path.write_text(YAMLTemplateSerializer().serialize_template(template), encoding="utf-8")


def merged(folder: Path) -> dict[str, Any]:
    """Raises SectionDefinedTwice, since one definition would silently win."""
    whole: dict[str, Any] = {}
    for half in HALVES:
        for section, content in read(folder / half).items():
            if not isinstance(content, dict):
                whole[section] = content
                continue
            known = whole.setdefault(section, {})
            if both := known.keys() & content.keys():
                raise SectionDefinedTwice(f"{section}: {', '.join(sorted(both))}")
            known.update(content)
    return whole


def without_type(template: dict[str, Any]) -> list[str]:
    """Resources that our half completes and Chalice's half does not have."""
    return sorted(name for name, resource in template["Resources"].items() if "Type" not in resource)
