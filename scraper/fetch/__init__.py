"""A URL in, a Page out, politely and within limits.

guard      may this URL be asked for, and which of its addresses may be connected to?
addresses  which addresses has a host just now?
gate       what does the host's robots.txt say?
slots      when is the host's turn?
client     one request on the wire (httpx)
transport  one connection a host (httpcore)
network    bytes there and back, on asyncio
body       what is inside the compressed body, and not too much of it
answers    what the response means
spill      where what is too large to be held goes
message    what is sent to the operator's own addresses
errand     what one call wants, and what it has cost
patience   how often to try, and how long to wait (tenacity)
fetcher    the order of it all, redirects included
"""

from scraper.fetch.errand import Accept
from scraper.fetch.fetcher import Fetcher, Surroundings
from scraper.fetch.patience import Patience
from scraper.fetch.spill import Spill

__all__ = ["Accept", "Fetcher", "Patience", "Spill", "Surroundings"]
