"""Trainings in other processes: their reports, the orders to them, and the connection."""
