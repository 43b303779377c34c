"""Requests by the file instead of one by one: the lines, the shards they are put in, and OpenAI's files and batches."""
