"""Tests of what runs beside a training with PyTorch."""
