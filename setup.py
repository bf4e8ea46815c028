"""What pyproject.toml cannot say: the inner loops are compiled where there is a compiler, and done in Python where there is none."""

from pathlib import Path

from setuptools import Extension, setup

FOLDER = Path("scraper/extract/c")
SOURCES, HEADERS = (sorted(map(str, FOLDER.glob(pattern))) for pattern in ("*.c", "*.h"))

setup(
    ext_modules=[
        Extension("scraper.extract._speedups", SOURCES, depends=HEADERS, extra_compile_args=["-O3"], optional=True),
        Extension("scraper.words._marks", ["scraper/words/c/marks.c"], extra_compile_args=["-O3"], optional=True),
    ],
)
