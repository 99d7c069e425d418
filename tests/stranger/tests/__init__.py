"""The tests of fleet-rollout."""
