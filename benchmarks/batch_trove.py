"""The other side of `make bench-batch`: datatrove reads the archive, has trafilatura extract, and writes Parquet.

    .venv-trove/bin/python -m benchmarks.batch_trove FOLDER OUT WORKERS

It has an environment of its own, since datatrove wants a trafilatura before 1.12. All is as datatrove has it by default, but for the time a
page may take: with its one second, a machine that others use loses page after page. Whoever runs into it is begun anew, and has to load
trafilatura again within the next page's second.
"""

import sys
from pathlib import Path

__all__ = ["main"]

TIMEOUT_S = 60.0


def main() -> None:
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.extractors import Trafilatura
    from datatrove.pipeline.readers import WarcReader
    from datatrove.pipeline.writers import ParquetWriter

    folder, out, workers = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    steps = [WarcReader(str(folder), glob_pattern="*.warc.gz"), Trafilatura(timeout=TIMEOUT_S), ParquetWriter(str(out / "records"))]
    tasks = len(list(folder.glob("*.warc.gz")))
    LocalPipelineExecutor(pipeline=steps, tasks=tasks, workers=workers, logging_dir=str(out / "logs"), skip_completed=False).run()


if __name__ == "__main__":
    main()
