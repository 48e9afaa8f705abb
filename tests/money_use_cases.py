"""Which use cases move money: read from the product's source, so that none is forgotten.

Whoever calls `tx.post`, or a function of the product that does, moves money; a use case is one of these that
a door, a queue, a timer or a class of the product runs.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RULES, DOORS = "marketplace", "chalicelib"

Name = tuple[str, str]
"""(module, function)."""


@cache
def money_use_cases() -> frozenset[Name]:
    """All of them."""
    uses: dict[Name, set[Name]] = {}
    run: set[Name] = set()
    for module, tree in _modules():
        names = _Names(module, tree)
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        if module.startswith(RULES):
            uses |= {(module, function.name): set(names.used_in(function)) for function in functions}
            rest = [node for node in tree.body if node not in functions]
        else:
            rest = tree.body
        run |= {name for node in rest for name in names.used_in(node)}
    return frozenset(_posting(uses) & run)


_POST = ("", "tx.post")


def _posting(uses: dict[Name, set[Name]]) -> set[Name]:
    """Those that post, whoever does it for them."""
    found = {_POST}
    while grown := {name for name, used in uses.items() if used & found and name not in found}:
        found |= grown
    return found


class _Names:
    """What the names of a module stand for, as far as they are the product's."""

    def __init__(self, module: str, tree: ast.Module) -> None:
        self._functions = {
            node.name: (module, node.name) for node in tree.body if isinstance(node, ast.FunctionDef)
        }
        self._modules: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    known = alias.asname or alias.name
                    self._functions[known] = (node.module, alias.name)
                    self._modules[known] = f"{node.module}.{alias.name}"

    def used_in(self, tree: ast.AST) -> Iterator[Name]:
        """Every function that is named in there."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id in self._functions:
                yield self._functions[node.id]
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                if (node.value.id, node.attr) == ("tx", "post"):
                    yield _POST
                elif node.value.id in self._modules:
                    yield self._modules[node.value.id], node.attr


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for folder in (RULES, DOORS):
        for file in sorted((ROOT / folder).rglob("*.py")):
            name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            yield name, ast.parse(file.read_text())
