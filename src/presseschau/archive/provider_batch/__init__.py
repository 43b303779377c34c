"""An archive by batches: whole waves of requests are handed to a provider, or to a file, and collected later."""
