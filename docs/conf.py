"""The documentation as a site: ``sphinx-build -W docs site`` builds it strictly.

The pages of codes are written by ``generate`` before each build, and so is what the reference says of commands: they
come from the program itself and are not kept in the repository.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import generate  # noqa: E402

from convtool._version import __version__  # noqa: E402

generate.write_site(HERE)

project = "convtool"
author = "The convtool project"
project_copyright = "the convtool project, MIT licence"
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.intersphinx", "sphinx.ext.viewcode", "sphinx_click"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["site"]
myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist"]
myst_heading_anchors = 3

# Everything that is referred to must be there; what is not ours and has no inventory at hand is listed.
nitpicky = True
nitpick_ignore_regex = [
    (
        "py:.*",
        r"(builtins|enum|collections|datetime|decimal|os|pathlib|typing|io|http|concurrent|threading|uuid)(\..*)?",
    ),
    ("py:.*", r"(etree|lxml|hypothesis|msgspec|werkzeug|distributed|click|pytest|Struct)(\..*)?"),
    ("py:.*", r"[A-Za-z_]+"),  # names that only type checking imports, and standard ones without their module
    ("py:.*", r"convtool\.(model|formats|places|engine|reports|batch|captures|testing|cli|outcome|payload)\..*"),
    ("py:.*", r"convtool\.(sources|convert|catalog|codes|errors|findings|job|stream)\..*"),
]
intersphinx_mapping: dict[str, tuple[str, None]] = {}  # nothing is fetched while building

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
autodoc_default_options = {"members": True, "show-inheritance": False}

html_theme = "furo"
html_title = f"convtool {release}"
html_static_path: list[str] = []
html_show_sourcelink = False
