"""The script as it might have been: each module is a copy of one step, with a mistake that deployment scripts have in earnest.

Each runs like the script itself (`python -m fleet_rollout.faults.NAME`), and the tests must tell it from the script (`pytest --script
fleet_rollout.faults.NAME`).
"""
