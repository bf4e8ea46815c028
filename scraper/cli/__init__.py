"""The `scraper` command: reads the command line, calls one function of a floor below, prints, and ends with a code."""

from scraper.cli.app import main

__all__ = ["main"]
