"""One file a container format. Each turns an open binary stream into documents, lazily and within the caps."""
