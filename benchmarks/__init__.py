"""What the package is measured with: the corpora, the peers, the trainer and the gate. Nothing here is installed with the package."""
