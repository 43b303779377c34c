"""Tools for assistants (MCP): read, analyse, search, verify, brief, over the same functions as the command line."""
