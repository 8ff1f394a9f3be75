"""The rule that text from outside reaches the screen only through ``views/plain_text.py``.

It reads the code of ``dashboard/`` and ``pages/``: whatever Streamlit would read as Markdown or
HTML must be a constant, a number with its format, or the result of a function of :data:`SAFE`.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PLAIN_TEXT = "aespa_core.views.plain_text"
# its functions that make Markdown safe
SAFE = {"plain", "plain_name", "advice", "code", "bullets", "headed_bullets"}
# its function that makes whole tables safe
SAFE_TABLES = {"plain_cells"}
# functions of views/ that write HTML and escape by themselves; tests/views holds them to it
HTML_MAKERS = {"legend_html", "legend_of", "section", "class_colours_html", "moves_html"}
# sinks of Streamlit → places of the arguments that it reads as markup
SINKS = {
    "markdown": (0,), "write": (0,), "caption": (0,), "title": (0,), "header": (0,),
    "subheader": (0,), "info": (0,), "warning": (0,), "error": (0,), "success": (0,),
    "exception": (0,), "toast": (0,), "metric": (0, 1, 2), "expander": (0,), "tabs": (0,),
    "toggle": (0,), "checkbox": (0,), "radio": (0, 1), "segmented_control": (0, 1),
    "pills": (0, 1), "selectbox": (0,), "multiselect": (0,), "slider": (0,),
    "select_slider": (0, 1), "number_input": (0,), "text_input": (0,), "text_area": (0,),
    "button": (0,), "download_button": (0,), "link_button": (0, 1), "popover": (0,),
    "status": (0,), "spinner": (0,), "progress": (1,), "page_link": (0, 1), "badge": (0,),
    "dialog": (0,), "file_uploader": (0,), "table": (0,), "html": (0,), "image": (0, 1),
    # heads of columns are text; what is said of them is not
    "Column": (), "TextColumn": (), "NumberColumn": (), "CheckboxColumn": (),
}  # fmt: skip
# sinks that are no methods of anything else here: they must be called, never handed around
HANDED_ON = set(SINKS) - {"code", "image", "table", "name", "title", "section"}
WORDS = {"body", "help", "caption", "title", "text", "delta", "delta_description"}
# our own dictionaries hold these, no study does
OURS = {"unit"}
# never: raw HTML in Markdown, cells that are Markdown or links, an arbitrary page
FORBIDDEN_WORDS = {"unsafe_allow_html", "unsafe_allow_javascript"}
FORBIDDEN = {"MarkdownColumn", "LinkColumn", "ImageColumn", "JsonColumn", "iframe", "latex"}
NUMBER = re.compile(r"[-+ ]?z?0?,?(\.\d+)?[dfgeE%]|[-+ ]?,")


def breaches(source: str, where: str) -> list[str]:
    """Name every place of a file's code where text could become markup."""
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    own = (SAFE | SAFE_TABLES) & set(imported_from(tree, PLAIN_TEXT))
    found = []
    for node in ast.walk(tree):
        line = f"{where}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Attribute) and node.attr in FORBIDDEN:
            found.append(f"{line} {node.attr} is markup by itself")
        if isinstance(node, ast.keyword) and node.arg in FORBIDDEN_WORDS:
            found.append(f"{line} {node.arg}")
        if isinstance(node, ast.Attribute) and handed_on(node, parents):
            found.append(f"{line} {node.attr} is handed on instead of called")
        if isinstance(node, ast.Dict) and any(
            isinstance(key, ast.Constant) and key.value == "html" for key in node.keys
        ):
            found.append(f"{line} a tooltip of HTML")
        if isinstance(node, ast.Call):
            found += [
                f"{line} {sink}({ast.unparse(text)[:60]})"
                for sink, text in texts_of(node)
                if not Scope(node, parents, own).inert(text, sink)
            ]
    return found


def imported_from(tree: ast.AST, module: str) -> Iterator[str]:
    """Names that a file takes from a module under their own name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == module:
            yield from (alias.name for alias in node.names if alias.asname is None)


def handed_on(node: ast.Attribute, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether a sink of ``st`` itself is used without being called."""
    if node.attr not in HANDED_ON:
        return False
    base = node.value
    is_st = isinstance(base, ast.Name) and base.id == "st"
    of_columns = isinstance(base, ast.Attribute) and base.attr == "column_config"
    parent = parents[node]
    called = isinstance(parent, ast.Call) and parent.func is node
    chosen = isinstance(parent, ast.IfExp) and isinstance(parents[parent], ast.Call)
    return (is_st or of_columns) and not called and not chosen


def texts_of(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """Arguments of a call that Streamlit reads as markup, with the sink's name."""
    heads = [call.func.body, call.func.orelse] if isinstance(call.func, ast.IfExp) else [call.func]
    for head in heads:
        if not isinstance(head, ast.Attribute) or head.attr not in SINKS:
            continue
        if head.attr == "table" and ast.unparse(head.value) != "st":
            continue
        for place in SINKS[head.attr]:
            if place < len(call.args) and not (head.attr == "image" and place == 0):
                yield head.attr, call.args[place]
        for word in call.keywords:
            labelled = word.arg == "label" and SINKS[head.attr]
            if word.arg in WORDS or word.arg is None or labelled:
                yield head.attr, word.value


class Scope:
    """What is known of names at one place of a file."""

    def __init__(self, at: ast.AST, parents: dict[ast.AST, ast.AST], own: set[str]) -> None:
        self.own, self.seen = own, set()
        while at in parents and not isinstance(at, ast.FunctionDef | ast.Lambda):
            at = parents[at]
        self.body = at

    def inert(self, node: ast.expr | None, sink: str = "") -> bool:
        """Whether an expression cannot carry markup from outside."""
        match node:
            case None | ast.Constant() | ast.FormattedValue(format_spec=ast.JoinedStr()):
                return not isinstance(node, ast.FormattedValue) or self.number(node)
            case ast.FormattedValue(value=value):
                return self.inert(value, sink)
            case ast.JoinedStr(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts):
                return all(self.inert(part, sink) for part in parts)
            case ast.BinOp(left=left, right=right):
                return self.inert(left, sink) and self.inert(right, sink)
            case ast.BoolOp(op=ast.And(), values=[_, last]):
                return self.inert(last, sink)  # else what says no: nothing, an empty text
            case ast.IfExp(body=one, orelse=other):
                return self.inert(one, sink) and self.inert(other, sink)
            case ast.Compare():
                return True  # text times whether
            case ast.Subscript(value=ast.Name(id=word)):
                return word.isupper()
            case ast.Attribute(attr=word):
                return word in OURS
            case ast.Call(func=ast.Name(id=word)):
                makers = {"html": HTML_MAKERS, "table": self.own & SAFE_TABLES}.get(
                    sink, self.own - SAFE_TABLES
                )
                return word in makers or word in ("len", "int", "float")
            case ast.Call(func=ast.Attribute(attr="join", value=glue), args=[parts]):
                whole = parts.elt if isinstance(parts, ast.GeneratorExp | ast.ListComp) else parts
                return self.inert(glue, sink) and self.inert(whole, sink)
            case ast.Name(id=word):
                return word.isupper() or self.assigned(word, sink)
        # a file of ours below the project's own folder
        return sink == "html" and ast.unparse(node).startswith("ROOT / 'assets'")

    def number(self, node: ast.FormattedValue) -> bool:
        """Whether a value is written as a number: text would raise there."""
        spec = node.format_spec
        written = "".join(str(part.value) for part in spec.values if isinstance(part, ast.Constant))
        return bool(NUMBER.fullmatch(written))

    def assigned(self, word: str, sink: str) -> bool:
        """Whether all that a name is given in its function is inert."""
        if word in self.seen:
            return True
        self.seen.add(word)
        values = [
            node.value
            for node in ast.walk(self.body)
            if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)
            and any(
                isinstance(target, ast.Name) and target.id == word
                for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            )
        ]
        others = [
            node
            for node in ast.walk(self.body)
            if (isinstance(node, ast.arg) and node.arg == word)
            or (isinstance(node, ast.For | ast.comprehension) and word in names_in(node.target))
            or (
                isinstance(node, ast.Assign)
                and any(
                    word in names_in(target) and not isinstance(target, ast.Name)
                    for target in node.targets
                )
            )
        ]
        return bool(values) and not others and all(self.inert(value, sink) for value in values)


def names_in(target: ast.AST) -> set[str]:
    """Names that a target binds."""
    return {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}


def screen_files(root: Path) -> list[Path]:
    """Files that draw on the screen."""
    return sorted([*(root / "dashboard").glob("**/*.py"), *(root / "pages").glob("*.py")])
