"""What pyproject.toml cannot say: the inner loops are compiled where there is a compiler, and done in Python where there is none."""

from setuptools import Extension, setup

PARTS = "module scan forms rows measures phrases words names kinds columns prose witness network reasons tally paths".split()
SOURCES = [f"scraper/extract/c/{name}.c" for name in PARTS]
HEADERS = [f"scraper/extract/c/{name}.h" for name in ("speedups", "page")]

setup(
    ext_modules=[
        Extension("scraper.extract._speedups", SOURCES, depends=HEADERS, extra_compile_args=["-O3"], optional=True),
        Extension("scraper.words._marks", ["scraper/words/c/marks.c"], extra_compile_args=["-O3"], optional=True),
    ],
)
