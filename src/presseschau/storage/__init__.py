"""What lies on the disk: databases of our own, and files that are replaced as a whole."""
