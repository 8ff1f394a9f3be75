"""Addresses below those of the pages, where Streamlit gives a page that finds none of its files."""

import errno
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aespa_core.views.plain_text import short
from dashboard.selection import missing_page


class UnknownPaths:
    """Refuse addresses of two parts and more that would be answered with the page itself.

    It looks for its files beside its own address: the reader would see an empty window. An unknown
    address of one part is the page's to answer (:func:`dashboard.link_notices.unknown_page`).
    """

    def __init__(self, app: ASGIApp, base: str) -> None:
        self.app = app
        self.base = base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or say that there is nothing at its address."""
        asked = missing_page(scope.get("path", ""), self.base, "") or ""
        if scope["type"] != "http" or "/" not in asked:
            await self.app(scope, receive, send)
            return
        refused = False

        async def send_unless_page(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start":
                refused = message["status"] == HTTPStatus.OK and is_page(message)
                if refused:
                    first = f"/{self.base.strip('/')}"
                    sentence = f"There is no page '{short(asked)}': the dashboard is at {first}\n"
                    answer = PlainTextResponse(sentence, HTTPStatus.NOT_FOUND)
                    await answer(scope, receive, send)
            if not refused:
                await send(message)

        try:
            await self.app(scope, receive, send_unless_page)
        except OSError as error:
            # a name longer than any file's, which the file system is asked for all the same
            if error.errno != errno.ENAMETOOLONG:
                raise
            sentence = f"There is no file '{short(asked)}'.\n"
            await PlainTextResponse(sentence, HTTPStatus.NOT_FOUND)(scope, receive, send)


def is_page(answer: Message) -> bool:
    """Whether an answer begins a page of the dashboard, and not an HTML file that is taken home."""
    headers = Headers(raw=answer["headers"])
    return (
        headers.get("content-type", "").startswith("text/html")
        and "content-disposition" not in headers
    )
