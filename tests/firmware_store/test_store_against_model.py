"""The store against a dictionary, through random changes, reopenings and power cuts."""

from hypothesis import HealthCheck, settings

from tests.firmware_store.model import StoreMachine
from tests.sampling import examples

TestStore = StoreMachine.TestCase
TestStore.settings = settings(
    deadline=None,
    max_examples=examples(150),
    stateful_step_count=40,
    suppress_health_check=[HealthCheck.too_slow],
)
