"""BLAS: NumPy's matrices are multiplied by one thread, so that the bits are the same on any number of processors."""

import os

THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "OMP_NUM_THREADS")
"""What the libraries read that NumPy may be built with."""


def keep_to_one_thread() -> None:
    """Let one thread multiply, where the environment says nothing else; it counts if NumPy is imported after it.

    Several would part the sums in other places, so that a training continued elsewhere would differ; they would take
    the processor that draws the screen; and those of OpenBLAS 0.3.28 mix up the sums of two threads that ask at once
    (NumPy's issue 29391), as the trainer's and the screen's do.
    """
    for name in THREADS:
        os.environ.setdefault(name, "1")
