"""What a gradient check has found, in a few words."""

from collections.abc import Mapping

from ...core.checking.gradient_check import Check, Verdict
from ...core.debugger.snapshot import Snapshot
from .numbers import count


def check_text(checks: Mapping[str, Check], snapshot: Snapshot) -> str:
    """How many gradients agree with the slope of the loss; how many are checked, while some are not."""
    total, verdicts = snapshot.backward.gradient.size, [each.verdict for each in checks.values()]
    if not verdicts:
        return ""
    if len(verdicts) < total:
        return f"checked {count(len(verdicts))} of {count(total)}"
    wrong, kinks = verdicts.count(Verdict.WRONG), verdicts.count(Verdict.KINK)
    said = f"{count(verdicts.count(Verdict.AGREES))} of {count(total)} agree"
    return f"{'✗' if wrong else '✓'} {said}{f', {count(kinks)} at a kink' if kinks else ''}"
