"""docs/configuration.md, written from the table: ``python -m server.config.docs > docs/configuration.md``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from server.config.setting import Setting
from server.config.settings import Settings
from server.config.table import TABLE

__all__ = ["configuration_page"]

_INTRODUCTION = """\
# Configuration

Settings come from four places; later ones win:

1. the defaults below,
2. a YAML file: `logctl serve --config skaldlog.yaml`,
3. environment variables: `SKALDLOG_`, then the setting's name in capitals with dots as underscores
   (`server.http_listen_port` is `SKALDLOG_SERVER_HTTP_LISTEN_PORT`),
4. flags: `--listen HOST:PORT`, `--data DIR`, and `--set NAME=VALUE` for any setting.

Where a setting means what Loki's means it has Loki's name and place, so the matching parts of a Loki configuration
can be copied. A setting that does not exist or cannot be is refused by name, with its line and what was probably meant
(so is every other variable that begins with `SKALDLOG_`):

```
skaldlog.yaml:3: limits_config.max_query_serie: unknown setting; did you mean limits_config.max_query_series?
```

`logctl serve --check-config` only looks; `logctl serve --print-config` prints what would be used, as does
`GET /config` of a running server (`?mode=defaults` the defaults).

Durations have units, `30s`, `10m`, `1h30m`, `1w`; sizes too, `256KB`, `4MB`, where a KB is 1024 bytes. Lists are YAML
lists, or one text with commas. In the environment and in `--set` everything is written as in YAML.

```yaml
auth_enabled: true
server:
  http_listen_address: 0.0.0.0
limits_config:
  reject_old_samples: false
  max_query_series: 1000
```
"""


def configuration_page() -> str:
    """The whole page."""
    sections: dict[str, list[Setting]] = {}
    for setting in TABLE:
        sections.setdefault(setting.name.rpartition(".")[0], []).append(setting)
    blocks = ["\n".join(_section(name, settings)) for name, settings in sections.items()]
    return "\n".join([_INTRODUCTION, *blocks])


def _section(name: str, settings: list[Setting]) -> Iterator[str]:
    yield f"## {f'`{name}`' if name else 'Top level'}"
    yield ""
    yield "| setting | kind | default | meaning |"
    yield "|---|---|---|---|"
    for setting in settings:
        default = _shown(setting.shown_in(Settings()))
        yield f"| `{setting.name}` | {setting.kind.name} | {default} | {setting.help} |"
    yield ""


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, list | dict):
        return ", ".join(f"`{item}`" for item in value) or "none"
    return f"`{value}`" if value != "" else "empty"


if __name__ == "__main__":
    print(configuration_page(), end="")
