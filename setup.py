"""What pyproject.toml cannot say: the README as an index page shows it, and the kernel, which is optional."""

import re
import sys
from pathlib import Path

from setuptools import Extension, setup

PICTURE = re.compile(r"!\[[^\]]*\]\((?!https?://)[^)]*\)\n*")
LINK = re.compile(r"\[([^\]]+)\]\((?!https?://)[^)]*\)")

# The same bits as NumPy computes: no flag that lets a compiler fuse or reorder what is added.
FLAGS = ["-O3", "-std=c11", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math"]

readme = Path(__file__).with_name("README.md").read_text(encoding="utf-8")
setup(
    long_description=LINK.sub(r"\1", PICTURE.sub("", readme)),
    long_description_content_type="text/markdown",
    ext_modules=[
        Extension(
            "nn_tui.core.engine._kernel",
            ["core/engine/kernel.c"],
            extra_compile_args=["/O2", "/fp:precise"] if sys.platform == "win32" else FLAGS,
            py_limited_api=True,
            optional=True,  # without a compiler NumPy does the same
        )
    ],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
