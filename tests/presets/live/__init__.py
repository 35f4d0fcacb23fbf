"""Tests of trainings in other processes."""
