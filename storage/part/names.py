"""The names of a part's two objects. Changing them orphans every part ever written."""

ARROW_SUFFIX = ".arrow"
INDEX_SUFFIX = ".index"
