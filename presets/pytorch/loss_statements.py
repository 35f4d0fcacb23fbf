"""Running again the script's lines from the model's call to the backward pass."""

from __future__ import annotations

import ast
import linecache
import sys
from typing import Any, NamedTuple

from .last_forward import LastForward, Place, script_frame, script_places
from .model_tree import Model


class Statements(NamedTuple):
    """What computes a loss in a script."""

    assignments: list[ast.stmt]
    loss: ast.expr
    is_whole: bool


class LossCode(NamedTuple):
    """The code that computes a loss again."""

    assignments: Any
    """The code of the assignments."""
    loss: Any
    """The code of the loss."""
    names: dict[str, Any]
    """A copy of the script's variables."""
    is_whole: bool
    """Whether no line was left out that can change the loss."""

    def run(self) -> Any:
        """The loss, computed from the model's call on."""
        exec(self.assignments, self.names)
        return eval(self.loss, self.names)


def loss_code(forward: LastForward, model: Model) -> LossCode | None:
    """The code that computes the script's loss; None if its lines do not show it."""
    for place in forward.backward:
        start = next((each.line for each in forward.places if each.code is place.code), None)
        frame = script_frame(place.code)
        if start is None or frame is None:
            continue
        names = {**frame.f_globals, **frame.f_locals}
        found = _between(place, start, names)
        return None if found is None else _code(found, names, place.code.co_filename, model)
    return None


def expected_loss_code(model: Model) -> LossCode | None:
    """How the script is going to compute its loss, of a model that nobody has seen called; None if that is not sure.

    A model with buffers is not called ahead of the script, as it may count its calls.
    """
    if model.module is None or next(model.module.buffers(), None) is not None:
        return None
    for place in script_places(sys._getframe(1)):
        frame = script_frame(place.code)
        if frame is None:
            continue
        names = {**frame.f_globals, **frame.f_locals}
        for line in _backward_lines(place.code):
            start = _call_before(place.code, line, names, model)
            found = _between(Place(place.code, line), start, names) if start else None
            if found is not None:
                return _code(found, names, place.code.co_filename, model)
    return None


def _code(found: Statements, names: dict[str, Any], file: str, model: Model) -> LossCode:
    return LossCode(
        assignments=compile(ast.Module(found.assignments, []), file, "exec"),
        loss=compile(ast.Expression(found.loss), file, "eval"),
        names={name: _bare(value, model) for name, value in names.items()},
        is_whole=found.is_whole,
    )


def _backward_lines(code: Any) -> list[int]:
    """The lines of a function, or of a script, that go back."""
    lines = {line for _, _, line in code.co_lines() if line}
    return sorted(
        node.lineno
        for node in ast.walk(_parsed(code))
        if isinstance(node, ast.Attribute) and node.attr == "backward" and node.lineno in lines
    )


def _call_before(code: Any, line: int, names: dict[str, Any], model: Model) -> int:
    """The line of the block of a line where the model is called; 0 where there is none."""
    block = _block(_parsed(code), line) or []
    called = [
        statement.lineno
        for statement in block
        if statement.lineno <= line
        and any(
            isinstance(node, ast.Call) and _is_model(_value(node.func, names), model) for node in ast.walk(statement)
        )
    ]
    return called[0] if called else 0


def _is_model(value: Any, model: Model) -> bool:
    return value is not None and (value is model.module or value is model.wrapper)


def _value(node: ast.expr, names: dict[str, Any]) -> Any:
    """What a name, or an attribute of one, is."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    return getattr(_value(node.value, names), node.attr, None) if isinstance(node, ast.Attribute) else None


def _parsed(code: Any) -> ast.AST:
    try:
        return ast.parse("".join(linecache.getlines(code.co_filename)))
    except SyntaxError:
        return ast.Module([], [])


def _bare(value: Any, model: Model) -> Any:
    """The model itself instead of a wrapper, whose call would wait for other processes."""
    return model.module if value is model.wrapper else value


def _between(backward: Place, start: int, names: dict[str, Any]) -> Statements | None:
    """The statements that the loss needs, and its expression."""
    block = _block(_parsed(backward.code), backward.line)
    if block is None:
        return None
    of_line = [(number, _gone_back_from(each)) for number, each in enumerate(block) if _has(each, backward.line)]
    index, loss = next(((number, loss) for number, loss in of_line if loss is not None), (0, None))
    if loss is None:
        return None
    needed = _loaded(loss)
    chosen, is_whole = list[ast.stmt](), True
    for statement in reversed(block[:index]):
        if (statement.end_lineno or 0) < start:
            break
        targets = _assigned(statement, names)
        if targets & needed:
            chosen.insert(0, statement)
            needed = (needed - targets) | _loaded(statement)
        elif needed & (_loaded(statement) if isinstance(statement, ast.Expr) else _stored(statement)):
            is_whole = False
    return Statements(chosen, loss, is_whole)


def _has(node: ast.stmt, line: int) -> bool:
    return node.lineno <= line <= (node.end_lineno or node.lineno)


def _block(tree: ast.AST, line: int) -> list[ast.stmt] | None:
    """The innermost list of statements with a line."""
    found: list[ast.stmt] | None = None
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and any(isinstance(each, ast.stmt) and _has(each, line) for each in block):
                found = block  # later ones are nested deeper
    return found


def _gone_back_from(statement: ast.stmt) -> ast.expr | None:
    """The loss of loss.backward() or of a wrapper's backward(loss)."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "backward":
            loss = node.args[0] if node.args else node.func.value
            is_scaled = (
                isinstance(loss, ast.Call) and isinstance(loss.func, ast.Attribute) and loss.func.attr == "scale"
            )
            return loss.args[0] if is_scaled and loss.args else loss  # type: ignore[attr-defined]
    return None


def _assigned(statement: ast.stmt, names: dict[str, Any]) -> set[str]:
    """The names that a statement assigns, if it can be run again: a loop could read the script's next batch."""
    if isinstance(statement, ast.If):
        return _assigned_in([*statement.body, *statement.orelse], names)
    if isinstance(statement, ast.With) and all(_is_of_torch(each.context_expr, names) for each in statement.items):
        return _assigned_in(statement.body, names)
    if not isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
        return set()
    return _stored(statement)


def _stored(statement: ast.stmt) -> set[str]:
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _assigned_in(statements: list[ast.stmt], names: dict[str, Any]) -> set[str]:
    """The names that statements assign; none if one of them does something else, such as a backward pass."""
    found = [_assigned(each, names) for each in statements]
    return set().union(*found) if all(found) else set()


def _is_of_torch(expression: ast.expr, names: dict[str, Any]) -> bool:
    """Whether it calls something of PyTorch, such as autocast."""
    called = _value(expression.func, names) if isinstance(expression, ast.Call) else None
    return str(getattr(called, "__module__", "")).startswith("torch")


def _loaded(node: ast.AST) -> set[str]:
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        names.add(node.target.id)
    return names
