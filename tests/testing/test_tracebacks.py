"""What a failing test shows of what it handed to this API: its own lines, and no argument behind them."""

import pytest

from tests.testing.inner_runs import QUIET

pytest_plugins = ["pytester"]

LONG = (*QUIET, "--tb=long", "-vv")
PASSWORD = "Sesame-1-of-ours"

LEAKS = """
    import unittest

    from emulator.testing import PC, Admin

    PASSWORD = "-".join(["Sesame", "1", "of", "ours"])

    def guarded():
        pc = PC.new()
        pc.enter_setup()
        pc.change_password("Setup Password", PASSWORD)
        pc.save()
        return pc

    def test_bad_nonce(admin):
        admin.setting("Setup Password", PASSWORD, nonce=-1)

    def test_bad_machine(admin):
        admin.authorization("Setup Password", PASSWORD, machine="nonsense")

    def test_no_text():
        guarded().set("Fast Boot", 3, password=PASSWORD)

    def test_no_characters():
        guarded().set("Ownership Tag", chr(0xD800), password=PASSWORD)

    def test_no_name():
        pc = PC.new()
        pc.enter_setup()
        pc.change_password(None, PASSWORD)

    def test_used_folder(tmp_path):
        first = Admin.new(tmp_path / "keys")
        print("told:", "".join(reversed(first.passphrase)))
        assert first.mode(on=True)
        Admin.new(tmp_path / "keys")

    def test_lost_folder(tmp_path):
        lost = Admin.new(tmp_path / "keys")
        print("told:", "".join(reversed(lost.passphrase)))
        (tmp_path / "keys").write_text("in the way")
        lost.mode(on=True)

    def test_handed_on():
        try:
            guarded().set("Fast Boot", "Perhaps", password=PASSWORD)
        except Exception as error:
            raise RuntimeError("it was not set") from error

    def test_group():
        try:
            guarded().set("Fast Boot", "Perhaps", password=PASSWORD)
        except Exception as error:
            both = [error, OSError("another")]
        raise ExceptionGroup("two", both)

    class TestOldStyle(unittest.TestCase):
        def test_old_style(self):
            guarded().set("Fast Boot", "Perhaps", password=PASSWORD)

    def test_environment(monkeypatch):
        monkeypatch.setenv("TOKEN", PASSWORD)
        environment = PC.new().environment
        assert environment["F10_HOME"] == "elsewhere" + repr(environment)

    def test_environments(monkeypatch):
        monkeypatch.setenv("TOKEN", PASSWORD)
        assert PC.new().environment == {}
"""


def test_no_secret_that_was_handed_over_is_shown(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(LEAKS)
    done = pytester.runpytest_inprocess(*LONG)
    done.assert_outcomes(failed=12)
    told = done.stdout.str()
    shown = [line for line in told.splitlines() if PASSWORD in line]
    assert not shown
    passphrases = [line.split()[1][::-1] for line in done.outlines if line.startswith("told:")]
    assert len(passphrases) == 2
    assert not [each for each in passphrases if each in told]
    assert "emulator/testing/" not in told
    for sentence in ("a nonce is a number of 32 bits", "takes the UUID of a PC", "holds something already"):
        assert sentence in told


def test_the_whole_trace_is_there_for_whoever_wants_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        "from emulator.testing import PC\ndef test_trace():\n    PC.new().set('Fast Boot', 'Perhaps')\n"
    )
    done = pytester.runpytest_inprocess(*LONG, "--full-trace")
    done.assert_outcomes(failed=1)
    assert "emulator/testing/pc.py" in done.stdout.str()
