"""What a kernel takes is said in its signature: of which columns, counts and numbers its arguments are."""

from __future__ import annotations

import ast

from simulation.resources import PACKAGE_FOLDER


def untyped(source: str) -> list[str]:
    """Kernels in `source` with an argument of which nothing is said, and that argument."""
    return [
        f"{node.name}({argument.arg})"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(mark, ast.Name) and mark.id == "kernel" for mark in node.decorator_list)
        for argument in node.args.args
        if argument.annotation is None
    ]


def test_every_argument_of_a_kernel_has_a_type() -> None:
    files = [file for file in PACKAGE_FOLDER.rglob("*.py") if "@kernel" in file.read_text(encoding="utf-8")]
    assert len(files) > 10
    assert not [
        f"{file.name}: {name}" for file in files for name in untyped(file.read_text(encoding="utf-8"))
    ]


def test_a_kernel_without_types_is_named() -> None:
    assert untyped("@kernel\ndef meet(world, day: int):\n    pass\n") == ["meet(world)"]
