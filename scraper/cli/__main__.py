"""Run the command where its console script is not on the path: `python -m scraper.cli`."""

import sys

from scraper.cli.app import main

sys.exit(main())
