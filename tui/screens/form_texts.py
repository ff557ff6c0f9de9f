"""The form as text: a TOML file, the same in one's own editor, or a command."""

from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType

from ...store.errors import ConfigError, UserError
from ..clean import clean_line
from ..editor import edited
from ..form import shell
from ..words import counted
from .checked_form import CheckedForm
from .command import CommandShown
from .line_ask import LineAsk

_INSTEAD = "tunedeck run FILE.toml takes one that you write."


class FormTexts(CheckedForm):
    """Nothing that was typed is lost: a text that can't be used is opened again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "save", "Save", tooltip="Save the knobs that are not at their defaults as a TOML file."),
        Binding("O,ctrl+o", "edit_text", "Open", key_display="O", tooltip="Open the knobs as TOML in your editor."),
        Binding("y", "copy_command", "Copy", tooltip="Copy the command that queues this run.", show=False),
        Binding("C", "command", "Command", tooltip="Show the command that queues this run."),
    ]

    _unread = ""
    """What was typed in the editor last, where it could not be taken."""
    forked_from: str | None = None
    """The id of the run that the form began with."""

    def values_changed(self) -> None:
        self._unread = ""

    # a file

    def action_save(self) -> None:
        if self.are_good("Nothing was written:"):
            name = clean_line(str(self._values["name"])).replace("/", "-").strip() or "run"
            question = "Write the knobs that are not at their defaults into:"
            self.app.push_screen(
                LineAsk(question, " tunedeck run FILE queues it", self._write, f"{name}.toml"), self._saved
            )

    def _write(self, line: str) -> Path:
        from ...store import toml, toml_text

        if not line:
            raise ConfigError("No file is named.", "Write one, such as run.toml.")
        try:
            path = Path(line).expanduser()
        except RuntimeError as error:
            raise ConfigError(f"{line} names a folder of nobody.", "Write the whole path.") from error
        return toml_text.save(toml.resolved(self._values, Path.cwd()), path)

    def _saved(self, path: Path | None) -> None:
        self.say(f"{path} is written: tunedeck run queues it." if path else "Nothing was written.")

    # an editor

    def action_edit_text(self) -> None:
        from ...store import preset, toml_text

        try:
            changed = edited(self.app, self._unread or toml_text.text_of(self._values), "run.toml", instead=_INSTEAD)
        except UserError as error:
            self.say(str(error), "error")
            return
        try:
            values = toml_text.read(changed)
        except ConfigError as error:
            self._unread = changed
            self.say(f"{error} Nothing was taken: {self.key_of('edit_text')} opens what you wrote.", "error")
            return
        before = preset.typed(self._values)
        changes = sum(before[name] != value for name, value in preset.typed(values).items())
        self.take(values)
        self.say(f"{counted(changes, 'knob')} changed." if changes else "Nothing was changed.")

    # a command

    def action_command(self) -> None:
        if command := self._command():
            self.app.push_screen(CommandShown(command, partial(self.copy, command, "The command")))

    def action_copy_command(self) -> None:
        if command := self._command():
            self.copy(command, "The command")

    def _command(self) -> str:
        """Empty, and it is said, where a value is bad."""
        from ...store import preset, toml

        if not self.are_good("There is no command:"):
            return ""
        base = self._start if self.forked_from else self._filled({})
        values = preset.typed(toml.resolved(self._values, Path.cwd()))
        return shell.command(values, preset.typed(base), self.forked_from)
