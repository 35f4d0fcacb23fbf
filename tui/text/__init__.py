"""Numbers, names and pictures as text: pure functions, with no screen."""
