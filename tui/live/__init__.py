"""Trainings of other processes on the screen, before the dashboard has their numbers or where it cannot have them."""
