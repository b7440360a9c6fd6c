"""The script for fish: one ``complete`` for each command, option and list of words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from logctl.commands.completion.words import CommandWords, OptionWords, Takes, ValueWords

__all__ = ["fish_script"]

_HEAD = """\
# fish completion for logctl, made by: logctl completion fish
function __logctl_is --description 'whether this is the command so far'
    set -l words (commandline -opc)
    set -l command ''
    set -l is_value no
    for word in $words[2..-1]
        if test $is_value = yes
            set is_value no
        else if contains -- $word %s
            set is_value yes
        else if not string match -q -- '-*' $word
            set command $word
            break
        end
    end
    test "$command" = "$argv[1]"
end
complete -c logctl -f
"""


def fish_script(commands: Sequence[CommandWords]) -> str:
    """``commands`` begin with the program itself."""
    options = (option for option in commands[0].options if option.value.takes is not Takes.NOTHING)
    takers = " ".join(flag for option in options for flag in option.flags)
    return _HEAD % takers + "".join(f"{line}\n" for command in commands for line in _lines(command))


def _lines(command: CommandWords) -> Iterator[str]:
    condition = f'__logctl_is "{command.name}"'
    if command.name:
        yield f"complete -c logctl -n '__logctl_is \"\"' -a {command.name} -d {_quoted(command.summary)}"
    for option in command.options:
        yield f"complete -c logctl -n {_quoted(condition)} {_option(option)} -d {_quoted(option.help)}"
    for value in command.arguments:
        if words := _argument(value):
            chosen = f"; and not __fish_seen_subcommand_from {' '.join(value.words)}" if value.words else ""
            yield f"complete -c logctl -n {_quoted(condition + chosen)} {words}"


def _option(option: OptionWords) -> str:
    flags = [f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}" for flag in option.flags]
    return " ".join([*flags, *([_value(option.value)] if option.value.takes is not Takes.NOTHING else [])])


def _value(value: ValueWords) -> str:
    if value.takes is Takes.WORD:
        return f"-x -a {_quoted(' '.join(value.words))}"
    if value.takes is Takes.FOLDER:
        return "-x -a '(__fish_complete_directories)'"
    return "-r -F" if value.takes is Takes.FILE else "-x"


def _argument(value: ValueWords) -> str:
    if value.takes is Takes.WORD:
        return f"-a {_quoted(' '.join(value.words))}"
    if value.takes is Takes.FOLDER:
        return "-a '(__fish_complete_directories)'"
    return "-F" if value.takes is Takes.FILE else ""


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
