"""No test fails because the machine is slow or busy: what is wrong is wrong at any speed."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

os.environ["COLUMNS"] = "100"  # a page is as wide wherever the tests run

settings.register_profile(
    "any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")
