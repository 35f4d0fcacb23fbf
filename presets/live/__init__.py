"""Trainings of other processes: what they report, what they are asked, and the wire between."""
