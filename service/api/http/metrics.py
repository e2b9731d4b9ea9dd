"""/metrics, for Prometheus: how requests went, and how the log and its read models stand."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import accumulate

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, Counter, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from sqlalchemy import select

from service import __version__
from service.api.http.gate import Gate
from service.api.http.register import Here, Register
from service.feeds import deliveries, store
from service.feeds.leading import read_cursor
from service.feeds.open_feeds import OpenFeeds
from service.log import read
from service.log.database import reading, size_bytes, waited_s, wal_bytes
from service.projections.tables import live

router = APIRouter(include_in_schema=False)

BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

KEY_REFUSED = (401, 403)


class Metrics:
    """A registry of its own: what else runs in the process does not add to it."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Durations()
        self.registry.register(self._requests)
        self._keys_refused = Counter(
            "lodestone_keys_refused",
            "Requests refused for their access key: 401, none or none that is valid; 403, one of a narrower scope.",
            ("status",),
            registry=self.registry,
        )

    def count(self, method: str, route: str, status: int, duration_s: float) -> None:
        of_class = f"{status // 100}xx" if status else "none"
        self._requests.observe((method, route, of_class), duration_s)
        if status in KEY_REFUSED:
            self._keys_refused.labels(str(status)).inc()

    def watch(self, register: Register) -> None:
        """Reads the gauges from a register, at each scrape."""
        self.registry.register(_Standing(register))


class Durations(Collector):
    """Counts in plain numbers, since one thread alone counts: that of the event loop. They are told at each scrape."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, str], list[int]] = {}
        self._sums_s: dict[tuple[str, str, str], float] = {}

    def observe(self, labels: tuple[str, str, str], duration_s: float) -> None:
        counts = self._counts.get(labels)
        if counts is None:
            counts = self._counts[labels] = [0] * (len(BUCKETS_S) + 1)
        counts[bisect_left(BUCKETS_S, duration_s)] += 1
        self._sums_s[labels] = self._sums_s.get(labels, 0.0) + duration_s

    def collect(self) -> Iterator[Metric]:
        found = HistogramMetricFamily(
            "lodestone_request_duration_seconds",
            "How long requests took, by route and by the class of their status; none: no answer was sent.",
            labels=("method", "route", "status"),
        )
        for labels, counts in tuple(self._counts.items()):
            bounds = (*map(str, BUCKETS_S), "+Inf")
            found.add_metric(labels, tuple(zip(bounds, accumulate(counts), strict=True)), self._sums_s.get(labels, 0.0))
        yield found


class _Standing(Collector):
    def __init__(self, register: Register) -> None:
        self._register = register

    def collect(self) -> Iterator[Metric]:
        in_use = GaugeMetricFamily(
            "lodestone_connections_in_use", "Connections to the database that are in use.", labels=["pool"]
        )
        build = GaugeMetricFamily("lodestone_build_info", "1; which version runs.", labels=["version"])
        build.add_metric([__version__], 1)
        yield build
        yield _gauge("writer_queue_requests", "Requests that wait to be recorded.", self._register.log.waiting)
        with reading(self._register.reserved.engine) as connection:
            head = read.read_head(connection).position
            at = connection.execute(select(live.c.position)).scalar_one()
            size, wal = size_bytes(connection), wal_bytes(connection)
        yield _gauge("log_head_position", "The last position of the log.", head)
        yield _gauge("read_models_position", "The log position that the read models stand at.", at)
        yield _gauge("read_models_lag_events", "Events that the read models lack.", head - at)
        yield _gauge("database_size_bytes", "The size of the database, everything in it.", size)
        if wal is not None:
            yield _gauge("wal_bytes", "The size of SQLite's write-ahead log.", wal)
        refusing = bool(self._register.log.refusing)
        yield _gauge("refusing_writes", "1 where nothing could be recorded when it was last tried.", refusing)
        if self._register.log.kept is not None:
            behind = max(0, head - self._register.log.kept)
            yield _gauge("checkpoint_lag_events", "Events that the last checkpoint in its file lacks.", behind)
        waited = CounterMetricFamily(
            "lodestone_connection_wait_seconds", "How long requests waited for a connection, together.", labels=["pool"]
        )
        for name, engine in self._register.pools().items():
            in_use.add_metric([name], engine.pool.checkedout())  # type: ignore[attr-defined]
            waited.add_metric([name], waited_s(engine))
        yield from (in_use, waited)


class OfFeeds(Collector):
    """The feeds of this process."""

    def __init__(self, feeds: OpenFeeds) -> None:
        self._feeds = feeds

    def collect(self) -> Iterator[Metric]:
        yield _gauge("feeds_open", "Feeds of events that are open.", self._feeds.open)
        yield _counter("feed_events_sent", "Events that feeds sent.", self._feeds.events_sent)
        yield _counter("feeds_dropped", "Feeds ended since their readers did not read.", self._feeds.dropped)


class OfGates(Collector):
    """The gates of this process, by kind of work."""

    def __init__(self, gates: Mapping[str, Gate]) -> None:
        self._gates = gates

    def collect(self) -> Iterator[Metric]:
        working = GaugeMetricFamily("lodestone_requests_working", "Requests that are worked on.", labels=["work"])
        waiting = GaugeMetricFamily("lodestone_requests_waiting", "Requests that wait for their turn.", labels=["work"])
        refused = CounterMetricFamily(
            "lodestone_requests_refused", "Requests refused since there was too much to do.", labels=["work"]
        )
        for work, gate in self._gates.items():
            working.add_metric([work], gate.working)
            waiting.add_metric([work], gate.waiting)
            refused.add_metric([work], gate.refused)
        yield from (working, waiting, refused)


class OfReplicas(Collector):
    """What answers are read from, as this process finds it."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def collect(self) -> Iterator[Metric]:
        replicas = self._register.replicas
        usable = GaugeMetricFamily("lodestone_replica_usable", "1 where the replica is read from.", labels=["replica"])
        lag = GaugeMetricFamily(
            "lodestone_replica_lag_seconds",
            "How long ago the first event was recorded that the replica lacked when it was last looked at.",
            labels=["replica"],
        )
        for one in replicas.replicas:
            usable.add_metric([one.name], one.usable)
            if one.lag_s is not None:
                lag.add_metric([one.name], one.lag_s)
        reads = CounterMetricFamily("lodestone_reads", "Where what answers follow from was read.", labels=["database"])
        for name, count in sorted(replicas.reads.items()):
            reads.add_metric([name], count)
        yield from (usable, lag, reads)


class OfWatches(Collector):
    """Watches and their deliveries, of all processes: they stand in the database."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def collect(self) -> Iterator[Metric]:
        with reading(self._register.reserved.engine) as connection:
            held, apart = store.count(connection), store.count_behind(connection)
            behind = read.read_head(connection).position - read_cursor(connection).position
            counted = deliveries.counted(connection)
        yield _gauge("watches", "Standing questions.", held)
        lag = "Events that no watch was evaluated for yet."
        yield _gauge("watches_lag_events", lag, behind if held else 0)
        yield _gauge("watches_behind", "Watches that are evaluated apart, until they are where the others are.", apart)
        states = GaugeMetricFamily("lodestone_deliveries", "Messages to receivers, by state.", labels=["state"])
        for state in ("pending", "delivered", "dead"):
            states.add_metric([state], counted.get(state, 0))
        yield states


def _counter(name: str, help_: str, value: float) -> CounterMetricFamily:
    return CounterMetricFamily(f"lodestone_{name}", help_, value)


def _gauge(name: str, help_: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"lodestone_{name}", help_, value)


@router.get("/metrics")
async def metrics(request: Request, register: Here) -> Response:
    """In the text form of Prometheus. A key of scope read opens it, as everything that tells of the log.

    Raises Unavailable where the database is away, which Prometheus takes for a service that is down.
    """
    found: Metrics = request.app.state.metrics
    return Response(await register.reserved.run(generate_latest, found.registry), media_type=CONTENT_TYPE_LATEST)
