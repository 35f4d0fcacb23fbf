"""Screens for trainings in other processes: before the first step, and for models that nn-tui cannot compute."""
