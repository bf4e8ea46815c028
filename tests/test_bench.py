"""The bench counts a peer that raises, and says of each measure who is best and whether we reach it."""

from benchmarks.contenders import CONTENDERS, PARSE, Contender
from benchmarks.corpora import CorpusPage
from benchmarks.extract import measure
from benchmarks.targets import NEWS, TARGETS, shares, target_table


def page(number: int, text: str) -> CorpusPage:
    return CorpusPage(set="made_up", id=str(number), url=None, site="site.example", content=text.encode(), truth={"id": str(number)})


def test_a_contender_that_raises_is_counted_and_has_said_nothing() -> None:
    fragile = Contender(name="fragile", predict=lambda text, _: {"body": text.split("x")[1]})
    seen, runs = measure([fragile, PARSE, CONTENDERS["scraper"]], [page(0, "axb"), page(1, "ab"), page(2, "a\0b")])
    assert len(seen) == 3
    assert runs["fragile"].errors == 2
    assert runs["fragile"].predictions == [{"id": "0", "body": "b"}, {"id": "1"}, {"id": "2"}]
    assert runs["scraper"].errors == 0
    assert all(len(run.seconds) == 3 for run in runs.values())


def test_a_target_names_the_best_peer_and_whether_it_is_reached() -> None:
    figures = {
        NEWS: {"scraper": {"body F1": 0.98, "title": 0.8}, "one": {"body F1": 0.9}, "other": {"body F1": 0.95}},
        "speed": {"scraper": {"times lexbor": 3.5}, "one": {"times lexbor": 40.0}, "other": {"times lexbor": 4.25}},
    }
    rows = target_table(figures).splitlines()[2:]
    assert rows == [
        "| body, news of 80 publishers: shingle F1 | 0.950 (other) | 0.980 | ≥ 0.972 |  |",
        "| headline exact: news | – | 0.800 | ≥ 0.930 | missed |",
        "| full record, time as a multiple of lexbor's parse | 4.2 (other) | 3.5 | ≤ 4.0 |  |",
    ]
    assert len({target.measure for target in TARGETS}) == len(TARGETS)


def test_a_share_counts_what_is_missed_and_what_is_invented() -> None:
    assert shares([(True, True), (True, False), (False, True), (False, False)]) == 0.5
