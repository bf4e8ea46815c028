"""What pyproject.toml cannot say: the inner loops are compiled where there is a compiler, and done in Python where there is none."""

from setuptools import Extension, setup

SOURCES = [
    f"scraper/extract/c/{name}.c" for name in ("module", "scan", "measures", "columns", "kinds", "prose", "witness", "network", "reasons")
]
HEADERS = [f"scraper/extract/c/{name}.h" for name in ("speedups", "page")]

setup(
    ext_modules=[
        Extension("scraper.extract._speedups", SOURCES, depends=HEADERS, extra_compile_args=["-O2"], optional=True),
    ],
)
