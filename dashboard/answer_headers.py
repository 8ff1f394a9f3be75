"""What every answer tells the browser: load from here only, stay out of frames, keep to yourself.

See https://developer.mozilla.org/docs/Web/HTTP/CSP for the words of the policy.
"""

import base64
import hashlib
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

INDEX: Final = Path(streamlit.__file__).parent / "static" / "index.html"
# 'self' covers the own websocket. An online basemap, should one come, would add its one host to
# img-src and connect-src, and only while its setting is on.
SOURCES: Final = {
    "default-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    # Streamlit's and plotly's components style themselves in the page
    "style-src": "'self' 'unsafe-inline'",
    "object-src": "'none'",
    "frame-src": "'none'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
STARTS: Final = ("http.response.start", "websocket.http.response.start")


class InlineScripts(HTMLParser):
    """Collect the texts of a page's scripts that have no address of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a text at a script without ``src``."""
        self.inside = tag == "script" and "src" not in dict(attrs)
        if self.inside:
            self.texts.append("")

    def handle_data(self, data: str) -> None:
        """Add to the text."""
        if self.inside:
            self.texts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        """End it."""
        self.inside = False


def content_security_policy(page: str) -> str:
    """Policy for a page: of the scripts written into it, those and no others may run."""
    scripts = InlineScripts()
    scripts.feed(page)
    digests = (hashlib.sha256(text.encode()).digest() for text in scripts.texts)
    hashes = [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
    sources = {**SOURCES, "script-src": " ".join(["'self'", *hashes])}
    return "; ".join(f"{directive} {allowed}" for directive, allowed in sources.items())


def answer_headers() -> dict[str, str]:
    """Headers of every answer."""
    return {
        "Content-Security-Policy": content_security_policy(INDEX.read_text(encoding="utf-8")),
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        # a foreign page may neither embed a file of this server nor hold on to its window
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


class AnswerHeaders:
    """Put the headers on every answer, and take away what lets foreign pages read it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.headers = answer_headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request with the headers on its answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] in STARTS:
                headers = MutableHeaders(scope=message)
                # Streamlit lets every page read /app/static
                for name in [name for name in headers if name.startswith("access-control-")]:
                    del headers[name]
                headers.update(self.headers)
            await send(message)

        await self.app(scope, receive, send_with_headers)


async def defect(request: Request, error: Exception) -> PlainTextResponse:
    """Answer where the server itself failed: that happens outside of all middleware."""
    sentence = "The server failed at this address; its log says why.\n"
    return PlainTextResponse(sentence, 500, headers=answer_headers())
