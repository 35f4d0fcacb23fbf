"""Tests of the trainings of other processes on the screen."""
