"""What the commands say when they refuse. Names, codes and sentences go into the log; what was sent does not."""

import json
import subprocess


def complaints(done: subprocess.CompletedProcess[str]) -> str:
    """Of BCU: the entries that failed with their codes, else what it says of the whole run."""
    lines = json.loads(done.stdout)["lines"] if done.stdout.startswith("{") else []
    entries = [
        f"{line['name']} ({line['returnCode']})" for line in lines if line.get("changeStatus") == "fail"
    ]
    errors = [line["msg"] for line in lines if line["element"] == "ERROR"]
    return "; ".join(entries or errors) or done.stderr.strip()


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """Of `f10 payload apply`."""
    told: str = json.loads(done.stdout)["sentence"] if done.stdout.startswith("{") else done.stderr.strip()
    return told
