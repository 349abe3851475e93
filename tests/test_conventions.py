"""What the project has agreed on and a tool can see: sizes, names, references, look."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import models
from django.template.utils import get_app_template_dirs
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.functional import Promise

ROOT = settings.BASE_DIR
APPS = ("organizations", "resolutions", "tasks", "dashboards", "config")
OWN_FOLDERS = (*APPS, "tests", "benchmarks")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STATIC = [each for each in sorted((ROOT / "static").rglob("*")) if each.is_file()]
APP_CSS = (ROOT / "static/css/app.css").read_text("utf-8")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def modules() -> list[Path]:
    found = [each for folder in OWN_FOLDERS for each in sorted((ROOT / folder).rglob("*.py"))]
    return [*found, ROOT / "conftest.py", ROOT / "manage.py"]


def is_test(path: Path) -> bool:
    return "tests" in path.parts or path.name == "conftest.py"


def is_migration(path: Path) -> bool:
    return "migrations" in path.parts


PARSED = {path: ast.parse(path.read_text("utf-8")) for path in modules() if not is_migration(path)}
CODE = {path: tree for path, tree in PARSED.items() if not is_test(path)}


class TestSizes:
    """Soft limits: what does not fit on a few screens has two subjects."""

    def test_modules(self):
        lines = {path: path.read_text("utf-8").count("\n") for path in PARSED}
        limits = {path: 600 if is_test(path) else 400 for path in PARSED}
        assert {named(p): n for p, n in lines.items() if n > limits[p]} == {}

    def test_functions(self):
        long = {
            f"{named(path)}:{node.name}": node.end_lineno - node.lineno + 1
            for path, tree in CODE.items()
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= 40
        }
        assert long == {}

    def test_settings(self):
        assert (ROOT / "config/settings.py").read_text("utf-8").count("\n") < 200


class TestCode:
    def test_no_import_hides_in_a_function(self):
        """It would hide an arrow of the architecture; a script may set Django up first."""
        hidden = [
            f"{named(path)}:{inner.lineno}"
            for path, tree in PARSED.items()
            if "django.setup()" not in path.read_text("utf-8")
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef)
            for inner in ast.walk(node)
            if isinstance(inner, ast.Import | ast.ImportFrom)
        ]
        assert hidden == []

    def test_no_signals(self):
        """What happens on saving stands where the saving is called."""
        found = [
            f"{named(path)}:{node.lineno}"
            for path, tree in CODE.items()
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            and (node.module == "django.dispatch" or (node.module or "").endswith(".signals"))
        ]
        assert found == []

    def test_locks_let_references_in(self):
        """Whoever only refers to a locked row would wait for it while its own rows are awaited."""
        found = [
            f"{named(path)}:{node.lineno}"
            for path, tree in CODE.items()
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and getattr(node.func, "attr", "") == "select_for_update"
            and "no_key" not in {each.arg for each in node.keywords}
        ]
        assert found == []

    def test_names_say_what_is_inside(self):
        vague = {"core", "common", "utils", "helpers", "services", "managers", "misc", "mixins"}
        assert [named(path) for path in modules() if vague & {path.stem, *path.parts}] == []

    def test_no_path_of_a_machine(self):
        """Files of one person's computer mean nothing on another."""
        foreign = re.compile(
            "|".join(["/ro" + "ot/", "/ho" + "me/", "/wo" + "rk/", r"C:\\Us" + "ers"])
        )
        suffixes = {".py", ".html", ".css", ".js", ".md", ".toml", ".ini", ".txt", ".in", ".json"}
        folders = [
            ROOT / each for each in (*OWN_FOLDERS, "templates", "static", "docs", "fixtures")
        ]
        files = [each for folder in folders for each in folder.rglob("*")]
        files += [each for each in ROOT.iterdir() if each.name != "db.sqlite3"]
        found = [
            named(each)
            for each in files
            if each.is_file()
            and (each.suffix in suffixes or each.name == "Makefile")
            and foreign.search(each.read_text("utf-8"))
        ]
        assert found == []


def our_models() -> list[type[models.Model]]:
    """Ours, without the historical tables, which simple_history builds from ours."""
    return [
        model
        for app in APPS[:-1]
        for model in apps.get_app_config(app).get_models()
        if not model.__name__.startswith("Historical")
    ]


class TestModels:
    # Parts of a draft go with it; a sent resolution is never deleted.
    CASCADES = {("Section", "resolution"), ("Recommendation", "section")}

    def test_foreign_keys_protect(self):
        """Deleting one thing never deletes another in silence.

        Not seen here: links of many to many (auto-created tables hold nothing but the link) and
        historical tables, which keep no constraint so that history outlives its object.
        """
        rules = {
            (model.__name__, field.name): field.remote_field.on_delete
            for model in our_models()
            for field in model._meta.get_fields()
            if isinstance(field, models.ForeignKey) and field.model is model
        }
        assert rules
        for place, rule in rules.items():
            expected = models.CASCADE if place in self.CASCADES else models.PROTECT
            assert rule is expected, place

    def test_every_shown_field_has_a_name_in_words(self):
        """An abbreviation («SHA-256») is the same in every language."""
        nameless = [
            f"{model.__name__}.{field.name}"
            for model in our_models()
            for field in (*model._meta.fields, *model._meta.local_many_to_many)
            if field.editable and not field.auto_created
            if not isinstance(field.verbose_name, Promise) and not str(field.verbose_name).isupper()
        ]
        assert nameless == []

    def test_every_model_has_a_name_in_words(self):
        for model in our_models():
            assert isinstance(model._meta.verbose_name, Promise), model
            assert isinstance(model._meta.verbose_name_plural, Promise), model

    def test_labels_of_choices_are_translated(self):
        def below(kind: type) -> Iterator[type]:
            for each in kind.__subclasses__():
                yield each
                yield from below(each)

        own = [each for each in below(models.TextChoices) if each.__module__.split(".")[0] in APPS]
        assert own
        plain = [
            member for kind in own for member in kind if not isinstance(member._label_, Promise)
        ]
        assert plain == []


def url_names(patterns: list, prefix: str = "") -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLResolver) and each.namespace != "admin":
            yield from url_names(
                each.url_patterns, f"{prefix}{each.namespace}:" if each.namespace else prefix
            )
        elif isinstance(each, URLPattern):
            yield f"{prefix}{each.name}"


def test_names_of_addresses():
    """``app:model_action``; Django's own switch of the language and the style guide have no app."""
    names = set(url_names(get_resolver().url_patterns)) - {"set_language", "style_guide"}
    assert names
    assert [name for name in names if not re.fullmatch(r"[a-z]+:[a-z]+(_[a-z]+)*", name)] == []


class TestTemplates:
    # Looked up by Django under these names.
    BY_NAME = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
    TEXTS = {path: path.read_text("utf-8") for path in TEMPLATES}

    def test_every_template_is_used(self):
        used = set(self.BY_NAME)
        for text in self.TEXTS.values():
            used |= set(re.findall(r"""{%-?\s*(?:include|extends)\s+["']([^"']+)["']""", text))
        for tree in CODE.values():
            used |= {
                node.value
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and node.value.endswith(".html")
            }
        names = {path.relative_to(ROOT / "templates").as_posix() for path in TEMPLATES}
        # What stands in the place of an installed package's template is used by the package.
        overrides = {
            name
            for name in names
            if any((folder / name).exists() for folder in get_app_template_dirs("templates"))
        }
        assert sorted(names - used - overrides) == []

    def test_every_component_names_its_parameters(self):
        for path, text in self.TEXTS.items():
            if path.parent.name == "components":
                comment = re.match(r"{% comment %}(.+?){% endcomment %}", text, re.DOTALL)
                assert comment, named(path)
                assert re.search(r"[Pp]arameter", comment[1]), named(path)

    def test_loads_are_sorted(self):
        for path, text in self.TEXTS.items():
            for libraries in re.findall(r"{%\s*load\s+([^%]+?)\s*%}", text):
                if " from " not in libraries:
                    assert libraries.split() == sorted(libraries.split()), named(path)

    @pytest.mark.parametrize(
        ("what", "pattern"),
        [
            ("an inline style", r"<[^>]*\sstyle\s*="),
            ("an inline handler", r"<[^>]*\s(?:on[a-z]+|hx-on[:\w-]*)\s*="),
            ("an inline script", r"<script(?![^>]*\ssrc=)"),
            ("an inline stylesheet", r"<style"),
            ("values computed by script", r"hx-va(?:ls|rs)=['\"]js:"),
            ("a foreign host", r"(?:https?:)?//(?!www\.w3\.org/)[\w-]+\.[\w.-]+"),
        ],
    )
    def test_nothing_that_the_content_security_policy_refuses(self, what, pattern):
        # A letter is shown by a mail program: it has its own few rules, and no stylesheet of ours.
        letters = {p for p in self.TEXTS if p.parent.name == "mail"} if "style" in what else set()
        texts = {p: t for p, t in self.TEXTS.items() if p not in letters}
        found = {named(p): m[0] for p, t in texts.items() if (m := re.search(pattern, t))}
        assert found == {}, what

    def test_static_files_exist(self):
        for path, text in self.TEXTS.items():
            for name in re.findall(r"""{%\s*static\s+["']([^"']+)["']""", text):
                assert finders.find(name), f"{named(path)} asks for {name}"

    def test_classes_exist(self):
        """A class that neither our stylesheet nor Bootstrap knows is a typing error."""
        bootstrap = Path(finders.find("bootstrap/bootstrap.min.css")).read_text("utf-8")
        known = set(re.findall(r"\.([a-zA-Z][\w-]*)", APP_CSS + bootstrap))
        unknown = {}
        for path, text in self.TEXTS.items():
            if path.relative_to(ROOT / "templates").parts[0] in ("admin", "bootstrap5"):
                continue
            plain = re.sub(r"{{.*?}}", "\0", re.sub(r"{%.*?%}", " ", text))
            for value in re.findall(r'\sclass="([^"]*)"', plain):
                missing = {each for each in value.split() if "\0" not in each} - known
                if missing:
                    unknown.setdefault(named(path), set()).update(missing)
        assert unknown == {}


class TestStylesheet:
    def test_the_two_dark_lists_are_equal(self):
        """Old browsers cannot share one list between a media query and an attribute."""
        lists = re.findall(
            r'(?:="light"\]\)|="dark"\]) {\s*color-scheme: dark;(.*?)}', APP_CSS, re.DOTALL
        )
        assert len(lists) == 2
        first, second = (dict(re.findall(r"(--[\w-]+):\s*([^;]+);", each)) for each in lists)
        assert first == second
        light = re.search(r":root {(.*?)}", APP_CSS, re.DOTALL)
        assert set(first) == set(re.findall(r"(--[\w-]+):", light[1]))

    def test_browsers_of_schools_understand_it(self):
        """Chromium 109 and Firefox 115."""
        text = re.sub(r"/\*.*?\*/", "", APP_CSS, flags=re.DOTALL)
        for name in ("light-dark(", "color-mix(", ":has(", "@layer", "@container", "&"):
            assert name not in text, name
        depth, inside_rule = 0, []
        for line in re.findall(r"@[^{;]*{|[^{};]*{|}", text):
            if line == "}":
                depth -= 1
                inside_rule.pop()
            else:
                nested = bool(inside_rule) and not inside_rule[-1].startswith("@")
                assert not nested, f"nested: {line.strip()}"
                inside_rule.append(line.strip())
                depth += 1
        assert depth == 0

    def test_every_colour_is_a_token(self):
        """A colour of its own would be missing in the dark scheme and in contrast checks."""
        rules = APP_CSS[APP_CSS.index("/* 2. Base") : APP_CSS.index("/* 10. Print")]
        assert re.findall(r"(?<!%23)(?<![\w&-])#[0-9a-fA-F]{3,8}\b|\brgba?\(", rules) == []

    def test_words_stand_in_the_catalogue(self):
        """A word in the stylesheet would be the same in every language (but for comments)."""
        text = re.sub(r"/\*.*?\*/", "", APP_CSS, flags=re.DOTALL)
        assert re.findall(r"[А-Яа-яЁё]+", text) == []

    def test_every_token_is_defined(self):
        defined = set(re.findall(r"(--[\w-]+)\s*:", APP_CSS))
        assert set(re.findall(r"var\((--[\w-]+)", APP_CSS)) <= defined

    def test_scripts_and_styles_need_no_foreign_host(self):
        for path in STATIC:
            if path.suffix in (".css", ".js", ".svg"):
                text = path.read_text("utf-8")
                assert not re.search(r"(?:https?:)?//(?!www\.w3\.org/)[\w-]+\.\w{2,}/?", text), path
