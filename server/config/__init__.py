"""Settings: one frozen tree made of defaults, a YAML file, environment variables and flags, in this order.

``table.py`` declares every setting once; parsing, names of variables, help and docs/reference.md follow from it.
"""

from server.config.errors import ConfigError
from server.config.load import load_settings
from server.config.settings import Settings
from server.config.show import changed_text, defaults_text, limits_of, settings_text
from server.config.sources import Given
from server.config.tenants import TenantSettings

__all__ = [
    "ConfigError",
    "Given",
    "Settings",
    "TenantSettings",
    "changed_text",
    "defaults_text",
    "limits_of",
    "load_settings",
    "settings_text",
]
