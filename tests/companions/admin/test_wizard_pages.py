"""The wizard as somebody uses it: every page, in English and German, in windows of every size."""

import base64
import io
import re
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)
from PIL import Image
from textual.widget import Widget

from emulator.companions.admin import key_files, policies
from emulator.companions.admin.arguments import EVERY_MACHINE
from emulator.companions.admin.enrolment_picture import TooMuchText
from emulator.companions.admin.key_files import KeyFile
from emulator.companions.admin.screens import look, making
from emulator.companions.admin.screens.fields import Choices, SecretField, TextField
from emulator.companions.admin.screens.making import AlreadyThere, Form, Wanted
from emulator.companions.admin.screens.menu import Menu
from emulator.companions.admin.screens.page import Page
from emulator.companions.admin.screens.too_small import TooSmall
from emulator.companions.admin.screens.wizard import ChosenKey, Place
from emulator.protocol import authorization, enrolment, payload, policy, spm
from emulator.protocol.keys import PublicKey
from emulator.protocol.payload import Purpose
from emulator.protocol.status import CommandStatus
from tests.companions.admin.wizarding import NOW, PASSPHRASE, Person, use
from tests.conftest import fixed_key
from tests.setup.rendering import assert_golden

pytestmark = pytest.mark.sampled(4)

TARGET = uuid.UUID("00112233-4455-6677-8899-aabbccddeeff")
LABELS = {
    "en": ("Key successfully created", "Saved successfully", "Summary", "cannot be bound to one machine"),
    "de": (
        "Schlüssel erfolgreich erstellt",
        "Erfolgreich gespeichert",
        "Übersicht",
        "lassen sich nicht an ein Gerät binden",
    ),
}
Sent = list[bytes]


def pc(sent: Sent, **replies: Mapping[str, object]) -> Callable[[bytes], Mapping[str, object]]:
    """A way to a PC that accepts everything but the purposes in `replies`."""

    def send(raw: bytes) -> Mapping[str, object]:
        sent.append(raw)
        accepted = {
            "ok": True,
            "status": 0,
            "status_name": "SUCCESS",
            "sentence": "",
            "presence_needed": False,
        }
        return replies.get(payload.parse(raw).purpose.name, accepted)

    return send


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "admin"


@pytest.fixture
def pem(tmp_path: Path, signing_key: RSAPrivateKey) -> Path:
    """A signing key as OpenSSL writes it, under a passphrase."""
    path = tmp_path / "own.pem"
    path.write_bytes(
        signing_key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASSPHRASE.encode())
        )
    )
    return path


@pytest.mark.parametrize("language", ["en", pytest.param("de", marks=pytest.mark.slow)])
def test_the_whole_way_makes_keys_a_picture_and_a_policy_that_verifies(folder: Path, language: str) -> None:
    created, saved, summary, not_bound = LABELS[language]

    async def script(person: Person) -> None:
        await person.make_platform_keys()
        await person.press("ctrl+n")
        await person.push("mode")
        await person.press("ctrl+n")
        await person.make_local_key()
        assert f"✓ {created}" in person.read()
        await person.push("next")
        assert summary in person.read()
        assert "Fleet key" in person.read()
        assert not_bound in person.read()
        await person.push("save")
        assert f"✓ {saved}" in person.read()
        assert not person.wizard.unsaved

    use(folder, script, language=language)
    _verify(folder)


def _verify(folder: Path) -> None:
    """The picture's package opens, the policy parses, and each signature is good on any machine."""
    endorsement, signing, local = (
        key_files.load(folder / f"{name}.pfx", [PASSPHRASE]).public
        for name in ("Endorsement Key", "Signing Key", "Fleet key")
    )
    assert enrolled(folder / "Fleet key.png") == local
    steps = policy.parse((folder / "Sure-Admin.policy.json").read_bytes()).steps
    first, second, *settings = [payload.parse(step.payload) for step in steps]
    assert (first.purpose, second.purpose) == (Purpose.ENDORSEMENT_KEY, Purpose.SIGNING_KEY)
    assert spm.verify(spm.parse_signing_key(second.data), endorsement).key == signing
    changes = [payload.parse_setting(each.data) for each in settings]
    assert [each.value for each in changes] == ["Enable", base64.b64encode(local.modulus).decode()]
    for change in changes:
        token = authorization.parse(change.authorization)
        verified = authorization.verify(token, signing, change.name, change.value)
        assert verified.target == EVERY_MACHINE.bytes


def enrolled(picture: Path) -> PublicKey:
    """The key that a phone gets out of a picture."""
    with Image.open(picture) as opened:
        (code,) = zxingcpp.read_barcodes(opened)
    package = enrolment.parse(code.text)
    return PublicKey.of(enrolment.open_package(package, PASSPHRASE))


@pytest.mark.slow
def test_places_open_in_their_order_and_say_why_not(folder: Path, certificate_der: bytes) -> None:
    async def script(person: Person) -> None:
        for place, reason in (
            (Place.MODE, policies.PROVISIONING_FIRST),
            (Place.KEYS, policies.PROVISIONING_FIRST),
            (Place.SUMMARY, policies.NO_ENDORSEMENT),
        ):
            await person.go(place)
            assert f"Not yet. {reason}" in person.read()
            assert person.app.screen.query_one("#fields").disabled
        hold_both(person, certificate_der)
        await person.go(Place.KEYS)
        assert f"Not yet. {policies.MODE_FIRST}" in person.read()
        assert not person.app.screen.query_one("#name").focusable
        await person.go(Place.MODE)
        await person.push("mode")
        await person.go(Place.KEYS)
        assert "Not yet." not in person.read()
        assert person.app.screen.query_one("#name").has_focus

    use(folder, script)


@pytest.mark.slow
def test_the_azure_ways_are_shown_with_the_reason_why_they_cannot_be_chosen(folder: Path) -> None:
    async def script(person: Person) -> None:
        await to_local_access(person)
        assert "Azure AD Group OneDrive" in person.read()
        assert "no sign-in service yet" in person.read()
        await person.push("way")
        await person.press("right", "space", "right", "space")
        way = person.app.screen.query_one("#way", Choices)
        assert way.pressed_button is not None
        assert way.pressed_button.id == "manual"

    use(folder, script)


async def to_local_access(person: Person) -> None:
    """To the third page, in a fleet that has its keys and its mode."""
    await person.push("provisioned")
    person.wizard.choose_signing(chosen("signing"))
    person.wizard.say(enabled=True)
    await person.go(Place.KEYS)


def chosen(name: str, certificate: bytes | None = None) -> ChosenKey:
    """One of the committed keys, as if its file had been opened."""
    key = fixed_key(name)
    return ChosenKey.of(Path(f"{name}.pfx"), KeyFile(PublicKey.of(key), key, certificate))


def hold_both(person: Person, certificate_der: bytes) -> None:
    person.wizard.choose_endorsement(chosen("endorsement", certificate_der))
    person.wizard.choose_signing(chosen("signing"))


async def choose(person: Person, button: str, path: Path, secret: str = "") -> None:
    """Choose a key file in the dialog that a button opens."""
    await person.push(button)
    await person.write("file", str(path))
    await person.write("secret", secret)
    await person.push("take")


@pytest.mark.slow
def test_weak_and_unequal_passphrases_are_refused_beside_their_field(folder: Path) -> None:
    async def script(person: Person) -> None:
        await to_local_access(person)
        await person.write("name", "phone")
        for weak, reason in (("short", "at least 12 characters"), ("password12345678", "could guess it")):
            await person.new_passphrase(weak)
            await person.push("create")
            assert reason in person.read()
            assert person.app.screen.query_one("#passphrase").has_focus
        assert "weak" in person.read()
        await person.new_passphrase(PASSPHRASE, again=f"{PASSPHRASE}x")
        await person.push("create")
        assert "The two entries differ" in person.read()

    use(folder, script)
    assert not folder.exists()


@pytest.mark.slow
def test_an_offered_passphrase_is_shown_once_and_leaves_no_trace(folder: Path) -> None:
    offered = []

    async def script(person: Person) -> None:
        await to_local_access(person)
        await person.write("name", "phone")
        await person.push("offer")
        (found,) = re.findall(r"(?:[a-z2-9]{4}-){4}[a-z2-9]{4}", person.read())
        offered.append(found)
        assert "very strong" in person.read()
        await person.push("create")
        assert "✓ Key successfully created" in person.read()
        assert found not in person.read()
        assert [field.value for field in person.app.screen.query(SecretField)] == ["", ""]

    use(folder, script)
    assert key_files.load(folder / "phone.pfx", offered).private is not None


@pytest.mark.slow
def test_typing_takes_the_offered_passphrase_from_the_screen(folder: Path) -> None:
    async def script(person: Person) -> None:
        await to_local_access(person)
        await person.push("offer")
        assert "shown once" in person.read()
        await person.write("passphrase", "other")
        assert "shown once" not in person.read()

    use(folder, script)


@pytest.mark.slow
def test_fields_are_empty_after_the_page_was_left(folder: Path) -> None:
    async def script(person: Person) -> None:
        await to_local_access(person)
        await person.new_passphrase()
        left = list(person.app.screen.query(SecretField))
        await person.go(Place.STORE)
        assert [field.value for field in left] == ["", ""]
        await person.go(Place.KEYS)
        assert [field.value for field in person.app.screen.query(SecretField)] == ["", ""]

    use(folder, script)


@pytest.mark.slow
def test_an_existing_file_is_left_alone_and_nothing_else_is_written(folder: Path) -> None:
    folder.mkdir()
    (folder / "phone.png").write_text("mine")

    async def script(person: Person) -> None:
        await to_local_access(person)
        await person.make_local_key("phone")
        assert f"{folder / 'phone.png'} exists already and is left alone" in person.read()
        assert not person.wizard.local_access

    use(folder, script)
    assert [path.name for path in folder.iterdir()] == ["phone.png"]
    assert (folder / "phone.png").read_text() == "mine"


@pytest.mark.slow
@pytest.mark.parametrize("there", ["phone.pfx", "phone.png", "phone.svg", "phone-270.png", "phone.pdf"])
def test_no_file_that_a_key_would_have_is_replaced(folder: Path, there: str) -> None:
    folder.mkdir()
    (folder / there).write_text("mine")
    with pytest.raises(AlreadyThere, match=there):
        making.local_access_key(Wanted("phone", PASSPHRASE, folder, folder, tuple(Form)), now=NOW)
    assert [path.name for path in folder.iterdir()] == [there]
    assert (folder / there).read_text() == "mine"


@pytest.mark.slow
def test_a_picture_that_cannot_be_drawn_leaves_no_key_behind(folder: Path, tmp_path: Path) -> None:
    wanted = Wanted("phone", PASSPHRASE, folder, tmp_path / "out", (Form.PNG, Form.SVG), model="x" * 3000)
    with pytest.raises(TooMuchText):
        making.local_access_key(wanted, now=NOW)
    assert not list(folder.iterdir())
    assert PASSPHRASE not in repr(wanted)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["", ".hidden", "a/b", "ß" * 33])
def test_a_name_that_cannot_be_is_refused_beside_its_field(folder: Path, name: str) -> None:
    async def script(person: Person) -> None:
        await to_local_access(person)
        await person.make_local_key(name)
        assert "A name has 1 to 64 printable characters" in person.read()
        assert person.app.screen.query_one("#name").has_focus

    use(folder, script)
    assert not folder.exists()


@pytest.mark.slow
def test_every_form_of_picture_is_made_in_the_chosen_folder(folder: Path, tmp_path: Path) -> None:
    async def script(person: Person) -> None:
        await to_local_access(person)
        for form in ("svg", "raster", "sheet"):
            await person.push(f"form-{form}")
        await person.write("folder", str(tmp_path / "given out"))
        await person.write("model", "Desk 800")
        await person.write("serial", "5CG1")
        await person.make_local_key("phone")
        await person.go(Place.SUMMARY)
        assert "Model Desk 800 Serial number 5CG1" in person.read()

    use(folder, script)
    made = {path.name: path.read_bytes() for path in (tmp_path / "given out").iterdir()}
    assert sorted(made) == ["phone-270.png", "phone.pdf", "phone.png", "phone.svg"]
    assert made["phone.pdf"].startswith(b"%PDF")
    with Image.open(io.BytesIO(made["phone-270.png"])) as opened:
        assert opened.size == (270, 270)
    assert {path.name for path in folder.iterdir()} == {"phone.pfx", "phone.crt"}


@pytest.mark.slow
def test_a_policy_for_one_machine_is_bound_to_it(folder: Path, certificate_der: bytes) -> None:
    async def script(person: Person) -> None:
        hold_both(person, certificate_der)
        person.wizard.say(mode=True)
        await person.go(Place.SUMMARY)
        await person.push("machines")
        await person.press("right", "space")
        for wrong, reason in (("12", "was expected"), ("f" * 32, "stands for every machine")):
            await person.write("uuid", wrong)
            await person.push("save")
            assert reason in person.read()
        await person.write("uuid", str(TARGET))
        await person.push("save")
        assert "✓ Saved successfully" in person.read()

    use(folder, script)
    *_, mode = policy.parse((folder / "Sure-Admin.policy.json").read_bytes()).steps
    change = payload.parse_setting(payload.parse(mode.payload).data)
    signing = PublicKey.of(fixed_key("signing"))
    token = authorization.parse(change.authorization)
    verified = authorization.verify(token, signing, change.name, change.value)
    assert verified.target == TARGET.bytes_le


@pytest.mark.slow
def test_a_policy_file_that_exists_is_left_alone(folder: Path) -> None:
    folder.mkdir()
    (folder / "Sure-Admin.policy.json").write_text("mine")

    async def script(person: Person) -> None:
        await to_local_access(person)
        await person.make_local_key("phone")
        await person.push("next")
        await person.push("save")
        assert "exists already and is left alone" in person.read()
        await person.write("policy-name", "Another")
        await person.push("save")
        assert "✓ Saved successfully" in person.read()

    use(folder, script)
    assert (folder / "Sure-Admin.policy.json").read_text() == "mine"
    assert policy.parse((folder / "Another.policy.json").read_bytes()).name == "Another"


@pytest.mark.slow
def test_a_key_of_openssl_is_chosen_with_its_passphrase(folder: Path, pem: Path) -> None:
    async def script(person: Person) -> None:
        await person.push("choose-signing")
        await person.write("file", str(pem))
        for secret in ("", "not this one"):
            await person.write("secret", secret)
            await person.push("take")
            assert "does not open this file" in person.read()
            assert person.app.screen.query_one("#secret").has_focus
        await person.write("secret", PASSPHRASE)
        await person.push("take")
        assert "✓ own Key id" in person.read()
        await choose(person, "choose-endorsement", pem, PASSPHRASE)
        assert "no certificate" in person.read()

    use(folder, script)


@pytest.mark.slow
def test_an_existing_key_joins_the_policy_and_can_be_left_out_again(folder: Path, pem: Path) -> None:
    async def script(person: Person) -> None:
        await to_local_access(person)
        await person.push("number")
        await person.press("right", "space")
        await choose(person, "existing", pem, PASSPHRASE)
        assert "2: own, key id" in person.read()
        assert list(person.wizard.local_access) == [2]
        await person.push("leave-2")
        assert not person.wizard.local_access

    use(folder, script)


@pytest.mark.slow
def test_a_file_that_cannot_be_used_is_told_beside_its_field(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "note.pem").write_text("no key at all")

    async def script(person: Person) -> None:
        await person.push("choose-signing")
        await person.push("take")
        assert "Name a key file" in person.read()
        for name, reason in (("note.pem", "This is no key file"), ("missing.pem", "cannot be read")):
            await person.write("file", str(tmp_path / name))
            await person.push("take")
            assert reason in person.read()
            assert person.app.screen.query_one("#file").has_focus
        await person.press("escape")
        assert "none chosen yet" in person.read()

    use(folder, script)


@pytest.mark.slow
def test_a_key_is_imported_into_the_store_under_a_new_passphrase(folder: Path, pem: Path) -> None:
    new = "quiet-lamp-9-rivers-blue"

    async def script(person: Person) -> None:
        await person.go(Place.STORE)
        assert f"There is no key in {folder} yet." in person.read()
        await person.push("import")
        await person.write("file", str(pem))
        await person.write("secret", PASSPHRASE)
        await person.write("name", "Brought")
        await person.push("kind")
        await person.press("right", "space")
        await person.new_passphrase(new)
        await person.push("import")
        assert "Brought.pfx" in person.screen()
        assert "signing key" in person.screen()

    use(folder, script)
    assert key_files.load(folder / "Brought.pfx", [new]).private is not None


@pytest.mark.slow
def test_deprovisioning_stops_at_keys_in_use_and_explains_what_to_do(
    folder: Path, certificate_der: bytes
) -> None:
    sent: Sent = []
    refusal = {
        "ok": False,
        "status": CommandStatus.IN_USE,
        "status_name": "IN_USE",
        "sentence": "the keys are in use",
    }

    async def script(person: Person) -> None:
        hold_both(person, certificate_der)
        await person.go(Place.DEPROVISION)
        assert "0x1002 means" in person.read()
        await person.push("clear-3")
        await person.push("send")
        assert "nothing asks for a response code there any more" in person.read()
        await person.push("no")
        assert sent == []
        await person.push("send")
        await person.push("yes")
        assert "x 4. Take both keys back" in person.read()
        assert "0x1002 IN_USE: the keys are in use" in person.read()
        assert "It stopped here" in person.read()
        assert "Try again" in person.read()

    use(folder, script, send=pc(sent, SIGNING_KEY=refusal))
    values = [payload.parse_setting(payload.parse(raw).data) for raw in sent[:3]]
    assert [each.value for each in values] == ["Disable", "", ""]
    assert [each.name[-1] for each in values[1:]] == ["1", "2"]
    assert spm.parse_signing_key(payload.parse(sent[3]).data).key is None


@pytest.mark.slow
def test_deprovisioning_asks_for_its_keys_and_saves_its_policy(folder: Path, certificate_der: bytes) -> None:
    async def script(person: Person) -> None:
        await person.go(Place.DEPROVISION)
        await person.push("save")
        assert person.read().count("Choose this key first") == 2
        hold_both(person, certificate_der)
        await person.go(Place.DEPROVISION)
        await person.push("save")
        assert "✓ Saved successfully" in person.read()

    use(folder, script)
    assert len(policy.parse((folder / "Deprovision.policy.json").read_bytes()).steps) == 5


@pytest.mark.slow
def test_restoring_is_one_signed_setting(folder: Path, signing_key: RSAPrivateKey) -> None:
    sent: Sent = []

    async def script(person: Person) -> None:
        await to_local_access(person)
        await person.go(Place.RESTORE)
        await person.push("save")
        await person.push("send")
        assert "✓ 1. Restore Security Settings to Factory Defaults" in person.read()

    use(folder, script, send=pc(sent))
    (saved,) = policy.parse((folder / "Restore-security.policy.json").read_bytes()).steps
    assert sent == [saved.payload]
    change = payload.parse_setting(payload.parse(saved.payload).data)
    token = authorization.parse(change.authorization)
    assert authorization.verify(token, PublicKey.of(signing_key), change.name, change.value)


@pytest.mark.slow
def test_sending_waits_for_the_restart_and_goes_on_with_what_is_left(
    folder: Path, certificate_der: bytes
) -> None:
    sent: Sent = []
    waits = {"ok": True, "status": 0, "status_name": "SUCCESS", "sentence": "", "presence_needed": True}

    async def script(person: Person) -> None:
        hold_both(person, certificate_der)
        await person.go(Place.MODE)
        await person.push("mode")
        await person.go(Place.SUMMARY)
        await person.push("send")
        assert "Now restart the PC" in person.read()
        assert len(sent) == 2
        await person.push("send")
        assert "All steps were accepted." in person.read()

    use(folder, script, send=pc(sent, SIGNING_KEY=waits))
    assert [payload.parse(raw).purpose for raw in sent] == [
        Purpose.ENDORSEMENT_KEY,
        Purpose.SIGNING_KEY,
        Purpose.SETTING,
    ]


@pytest.mark.slow
def test_without_a_pc_nothing_offers_to_send(folder: Path) -> None:
    async def script(person: Person) -> None:
        await person.go(Place.RESTORE)
        assert not person.app.screen.query("#send")

    use(folder, script)


@pytest.mark.slow
def test_leaving_asks_if_something_is_in_no_policy_yet(folder: Path) -> None:
    async def script(person: Person) -> None:
        await person.push("provisioned")
        await person.press("ctrl+q")
        assert "in no policy file yet" in person.read()
        await person.push("no")
        assert person.app.is_running
        await person.press("ctrl+q")
        await person.push("yes")

    assert use(folder, script).return_value == 0


@pytest.mark.slow
def test_a_folder_is_found_with_the_arrows(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "here" / "inside").mkdir(parents=True)

    async def script(person: Person) -> None:
        await to_local_access(person)
        await person.write("folder", str(tmp_path / "here"))
        await person.push("browse")
        await person.press("down")
        await person.push("take")
        assert person.app.screen.query_one("#folder", TextField).value == str(tmp_path / "here" / "inside")

    use(folder, script)


@pytest.mark.slow
def test_a_mouse_is_enough(folder: Path) -> None:
    async def script(person: Person) -> None:
        await person.pilot.click("#provisioned")
        await person.settle()
        assert person.wizard.provisioned
        await person.pilot.click("#next")
        await person.settle()
        assert "Enhanced BIOS Authentication Mode" in person.read()
        (menu,) = person.app.screen.query(Menu)
        await person.pilot.click(menu, offset=(5, 8))
        await person.settle()
        assert person.app.place is Place.DEPROVISION

    use(folder, script)


@pytest.mark.slow
def test_what_comes_next_is_seen_in_a_small_window(folder: Path) -> None:
    async def script(person: Person) -> None:
        await person.push("new-endorsement")
        await person.new_passphrase()
        await person.push("create")
        focused = person.app.focused
        assert focused is not None
        assert focused.id == "new-signing"
        assert person.screen().count("Make a new one") == 2

    use(folder, script, size=(80, 24))


def test_enter_takes_the_first_of_the_stored_keys(folder: Path) -> None:
    async def script(person: Person) -> None:
        await person.push("new-signing")
        await person.new_passphrase()
        await person.push("create")
        await person.push("choose-signing")
        await person.press("enter")
        focused = person.app.focused
        assert focused is not None
        assert focused.id == "secret"
        assert person.app.screen.query_one("#file", TextField).value.endswith(".pfx")

    use(folder, script)


def test_escape_goes_to_the_menu_and_back(folder: Path) -> None:
    async def script(person: Person) -> None:
        await person.press("escape", "end", "enter")
        assert person.app.place is Place.STORE
        await person.press("escape")
        assert person.app.screen.query_one(Menu).has_focus
        await person.press("escape")
        assert not person.app.screen.query_one(Menu).has_focus

    use(folder, script)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "language"),
    [
        ((80, 24), "de"),
        pytest.param((60, 18), "de", marks=pytest.mark.slow),
        pytest.param((60, 18), "en", marks=pytest.mark.slow),
        pytest.param((80, 24), "en", marks=pytest.mark.slow),
        pytest.param((132, 43), "de", marks=pytest.mark.slow),
    ],
)
def test_every_page_fits_every_window(folder: Path, size: tuple[int, int], language: str) -> None:
    async def script(person: Person) -> None:
        for place in Place:
            await person.go(place)
            page = person.app.screen.query_one(Page)
            # All but the column of the scroll bar.
            assert beyond(page, page.region.right - 1) == []

    use(folder, script, language=language, size=size, send=pc([]))


def beyond(page: Page, right: int) -> list[str]:
    """What cannot be seen or clicked because it stands beyond the side of a page."""
    return [
        repr(widget)
        for widget in page.query("Input, Push, Tick, Choice")
        if widget.display and all(each.display for each in widget.ancestors if isinstance(each, Widget))
        if not (
            page.region.x <= widget.region.x and widget.region.width >= 3 and widget.region.right <= right
        )
    ]


@pytest.mark.slow
def test_a_window_that_is_too_small_says_so_until_it_is_larger(folder: Path) -> None:
    async def script(person: Person) -> None:
        assert "This window is 50x12" in person.read()
        await person.pilot.resize_terminal(80, 24)
        await person.settle()
        assert not isinstance(person.app.screen, TooSmall)

    use(folder, script, size=(50, 12))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "place"), [("en", Place.PROVISIONING), ("de", Place.KEYS), ("en", Place.RESTORE)]
)
def test_pages_look_as_they_were_approved(
    language: str, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def script(person: Person) -> None:
        if place is Place.KEYS:
            person.wizard.provisioned = person.wizard.enabled = True
            person.wizard.signing = chosen("signing")
        await person.go(place)
        assert_golden(f"admin-{place.value}-{language}-80x24", person.screen())

    use(Path("/nowhere/f10/admin"), script, language=language, size=(80, 24), send=pc([]))


@pytest.mark.slow
def test_without_utf_8_every_sign_is_ascii(folder: Path) -> None:
    async def script(person: Person) -> None:
        for place in (Place.KEYS, Place.DEPROVISION):
            await person.go(place)
            assert person.screen().isascii(), place

    use(folder, script, language="de", look=look.chosen({"TERM": "xterm"}, "ascii"))


@pytest.mark.slow
def test_no_color_is_black_and_white(folder: Path) -> None:
    shown = look.chosen({"NO_COLOR": "1"}, "utf-8")

    async def script(person: Person) -> None:
        strips = person.app.screen._compositor.render_strips()
        colours = {
            colour.get_truecolor().hex
            for strip in strips
            for segment in strip
            if segment.style is not None
            for colour in (segment.style.color, segment.style.bgcolor)
            if colour is not None
        }
        assert colours <= {"#000000", "#ffffff"}

    use(folder, script, look=shown)


def test_a_fault_of_the_program_prints_no_values(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def script(person: Person) -> None:
        secret = "a value that must not be printed"

        def fail() -> None:
            raise RuntimeError(secret)

        person.app.call_later(fail)
        await person.pilot.pause()

    with pytest.raises(RuntimeError):
        use(folder, script)
    assert "must not be printed" not in "".join(capsys.readouterr())
