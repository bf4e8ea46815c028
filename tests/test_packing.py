"""Does a worker get the template that its source's pages have taught, whichever parts of it crossed before?"""

import pickle

from scraper.extract.memory import Memory, remembered, renewed
from scraper.extract.taught import Lesson, Place
from scraper.pipeline.packing import Packing, unpacked
from scraper.records import Template

PAGES = 34  # the first ten renew a template each time, every tenth later on


def lesson(number: int) -> Lesson:
    """Invent a page of a site that puts a teaser beside two stories in a row, and its notice beside all."""
    teasers = {f"teaser {shown}": (f"t{shown}", False) for shown in (number, number + 1)}
    place = Place("html/body/main", "div", "main")
    return Lesson(blocks={"notice": ("all", False), **teasers}, paths={"html/body/main": (900 + number, 20)}, places={"body": place})


def test_every_template_arrives_as_it_was_packed_and_most_cross_as_what_was_added() -> None:
    memory, template, packing, wholes = Memory(), Template(), Packing(), []
    for number in range(PAGES):
        taught = lesson(number)
        memory = remembered(memory, taught)
        template = renewed(template, memory, taught)
        packed = packing.packed(template)
        arrived = unpacked(pickle.loads(pickle.dumps(packed)))
        assert arrived == template
        assert (arrived.pages, arrived.repeated.keys()) == (template.pages, template.repeated.keys())
        wholes.append(packed.whole)
    assert len(template.repeated) > 2
    assert len(set(wholes)) == 10 + (PAGES - 10) // 10
