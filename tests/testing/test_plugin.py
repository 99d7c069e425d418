"""The plugin as other projects meet it: each test here runs pytest over tests of its own."""

import subprocess
import sys

import pytest

from tests.testing.inner_runs import QUIET

pytest_plugins = ["pytester"]

SECRET = "Sesame-1-of-ours"


def run(pytester: pytest.Pytester, tests: str, *options: str) -> pytest.RunResult:
    pytester.makepyfile(tests)
    return pytester.runpytest_inprocess(*QUIET, *options)


MARKERS = """
    import pytest

    @pytest.mark.target_pc(model="elitedesk-800-g2", quirks={"response_tries": "5"})
    def test_model(target_pc):
        told = target_pc.report()
        assert (told["machine"]["model"], told["quirks"]) == ("elitedesk-800-g2", {"response_tries": "5"})

    @pytest.mark.target_pc(model="elitedesk-800-g2", quirks={"response_tries": "5"})
    class TestNearest:
        @pytest.mark.target_pc(quirks={"response_tries": "10"})
        def test_nearest(self, target_pc):
            told = target_pc.report()
            assert (told["machine"]["model"], told["quirks"]) == ("elitedesk-800-g2", {"response_tries": "10"})

    @pytest.mark.target_pc(model="models/mine.toml")
    def test_model_file(target_pc):
        assert target_pc.report()["machine"]["model"] == "mine"

    @pytest.mark.target_pc(model="elitebook-810-g1")
    def test_image(nvram_image):
        assert nvram_image.open()
"""


def test_a_marker_chooses_model_and_quirks(
    pytester: pytest.Pytester, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    packaged = request.config.rootpath / "emulator/models/elitedesk-800-g2.toml"
    text = packaged.read_text("utf-8").replace('id = "elitedesk-800-g2"', 'id = "mine"', 1)
    (pytester.mkdir("models") / "mine.toml").write_text(text, "utf-8")
    pytester.makeini("")
    pytester.makepyfile(MARKERS)
    # The root folder counts, not the one from which pytest is started.
    monkeypatch.chdir(pytester.mkdir("elsewhere"))
    pytester.runpytest_inprocess(*QUIET, str(pytester.path)).assert_outcomes(passed=4)


WRONG = {
    "model='nonesuch'": "no packaged model is called 'nonesuch'",
    "model='models/none.toml'": "models/none.toml cannot be read",
    "quirks={'nonesuch': '1'}": "no quirk is called 'nonesuch'",
    "quirks={'response_tries': 4}": "takes '3', '5', '10'",
    "quirks={'response_tries': []}": "takes '3', '5', '10'",
    "quirks='none'": "quirks a dictionary of names and values",
    "modell='zbook-power-g7'": "it takes model=... and quirks=... and nothing else; modell came",
    "'zbook-power-g7'": "it takes model=... and quirks=... and nothing else; 'zbook-power-g7' came",
}


def test_a_wrong_marker_fails_the_test_with_a_sentence(pytester: pytest.Pytester) -> None:
    tests = "".join(
        f"@pytest.mark.target_pc({words})\ndef test_{number}(target_pc):\n    pass\n"
        for number, words in enumerate(WRONG)
    )
    done = run(pytester, f"import pytest\n{tests}")
    done.assert_outcomes(errors=len(WRONG))
    told = done.stdout.str()
    for sentence in WRONG.values():
        assert sentence in told
    assert "Traceback" not in told
    assert "During handling" not in told


def test_a_model_without_keys_cannot_be_provisioned(pytester: pytest.Pytester) -> None:
    tests = """
        import pytest
        @pytest.mark.target_pc(model="elitebook-810-g1")
        def test_keys(provisioned_pc):
            pass
    """
    done = run(pytester, tests)
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*elitebook-810-g1*knows no Secure Platform Management*"])


FAILING = f"""
    import shutil

    import pytest

    def test_setup(target_pc):
        target_pc.enter_setup()
        target_pc.change("Fast Boot", "Disable")
        target_pc.change_password("Setup Password", {SECRET!r})
        target_pc.change("Fast Boot", "Perhaps")

    def test_password(target_pc):
        secret = target_pc.get("Setup Password") + SECRET
        target_pc.enter_setup()
        target_pc.change_password("Setup Password", SECRET)
        target_pc.save()
        target_pc.set("Fast Boot", "Perhaps", password=SECRET)

    def test_disk(target_pc):
        target_pc.enter_setup()
        target_pc.change_password("Setup Password", SECRET)
        target_pc.save()
        shutil.rmtree(target_pc.home)
        target_pc.set("Fast Boot", "Disable", password=SECRET)

    def test_two(target_pc, nvram_image):
        target_pc.power_off()
        assert target_pc.get("Fast Boot") == "Disable"

    def test_good(target_pc):
        assert target_pc.phase == "operating system"

    SECRET = "-".join(["Sesame", "1", "of", "ours"])
"""


def test_a_failing_test_shows_the_screen_and_no_password(pytester: pytest.Pytester) -> None:
    tests = FAILING.replace(repr(SECRET), "SECRET")
    done = run(pytester, tests, "--tb=long")
    done.assert_outcomes(failed=4, passed=1)
    done.stdout.fnmatch_lines(["*screen of target_pc, 5CG*, Computer Setup*", "*Not saved: 1*"])
    done.stdout.fnmatch_lines(["*screen of target_pc, 5CG*, operating system*", "*Started from*"])
    done.stdout.fnmatch_lines(["*screen of target_pc, 5CG*, off*", "(dark)"])
    told = done.stdout.str()
    assert SECRET not in told
    assert told.count("screen of ") == 4
    assert "It cannot be drawn: ImageMissing" in told
    assert "emulator/testing" not in told


FLEET = """
    def test_fleet(target_pc):
        fleet = [target_pc.clone(serial=f"SHELF-{n}") for n in range(4)]
        fleet[0].enter_setup()
        assert not fleet
"""


def test_the_screens_of_clones_are_shown_as_far_as_they_are_few(pytester: pytest.Pytester) -> None:
    done = run(pytester, FLEET)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        [
            "*screen of target_pc, 5CG*, operating system*",
            "*screen of a clone of target_pc, SHELF-0, Computer Setup*",
            "*screen of a clone of target_pc, SHELF-1, operating system*",
            "*other clones of target_pc*",
            "and 2 more",
        ]
    )
    assert done.stdout.str().count("screen of ") == 3


BROKEN = """
    import pytest

    class Broken:
        def target_pc(self):
            raise ValueError("a fault of ours")

    @pytest.fixture
    def _f10_templates():
        return Broken()

    def test_fault(target_pc):
        pass
"""


def test_the_marker_is_blamed_for_its_own_faults_only(pytester: pytest.Pytester) -> None:
    done = run(pytester, BROKEN)
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*ValueError: a fault of ours"])
    assert "the marker" not in done.stdout.str()


PINS = """
    def test_pin(provisioned_pc, phone, admin):
        provisioned_pc.enter_setup()
        pin = phone.pin(provisioned_pc.challenge)
        print("told:", "".join(reversed(pin)), "".join(reversed(admin.passphrase)))
        assert not provisioned_pc.answer(pin)

    def test_wrong_passphrase(phone, admin, tmp_path):
        phone.enrol(admin.enrolment(2), "a wrong " + "passphrase")

    def test_compared(admin):
        assert admin.passphrase == "another-text"

    def test_searched(admin):
        log = f"the passphrase is {admin.passphrase}!"
        assert admin.passphrase not in log

    def test_prompt(provisioned_pc):
        provisioned_pc.enter_setup()
        assert provisioned_pc.screen((132, 43)) == ""
"""


def test_a_failing_test_tells_no_pin_and_no_key(pytester: pytest.Pytester) -> None:
    done = run(pytester, PINS, "--tb=long", "-vv")
    done.assert_outcomes(failed=5)
    done.stdout.fnmatch_lines(["*assert a secret == what is not told here*"])
    lines = done.stdout.str()
    pin, passphrase = (
        word[::-1] for word in next(line for line in done.outlines if line.startswith("told:")).split()[1:]
    )
    assert len(pin) == 8
    assert pin not in lines
    assert passphrase not in lines
    assert "a wrong passphrase" not in lines
    assert "▀" not in lines
    assert "PRIVATE KEY" not in lines


LEAKS = """
    import pytest

    @pytest.mark.parametrize("n", range(4))
    def test_each_finds_it_new(n, target_pc):
        assert (target_pc.get("Fast Boot"), target_pc.phase) == ("Enable", "operating system")
        target_pc.set("Fast Boot", "Disable")
        if n % 2:
            assert target_pc.home.is_dir()
            seen = target_pc.home
            target_pc.set("USB Storage Boot", "Disable")
        target_pc.power_off()

    homes = set()

    @pytest.mark.parametrize("n", range(3))
    def test_each_has_a_home_of_its_own(n, target_pc, tmp_path_factory):
        assert target_pc.home not in homes
        assert target_pc.home.is_relative_to(tmp_path_factory.getbasetemp())
        homes.add(target_pc.home)
        assert (target_pc.home / "pc" / "management.sock").exists()

    def test_what_was_left_running_is_off():
        assert len(homes) == 3
        assert not any((home / "pc" / "management.sock").exists() for home in homes)
"""


def test_nothing_leaks_from_one_test_to_the_next(pytester: pytest.Pytester) -> None:
    run(pytester, LEAKS).assert_outcomes(passed=8)


@pytest.mark.slow
def test_workers_share_nothing(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pytest

        @pytest.mark.parametrize("n", range(24))
        def test_unlock(n, provisioned_pc, unlocked_pc, admin, phone, worker_id, testrun_uid, tmp_path_factory):
            provisioned_pc.apply(admin.setting("Fast Boot", "Disable"))
            provisioned_pc.enter_setup()
            assert provisioned_pc.answer(phone.pin(provisioned_pc.challenge))
            unlocked_pc.change("USB Storage Boot", "Disable")
            unlocked_pc.save()
            assert unlocked_pc.home.is_relative_to(tmp_path_factory.getbasetemp())
            with (tmp_path_factory.getbasetemp().parent / f"seen-{worker_id}").open("a") as seen:
                seen.write(f"{provisioned_pc.uuid} {phone.keys()[0]}\\n")

        def test_screen(unlocked_pc):
            assert unlocked_pc.phase == "off"
    """)
    done = pytester.runpytest_subprocess(*QUIET, "-n", "2", f"--basetemp={pytester.path / 'base'}")
    done.assert_outcomes(passed=24, failed=1)
    done.stdout.fnmatch_lines(["*screen of unlocked_pc, 5CG*, Computer Setup*"])
    seen = {path.name: set(path.read_text().splitlines()) for path in (pytester.path / "base").glob("seen-*")}
    assert len(seen) == 2
    assert all(len(machines) == 1 for machines in seen.values())
    assert len(set.union(*seen.values())) == 2


def test_the_plugin_loads_nothing_before_a_test_asks_for_it() -> None:
    program = (
        "import sys, pytest; before = set(sys.modules); import emulator.pytest_plugin;"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["emulator", "emulator.pytest_plugin"]


def test_fixtures_and_marker_are_told(pytester: pytest.Pytester) -> None:
    done = run(pytester, "", "--markers")
    done.stdout.fnmatch_lines(["@pytest.mark.target_pc(model=..., quirks=...): *"])
    told = run(pytester, "", "--fixtures").stdout.str()
    for name in ("target_pc", "provisioned_pc", "unlocked_pc", "phone", "admin", "nvram_image"):
        assert f"\n{name} -- " in told
