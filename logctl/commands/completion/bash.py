"""The script for bash: one function with a table of the commands' words, and nothing that the program is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from logctl.commands.completion.words import CommandWords, OptionWords, Takes, ValueWords

__all__ = ["bash_script"]

_SCRIPT = """\
# bash completion for logctl, made by: logctl completion bash
_logctl() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}}
    local command='' place=0 index word
    # Bash splits --flag=value into three words.
    if [[ $current == = ]]; then
        current=''
    elif [[ $previous == = ]]; then
        previous=${{COMP_WORDS[COMP_CWORD - 2]}}
    fi
    for ((index = 1; index < COMP_CWORD; index++)); do
        word=${{COMP_WORDS[index]}}
        case "$command $word" in
            {takers}) ((index++)); [[ ${{COMP_WORDS[index]}} == = ]] && ((index++)) ;;
            *\\ -*) ;;
            *) if [[ -z $command ]]; then command=$word; else ((place++)); fi ;;
        esac
    done
    COMPREPLY=()
    case "$command $previous" in
{values}
    esac
    if [[ $current == -* ]]; then
        case $command in
{flags}
        esac
        return
    fi
    case "$command $place" in
{arguments}
    esac
}}
complete -F _logctl logctl
"""
_ACTIONS = {Takes.FILE: "compgen -f", Takes.FOLDER: "compgen -d"}


def bash_script(commands: Sequence[CommandWords]) -> str:
    """``commands`` begin with the program itself."""
    takers = chain.from_iterable(_takers(command) for command in commands)
    return _SCRIPT.format(
        takers="|".join(takers),
        values="\n".join(chain.from_iterable(_values(command) for command in commands)),
        flags="\n".join(map(_flags, commands)),
        arguments="\n".join(chain.from_iterable(_arguments(command, commands) for command in commands)),
    )


def _patterns(command: CommandWords, option: OptionWords) -> Iterator[str]:
    return (f"'{command.name} {flag}'" for flag in option.flags)


def _takers(command: CommandWords) -> Iterator[str]:
    """Flags that are followed by a value."""
    takers = (option for option in command.options if option.value.takes is not Takes.NOTHING)
    return chain.from_iterable(_patterns(command, option) for option in takers)


def _values(command: CommandWords) -> Iterator[str]:
    for option in command.options:
        if option.value.takes is not Takes.NOTHING:
            yield f"        {'|'.join(_patterns(command, option))}) {_found(option.value)}; return ;;"


def _flags(command: CommandWords) -> str:
    flags = " ".join(chain.from_iterable(option.flags for option in command.options))
    return f"            '{command.name}') COMPREPLY=($(compgen -W '{flags}' -- \"$current\")) ;;"


def _arguments(command: CommandWords, commands: Sequence[CommandWords]) -> Iterator[str]:
    if not command.name:
        names = tuple(each.name for each in commands if each.name)
        yield f"        ' 0') {_found(ValueWords(Takes.WORD, words=names))} ;;"
    for place, value in enumerate(command.arguments):
        is_last = place == len(command.arguments) - 1
        pattern = f"'{command.name} '*" if is_last and command.repeats_last else f"'{command.name} {place}'"
        yield f"        {pattern}) {_found(value)} ;;"


def _found(value: ValueWords) -> str:
    if value.takes is Takes.WORD:
        return f"COMPREPLY=($(compgen -W '{' '.join(value.words)}' -- \"$current\"))"
    if value.takes in _ACTIONS:
        return f'compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <({_ACTIONS[value.takes]} -- "$current")'
    return ":"
