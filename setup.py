"""The one thing that pyproject.toml cannot say: two inner loops are compiled where there is a compiler, and done in Python where there is none."""

from setuptools import Extension, setup

setup(
    ext_modules=[
        Extension("scraper.extract._speedups", ["scraper/extract/_speedups.c"], extra_compile_args=["-O2"], optional=True),
    ],
)
