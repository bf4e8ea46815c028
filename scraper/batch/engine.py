"""Who does the tasks of a batch? Dask: worker processes of this machine, or a cluster that is there. Home of dask and distributed.

Scheduling, retries and membership are Dask's. A task is a stretch of a file and gives back what was counted; pages and rows never cross
the cluster. As many tasks are handed over as keep all workers busy, so that a batch of a hundred thousand files asks little of its memory.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final, TypeVar

from scraper.batch.reader import Reader
from scraper.batch.stretch import Done, Job, Progress, Stretch, work
from scraper.errors import ScraperError, UsageError, WorkerError
from scraper.pipeline.workers import available_cores, sigint_blocked

if TYPE_CHECKING:
    from distributed import Client, Future, LocalCluster

__all__ = ["dashboard", "each", "engine", "perform", "refuse_without_engine", "threads"]

RETRIES: Final = 2  # of a task that failed, as where a store hesitates; one that lost its worker is tried again anyway
WAITING_A_THREAD: Final = 2  # tasks that stand ready, so that no worker waits for the next
CONNECT_S: Final = 20
LOOK_S: Final = 30.0  # for so long nothing ends, then it is asked whether there are workers
NO_WORKERS_S: Final = 600.0  # for so long a cluster may have none: nodes of a cloud come in minutes
REPLACE_S: Final = 30.0  # so often workers that are gone for good are replaced, on this machine
PLUGIN: Final = "scraper-readers"
SETTINGS: Final = {
    "distributed.admin.system-monitor.disk": False,
    "distributed.admin.tick.limit": "1 hour",  # a busy machine is no news
    "distributed.comm.timeouts.connect": "60s",
    "distributed.deploy.lost-worker-timeout": "2 minutes",  # one that takes longer to come back, as on a busy machine, is closed for good
    "distributed.diagnostics.nvml": False,
    "distributed.worker.memory.pause": False,  # what a worker holds is bounded by how it works
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.terminate": False,
    "distributed.worker.profile.enabled": False,  # looks at every thread a hundred times a second
}
T = TypeVar("T")
S = TypeVar("S")


def refuse_without_engine() -> None:
    """Raise UsageError (`no_engine`) where Dask or pyarrow is missing: before anything is read or written."""
    try:
        import distributed  # noqa: F401
        import fsspec  # noqa: F401
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        raise UsageError(f"a batch needs more than is installed ({error.name}): pip install 'scraper[batch]'", code="no_engine") from error


@contextmanager
def engine(*, workers: int | None, address: str | None, watched: bool) -> Iterator["Client"]:
    """Give a client of the cluster at an address, or of worker processes of this machine, one a core if their number is not said.

    `watched` says that the embedded one serves its dashboard. Raises UsageError (`no_cluster`) and WorkerError.
    """
    import dask
    from distributed import Client

    for name in ("distributed", "distributed.client", "tornado.application"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what goes wrong is said by whoever asked
    with ExitStack() as stack:
        stack.enter_context(dask.config.set(SETTINGS))
        with sigint_blocked():
            if address is None:
                address = stack.enter_context(_embedded(workers or available_cores(), watched=watched))
            try:
                client = stack.enter_context(Client(address, timeout=CONNECT_S, set_as_default=False))
            except (OSError, ValueError) as error:
                raise UsageError(f"there is no scheduler of a cluster at {address}: {error}", code="no_cluster") from error
        client.register_plugin(_readers())
        yield client


@contextmanager
def _embedded(workers: int, *, watched: bool) -> Iterator["LocalCluster"]:
    """Give a cluster of so many worker processes of this machine, and replace those that are gone for good.

    A process that dies is started again by the nanny that Dask gives each worker. A nanny gives up where that fails, and is closed where it
    takes too long (`lost-worker-timeout`); what was closed Dask starts again only when it is asked for so many workers.
    """
    from distributed import LocalCluster, Status

    def replace() -> None:
        if cluster.status != Status.running:
            return
        cluster.loop.call_later(REPLACE_S, replace)
        for name, nanny in tuple(cluster.workers.items()):
            if nanny.status in {Status.closed, Status.failed}:
                del cluster.workers[name]
        cluster.scale(workers)

    try:
        begun = LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            memory_limit=0,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": watched},
            silence_logs=logging.CRITICAL,
        )
    except (OSError, RuntimeError) as error:
        raise WorkerError(f"no worker can be started, so nothing can be read: {error.__cause__ or error}") from error
    with begun as cluster:
        cluster.loop.add_callback(replace)
        yield cluster


def dashboard(client: "Client") -> str | None:
    """Give the address of the engine's own dashboard, if it serves one."""
    with suppress(Exception):  # it is a comfort, whatever a cluster of another release says
        return str(client.dashboard_link) if client.scheduler_info()["services"].get("dashboard") else None
    return None


def threads(client: "Client") -> int:
    """Give how many tasks can be at work at once just now."""
    return max(sum(int(count) for count in client.nthreads().values()), 1)


def perform(client: "Client", job: Job, stretches: Iterable[Stretch], heard: Callable[[Progress], object]) -> Iterator[Done]:
    """Do the work on stretches, and give what came of each as it is done. `heard` is told of those under way, in a thread of Dask's."""
    client.subscribe_topic(job.run, lambda event: heard(Progress(*event[1])))
    for stretch, found in each(client, _perform, ((stretch, (job, stretch)) for stretch in stretches)):
        if isinstance(found, BaseException):
            failure = (found.code, found.message) if isinstance(found, ScraperError) else ("batch_task_failed", _said(found))
            yield Done(stretch, (), failure)
        else:
            yield found


def each(client: "Client", function: Callable[..., T], calls: Iterable[tuple[S, Sequence[Any]]]) -> Iterator[tuple[S, T | BaseException]]:
    """Call a function for each item with its arguments, anywhere, and give what each call gave or raised, as they end.

    Raises WorkerError where the cluster has had no worker for ten minutes, and where its scheduler is gone.
    """
    waiting = iter(calls)
    known: dict[Any, S] = {}
    ended: SimpleQueue[Future] = SimpleQueue()

    def hand_over() -> None:
        while len(known) < threads(client) * (1 + WAITING_A_THREAD):
            following = next(waiting, None)
            if following is None:
                return
            future = client.submit(function, *following[1], pure=False, retries=RETRIES)
            known[future.key] = following[0]
            future.add_done_callback(ended.put)

    with _connected():
        hand_over()
    while known:
        with _connected():
            future = _next(client, ended)
            error = future.exception()
            found = error if error is not None else future.result()
        yield known.pop(future.key), found
        with _connected():
            hand_over()


@contextmanager
def _connected() -> Iterator[None]:
    """Raise WorkerError where the scheduler cannot be asked any more. Dask cancels all that it has not yet answered."""
    from distributed.client import FutureCancelledError

    try:
        yield
    except (OSError, FutureCancelledError) as error:
        raise WorkerError("the connection to the cluster's scheduler is lost, so nothing more can be read") from error


def _next(client: "Client", ended: "SimpleQueue[Future]") -> "Future":
    """Wait for the next task that ends, as long as there is any worker."""
    while True:
        try:
            return ended.get(timeout=LOOK_S)
        except Empty:
            try:
                client.wait_for_workers(1, timeout=NO_WORKERS_S)
            except TimeoutError as error:
                raise WorkerError(f"no worker has come for {NO_WORKERS_S:g} s, so nothing more can be read") from error


def _perform(job: Job, stretch: Stretch) -> Done:
    """Do one stretch: in a worker."""
    from distributed import get_worker

    worker = get_worker()
    with worker.plugins[PLUGIN].lent() as reader:
        return work(job, stretch, reader, lambda progress: worker.log_event(job.run, tuple(progress)))


def _readers() -> Any:
    """Make the plugin that keeps a worker's readers between its tasks: a process each, that has loaded all it needs."""
    from distributed import WorkerPlugin

    class Readers(WorkerPlugin):  # type: ignore[misc] # it is Any to mypy, as pyproject.toml says
        name = PLUGIN

        def setup(self, worker: Any) -> None:  # noqa: ARG002 - as Dask calls it
            self._idle: list[Reader] = []

        def teardown(self, worker: Any) -> None:  # noqa: ARG002 - as Dask calls it
            while self._idle:
                self._idle.pop().close()

        @contextmanager
        def lent(self) -> Iterator[Reader]:
            reader = self._idle.pop() if self._idle else Reader()
            try:
                yield reader
            except BaseException:
                reader.close()
                raise
            self._idle.append(reader)

    return Readers()


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
