"""The tour: a lesson on the screen."""
