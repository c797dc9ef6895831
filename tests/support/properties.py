"""How long hypothesis tries: briefly by default, long for ``make fuzz``; a plugin of tests."""

from hypothesis import HealthCheck, settings

# Machines differ, and eight tests may share one: no deadline for a single example.
settings.register_profile("ci", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", settings.get_profile("ci"), max_examples=20_000, print_blob=True)
settings.load_profile("ci")
