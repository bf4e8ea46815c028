"""Where does the process begin that reads for a worker (`reader`)? Not in `apart`, whose types have to bear its name when they are sent."""

from scraper.batch.apart import main

if __name__ == "__main__":
    main()
