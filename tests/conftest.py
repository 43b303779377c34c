"""What all tests share."""

import signal

# A shell starts background jobs with SIGINT ignored, and that is inherited: the programs that tests start and interrupt
# must see what a user's terminal would give them.
signal.signal(signal.SIGINT, signal.default_int_handler)
