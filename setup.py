"""What pyproject.toml cannot say: what is compiled, with gcc and mypyc. Where either fails, the package works in plain Python, slower.

The inner loops are C of our own; the modules of compiled.txt are Python that mypyc makes into C, all of them into one library, or none.
"""

import os
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

MODULES = [line for line in Path("compiled.txt").read_text("utf-8").splitlines() if line and not line.startswith("#")]
LIBRARY = "scraper__mypyc"
STAMP = Path("scraper/.compiled")  # what a working copy was compiled from: see scraper/loading.py
BUILDS = {"bdist_wheel", "build", "build_ext", "editable_wheel", "install"}  # other commands want to know of the package, not to have it
# No types but ours: then the C is the same whatever is installed, and numpy's take as long to read as all of this package.
TYPES = ["--config-file=", "--ignore-missing-imports", "--no-site-packages"]
# Nobody outside calls into what is made here, and what is called inside need not be looked up in a table first.
DIRECT = ["-fvisibility=hidden", "-fno-plt"]


def loops(name: str, folder: str) -> Extension:
    """Make a module of all that is in a folder."""
    sources, headers = (sorted(map(str, Path(folder).glob(pattern))) for pattern in ("*.c", "*.h"))
    return Extension(name, sources, depends=headers, extra_compile_args=["-O3", *DIRECT], optional=True)


def mypycs() -> list[Extension]:
    """Have mypyc write the modules' C: a library, and for each module a small extension that leads to it."""
    try:
        from mypyc.build import mypycify

        name = LIBRARY.removesuffix("__mypyc")
        extensions = mypycify([*TYPES, *MODULES], opt_level="2", debug_level="0", multi_file=True, group_name=name)
    except (Exception, SystemExit) as problem:  # noqa: BLE001 - mypy ends the program over an error that it finds
        _say(problem)
        return []
    for extension in extensions:
        extension.extra_compile_args = [*extension.extra_compile_args, *DIRECT, "-Wno-error"]  # another compiler warns of other things
    return extensions


def _say(problem: BaseException) -> None:
    print(f"scraper: what mypyc compiles stays plain Python, which is slower: {type(problem).__name__}: {problem}"[:200], file=sys.stderr)


def _clear(folder: Path, *others: Path) -> None:
    """Take away what was built before: what is not built this time must not stay behind."""
    for old in [*folder.rglob(f"*{EXTENSION_SUFFIXES[0]}"), *others]:
        old.unlink(missing_ok=True)


class Build(build_ext):
    """Build the extensions: all that mypyc made or none of it, and the library's files on every core."""

    def run(self) -> None:
        inplace, compiler = self.inplace, self.compiler
        if not inplace:
            _clear(Path(self.build_lib))
        elif not SAME:
            _clear(Path("scraper"), STAMP, Path(LIBRARY + EXTENSION_SUFFIXES[0]))
        try:
            super().run()
        except Exception as problem:  # noqa: BLE001 - whatever a compiler, or where there is none, may raise
            _say(problem)
            for extension in COMPILED:
                Path(self.get_ext_fullpath(extension.name)).unlink(missing_ok=True)
            self.inplace, self.compiler, self.extensions = inplace, compiler, LOOPS
            super().run()
        else:
            if inplace and COMPILED:
                STAMP.write_text(DIGESTS, "utf-8")

    def build_extension(self, ext: Extension) -> None:
        if ext is BUILT:
            return
        if ext.name == LIBRARY:
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                ext.extra_objects = [path for paths in pool.map(lambda source: self._objects(ext, source), ext.sources) for path in paths]
            ext.sources = []
        super().build_extension(ext)

    def _objects(self, ext: Extension, source: str) -> list[str]:
        return self.compiler.compile([source], self.build_temp, include_dirs=ext.include_dirs, extra_postargs=ext.extra_compile_args)


# Taken before anything is read, so that what is edited meanwhile is known to be another.
DIGESTS = "".join(f"{zlib.crc32(Path(name).read_bytes())} {name}\n" for name in [*MODULES, "compiled.txt", "setup.py"])
SAME = STAMP.exists() and STAMP.read_text("utf-8") == DIGESTS and Path(LIBRARY + EXTENSION_SUFFIXES[0]).exists()
IN_PLACE = {"editable_wheel", "--inplace"} & set(sys.argv)
LOOPS = [loops("scraper.extract._speedups", "scraper/extract/c"), loops("scraper.words._marks", "scraper/words/c")]
BUILT = Extension(LIBRARY, [], optional=True)  # is named all the same where it is there already: else it is found in this folder only
COMPILED = [] if not BUILDS & set(sys.argv) else [BUILT] if IN_PLACE and SAME else mypycs()
setup(ext_modules=[*LOOPS, *COMPILED], cmdclass={"build_ext": Build})
