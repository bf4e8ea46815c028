"""How does a person look at the database without SQL? On a page of plots: as one file (`report`), or beside Datasette (`serving`)."""
