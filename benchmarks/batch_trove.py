"""The other side of `make bench-batch`: datatrove reads the archive, has trafilatura extract, and writes Parquet; all with its defaults.

    .venv-trove/bin/python -m benchmarks.batch_trove FOLDER OUT WORKERS

It has an environment of its own, since datatrove wants a trafilatura before 1.12.
"""

import sys
from pathlib import Path

__all__ = ["main"]


def main() -> None:
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.extractors import Trafilatura
    from datatrove.pipeline.readers import WarcReader
    from datatrove.pipeline.writers import ParquetWriter

    folder, out, workers = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    steps = [WarcReader(str(folder), glob_pattern="*.warc.gz"), Trafilatura(), ParquetWriter(str(out / "records"))]
    tasks = len(list(folder.glob("*.warc.gz")))
    LocalPipelineExecutor(pipeline=steps, tasks=tasks, workers=workers, logging_dir=str(out / "logs"), skip_completed=False).run()


if __name__ == "__main__":
    main()
