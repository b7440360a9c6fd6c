"""The script for zsh: a function for each command, in the words of ``_arguments``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from logctl.commands.completion.words import CommandWords, OptionWords, Takes, ValueWords

__all__ = ["zsh_script"]

_SCRIPT = """\
#compdef logctl
# zsh completion for logctl, made by: logctl completion zsh
_logctl_commands() {{
    local -a commands
    commands=(
{commands}
    )
    _describe command commands
}}

_logctl() {{
    local curcontext=$curcontext state line
    typeset -A opt_args
    _arguments -C \\
{program}
        '1:command:_logctl_commands' '*::argument:->argument'
    [[ $state == argument ]] || return
    case $line[1] in
{cases}
    esac
}}

if [[ $funcstack[1] == _logctl ]]; then _logctl "$@"; else compdef _logctl logctl; fi
"""
_ACTIONS = {Takes.FILE: "_files", Takes.FOLDER: "_files -/", Takes.ANYTHING: " "}


def zsh_script(commands: Sequence[CommandWords]) -> str:
    """``commands`` begin with the program itself."""
    program, *rest = commands
    described = (f"        {_quoted(f'{_escaped(each.name)}:{each.summary}')}" for each in rest)
    return _SCRIPT.format(
        commands="\n".join(described),
        program=" \\\n".join(f"        {spec}" for spec in _options(program)) + " \\",
        cases="\n".join(map(_case, rest)),
    )


def _case(command: CommandWords) -> str:
    specs = [*_options(command), *_arguments(command)]
    return f"        {command.name}) _arguments \\\n" + " \\\n".join(f"            {spec}" for spec in specs) + " ;;"


def _options(command: CommandWords) -> Iterator[str]:
    for option in command.options:
        yield from (_option(option, flag) for flag in option.flags)


def _option(option: OptionWords, flag: str) -> str:
    others = "*" if option.is_repeatable else f"({' '.join(option.flags)})"
    long = "=" if flag.startswith("--") and option.value.takes is not Takes.NOTHING else ""
    text = option.help.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return _quoted(f"{others}{flag}{long}[{text}]{_value(option.value)}")


def _arguments(command: CommandWords) -> Iterator[str]:
    for place, value in enumerate(command.arguments, 1):
        is_last = place == len(command.arguments)
        yield _quoted(f"{'*' if is_last and command.repeats_last else place}{_value(value)}")


def _value(value: ValueWords) -> str:
    if value.takes is Takes.NOTHING:
        return ""
    action = f"({' '.join(value.words)})" if value.takes is Takes.WORD else _ACTIONS[value.takes]
    return f":{_escaped(value.name)}:{action}"


def _escaped(text: str) -> str:
    return text.replace(":", "\\:")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
