"""The panels of the dashboard, in the order of their keys."""

from . import (
    explain_panel,
    gradients_panel,
    loss_panel,
    network_panel,
    parameters_panel,
    picture_panel,
    steps_panel,
)

PANELS = (
    network_panel.SPEC,
    parameters_panel.SPEC,
    gradients_panel.SPEC,
    loss_panel.SPEC,
    explain_panel.SPEC,
    picture_panel.SPEC,
    steps_panel.SPEC,
)
SPEC_OF = {spec.name: spec for spec in PANELS}
