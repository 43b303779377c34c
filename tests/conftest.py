"""What all tests share."""

import signal

from hypothesis import HealthCheck, settings

# A shell starts background jobs with SIGINT ignored, and that is inherited: the programs that tests start and interrupt
# must see what a user's terminal would give them.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A loaded machine is no bug: what takes too long is found by pytest's own timeout.
settings.register_profile("presseschau", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("presseschau")
