"""Writing the losses of another process's training as lines, without a screen."""

import json
from collections.abc import Iterator
from contextlib import suppress
from time import sleep

import click

from ...presets.live.channel import Channel
from ...presets.live.live_training import LiveTraining
from ...presets.live.messages import FirstNotFinite, RecentLosses, Report, Said, TrainingActivity
from ...presets.live.orders import Run
from ...presets.live.sentences import not_finite_text
from ...presets.live.wire import WireError
from ..text.numbers import count, plain
from ..text.safe import safe

EVERY = 0.05
"""Seconds between two checks for news."""


def write_steps(live: LiveTraining, *, as_json: bool) -> None:
    """Let a training run, and write the loss of its steps until it ends; nobody is there to continue after a pause.

    Raises:
        click.UsageError: no training began.
    """
    while not live.arrival.is_known:
        if live.arrival.fault:
            raise click.UsageError(f"{live.name}: {live.arrival.fault}")
        sleep(EVERY)
    channel = live.channel
    for losses in live.first_losses:
        for line in report_lines(losses, as_json=as_json):
            click.echo(line)
    try:
        _run(channel)
        while (report := channel.receive()) is not None:
            for line in report_lines(report, as_json=as_json):
                click.echo(line)
            if isinstance(report, TrainingActivity):
                if report.now in ("finished", "failed"):
                    break
                if report.now == "paused":
                    _run(channel)
    except WireError:
        pass  # it has ended
    live.close()


def _run(channel: Channel) -> None:
    """Let it run; if it has ended since, its last reports can still be read."""
    with suppress(WireError):
        channel.send(Run())


def report_lines(report: Report, *, as_json: bool) -> Iterator[str]:
    """The lines to write for a report."""
    return _json_lines(report) if as_json else _sentences(report)


def _json_lines(report: Report) -> Iterator[str]:
    match report:
        case RecentLosses(steps=steps, losses=losses):
            for step, loss in zip(steps, losses, strict=False):
                yield json.dumps({"step": step, "loss": loss if loss == loss and abs(loss) < float("inf") else None})
        case FirstNotFinite():
            yield json.dumps({"step": report.step, "not_finite": not_finite_text(report)})
        case _:
            pass  # for a screen


def _sentences(report: Report) -> Iterator[str]:
    match report:
        case RecentLosses(steps=steps, losses=losses) if steps and losses:
            yield f"Step {count(steps[-1])}: loss {plain(losses[-1])}."
        case FirstNotFinite():
            yield safe(f"Not finite: {not_finite_text(report)}.")
        case Said(text=text):
            yield safe(text)
        case TrainingActivity(now=now, why=why) if now in ("finished", "failed"):
            yield safe(f"The training has {now}{f': {why}' if why else ''}.")
        case _:
            pass  # for a screen
