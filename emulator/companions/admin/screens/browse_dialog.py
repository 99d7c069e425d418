"""*Browse*: walk through folders with the arrows, and take one, or a file in one."""

from collections.abc import Iterable
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import DirectoryTree, Label, Tree
from textual.widgets.directory_tree import DirEntry

from emulator.companions.admin.screens.console import console_of
from emulator.companions.admin.screens.dialog import Box, Dialog
from emulator.companions.admin.screens.fields import Push

KEY_FILES = {".pfx", ".p12", ".pem", ".key", ".crt", ".cer", ".der"}


class Folders(DirectoryTree):
    """Folders, and of files those that may hold a key if files are asked for. What is hidden stays hidden."""

    def __init__(self, path: Path, *, files: bool) -> None:
        self._files = files
        super().__init__(path, id="tree")

    def on_mount(self) -> None:
        signs = console_of(self).signs
        self.ICON_NODE, self.ICON_NODE_EXPANDED, self.ICON_FILE = f"{signs.shut} ", f"{signs.open} ", "  "
        self.show_guides = False
        self.guide_depth = 2

    def filter_paths(self, paths: Iterable[Path]) -> Iterable[Path]:
        return [path for path in paths if not path.name.startswith(".") and self._is_shown(path)]

    def _is_shown(self, path: Path) -> bool:
        return path.is_dir() or (self._files and path.suffix.lower() in KEY_FILES)


class BrowseDialog(Dialog[Path]):
    """Answers a folder, or a file where one is asked for."""

    def __init__(self, start: Path, *, files: bool = False) -> None:
        super().__init__()
        self._here, self._files = nearest(start), files

    def compose(self) -> ComposeResult:
        title = self.words("Choose a key file") if self._files else self.words("Choose a folder")
        with Box(classes="dialog wide"):
            yield Label(title, classes="title", markup=False)
            yield Label(str(self._here), id="here", markup=False)
            yield Folders(self._here, files=self._files)
            with Horizontal(classes="pushes"):
                yield Push(self.words("Take it"), id="take", primary=True)
                yield Push(self.words("Folder above"), id="above")
                yield Push(self.words("Cancel"), id="cancel")
            yield Label(
                self.words("↑↓ go   Enter open, take a file   Tab buttons   Esc cancel"),
                classes="keys",
                markup=False,
            )

    def on_mount(self) -> None:
        self.query_one(Folders).focus()

    def on_tree_node_highlighted(self, event: Tree.NodeHighlighted[DirEntry]) -> None:
        if event.node.data is not None:
            self._here = event.node.data.path
            self.query_one("#here", Label).update(str(self._here))

    def on_directory_tree_file_selected(self, event: DirectoryTree.FileSelected) -> None:
        self.dismiss(event.path)

    def on_button_pressed(self, event: Push.Pressed) -> None:
        match event.button.id:
            case "take":
                self.dismiss(self._here)
            case "above":
                self._go_above()
            case _:
                self.dismiss(None)

    def _go_above(self) -> None:
        tree = self.query_one(Folders)
        self._here = Path(tree.path).parent
        tree.path = self._here
        self.query_one("#here", Label).update(str(self._here))
        tree.focus()


def nearest(path: Path) -> Path:
    """The folder itself, else the next one above that is there."""
    absolute = path.expanduser().absolute()
    return next((each for each in (absolute, *absolute.parents) if each.is_dir()), Path("/"))
