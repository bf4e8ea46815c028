"""In which forms do records leave the program? One by one for readers, or by the million for other programs."""

from scraper.export.records import FORMATS, Format, explain, printable, render
from scraper.export.tables import COLUMNS, TABLE_FORMATS, TableFormat, write_table

__all__ = ["COLUMNS", "FORMATS", "TABLE_FORMATS", "Format", "TableFormat", "explain", "printable", "render", "write_table"]
