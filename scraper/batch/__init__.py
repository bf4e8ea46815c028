"""How are archives read on many cores or machines? Files of pages in, Parquet datasets out; a selection of them into a database."""
