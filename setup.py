"""What pyproject.toml cannot say: the inner loops are compiled where there is a compiler, and done in Python where there is none."""

from pathlib import Path

from setuptools import Extension, setup


def compiled(name: str, folder: str) -> Extension:
    """Make a module of all that is in a folder."""
    sources, headers = (sorted(map(str, Path(folder).glob(pattern))) for pattern in ("*.c", "*.h"))
    return Extension(name, sources, depends=headers, extra_compile_args=["-O3"], optional=True)


setup(ext_modules=[compiled("scraper.extract._speedups", "scraper/extract/c"), compiled("scraper.words._marks", "scraper/words/c")])
