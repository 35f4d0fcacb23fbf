"""The lines of a script between the model's call and the backward pass, to be run again as they are."""

from __future__ import annotations

import ast
import linecache
from typing import Any, NamedTuple

from .last_forward import LastForward, Place, script_frame
from .model_tree import Model


class Again(NamedTuple):
    """How a loss is computed once more."""

    assignments: Any
    """Code that is executed."""
    loss: Any
    """Code that is evaluated then."""
    names: dict[str, Any]
    """The variables of the script, copied."""

    def run(self) -> Any:
        """The loss, computed from the model's call on."""
        exec(self.assignments, self.names)
        return eval(self.loss, self.names)


def lines_again(forward: LastForward, model: Model) -> Again | None:
    """How the script computes its loss; None where that cannot be said from its lines."""
    for place in forward.backward:
        start = next((each.line for each in forward.places if each.code is place.code), None)
        frame = script_frame(place.code)
        if start is None or frame is None:
            continue
        found = _between(place, start)
        if found is None:
            return None
        statements, loss = found
        bare = {name: _bare(value, model) for name, value in {**frame.f_globals, **frame.f_locals}.items()}
        file = place.code.co_filename
        return Again(
            compile(ast.Module(statements, []), file, "exec"),
            compile(ast.Expression(loss), file, "eval"),
            bare,
        )
    return None


def _bare(value: Any, model: Model) -> Any:
    """The model itself instead of a wrapper, whose call would wait for other processes."""
    return model.module if value is model.wrapper else value


def _between(backward: Place, start: int) -> tuple[list[ast.stmt], ast.expr] | None:
    """The assignments that the loss needs, and the loss."""
    source = "".join(linecache.getlines(backward.code.co_filename))
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    block = _block(tree, backward.line)
    if block is None:
        return None
    index = next(number for number, each in enumerate(block) if _has(each, backward.line))
    loss = _gone_back_from(block[index], backward.line)
    if loss is None:
        return None
    needed = _loaded(loss)
    chosen: list[ast.stmt] = []
    for statement in reversed(block[:index]):
        if (statement.end_lineno or 0) < start:
            break
        targets = _assigned(statement)
        if targets & needed:
            chosen.insert(0, statement)
            needed = (needed - targets) | _loaded(statement)
    return chosen, loss


def _has(node: ast.stmt, line: int) -> bool:
    return node.lineno <= line <= (node.end_lineno or node.lineno)


def _block(tree: ast.AST, line: int) -> list[ast.stmt] | None:
    """The innermost list of statements with a line."""
    found: list[ast.stmt] | None = None
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and any(isinstance(each, ast.stmt) and _has(each, line) for each in block):
                found = block  # later ones are further in
    return found


def _gone_back_from(statement: ast.stmt, line: int) -> ast.expr | None:
    """The loss of loss.backward() or of a wrapper's backward(loss)."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "backward":
            loss = node.args[0] if node.args else node.func.value
            is_scaled = (
                isinstance(loss, ast.Call) and isinstance(loss.func, ast.Attribute) and loss.func.attr == "scale"
            )
            return loss.args[0] if is_scaled and loss.args else loss  # type: ignore[attr-defined]
    return None


def _assigned(statement: ast.stmt) -> set[str]:
    if not isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
        return set()
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _loaded(node: ast.AST) -> set[str]:
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        names.add(node.target.id)
    return names
