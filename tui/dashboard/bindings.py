"""The dashboard's keys, known without the dashboard: the configuration is checked against them before it is opened."""

from textual.binding import Binding

from ..keymap import named

BINDINGS = named(
    [
        Binding("space", "run_or_pause", "Run/pause"),
        Binding("s", "step('update')", "Step"),
        Binding("f", "step('phase')", "Phase", show=False),
        Binding("b", "back", "Back"),
        Binding("e", "step('epoch')", "Epoch", show=False),
        Binding("r", "reset", "Reset", show=False),
        Binding("p", "app.presets", "Presets", show=False),
        Binding("g", "go_to", "Go to step", show=False),
        Binding("home", "home", "First step", show=False),
        Binding("end", "end", "Newest step", show=False),
        Binding("x", "factor", "Factor", show=False),
        Binding("c", "check", "Gradient check", show=False),
        Binding("a", "alter", "Alter the number", show=False),
        Binding("left_square_bracket", "nudge(-1)", "Nudge down", key_display="[", show=False),
        Binding("right_square_bracket", "nudge(1)", "Nudge up", key_display="]", show=False),
        Binding("m", "settings", "Settings", show=False),
        Binding("k", "breakpoints", "Breakpoints", show=False),
        Binding("t", "notation", "Notation", show=False),
        Binding("o", "switch", "Other branch", show=False),
        Binding("O", "compare", "Compare branches", show=False),
        Binding("w", "save", "Save", show=False),
        Binding("E", "export", "Export or copy", show=False),
        Binding("C", "copy", "Copy the number", show=False),
        Binding("l", "enlarge", "Large panel", show=False),
        Binding("less_than_sign", "widen(-1)", "Narrower", key_display="<", show=False),
        Binding("greater_than_sign", "widen(1)", "Wider", key_display=">", show=False),
        Binding("left_parenthesis", "heighten(-1)", "Lower", key_display="(", show=False),
        Binding("right_parenthesis", "heighten(1)", "Higher", key_display=")", show=False),
        Binding("0", "even", "Sizes as at first", show=False),
        Binding("f1", "panel_help", "Help of the panel", show=False),
        Binding("plus,equals_sign", "faster", "Rate up", key_display="+", show=False),
        Binding("minus", "slower", "Rate down", key_display="−", show=False),
        Binding("full_stop", "pace(1)", "Run faster", key_display=".", show=False),
        Binding("comma", "pace(-1)", "Run slower", key_display=",", show=False),
        Binding("n", "example(1)", "Next example", show=False),
        Binding("N", "example(-1)", "Previous example", show=False),
        Binding("1", "panel('network')", "Network panel", show=False),
        Binding("2", "panel('parameters')", "Parameters panel", show=False),
        Binding("3", "panel('gradients')", "Gradients panel", show=False),
        Binding("4", "panel('loss')", "Loss panel", show=False),
        Binding("5", "panel('explain')", "Explain panel", show=False),
        Binding("6", "panel('picture')", "Picture panel", show=False),
        Binding("question_mark", "app.help", "Help", key_display="?"),
        Binding("q", "app.quit", "Quit", show=False),
    ]
)
