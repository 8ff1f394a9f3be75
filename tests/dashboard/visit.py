"""Requests made by hand: any Host, any Origin, and a visit as the browser's half of Streamlit."""

import http.client
from dataclasses import dataclass
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """Status, headers by lower-case name (twice the same: joined by a comma), text."""

    status: int
    headers: dict[str, str]
    text: str


def ask(address: str, path: str = "/", method: str = "GET", **headers: str) -> Answer:
    """Send one request; ``Host`` and ``Origin`` as they are given."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=SECONDS)
    try:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        names = {name.lower() for name in response.headers}
        values = {name: ", ".join(response.headers.get_all(name, [])) for name in names}
        # after a change to websockets the connection stays open
        body = b"" if response.status == 101 else response.read()
        return Answer(response.status, values, body.decode("utf-8", "replace"))
    finally:
        connection.close()


def shake_hands(address: str, **headers: str) -> Answer:
    """Ask for Streamlit's websocket."""
    return ask(address, "/_stcore/stream", **UPGRADE, **headers)


@dataclass(frozen=True)
class Links:
    """Where a page's map and its first download lie on the server."""

    map_file: str
    download: str


def visit(address: str, query: str) -> Links:
    """Open a page over the websocket and ask for its first download."""
    socket_address = address.replace("http", "ws", 1) + "/_stcore/stream"
    map_file = ""
    with connect(socket_address, subprotocols=["streamlit"], max_size=None, proxy=None) as socket:
        socket.send(BackMsg(rerun_script={"query_string": query}).SerializeToString())
        session = ""
        while True:
            message = ForwardMsg.FromString(socket.recv(timeout=SECONDS))
            session = session or message.new_session.initialize.session_id
            element = message.delta.new_element
            if element.HasField("deck_gl_json_chart"):
                map_file = element.deck_gl_json_chart.json.split('"data": "', 1)[1].split('"')[0]
            if file_id := element.download_button.deferred_file_id:
                request = {"request_id": file_id, "session_id": session}
                request["deferred_file"] = {"file_id": file_id}
                asking = BackMsg(backend_operation_request=request)
                socket.send(asking.SerializeToString())
            if url := message.backend_operation_response.deferred_file.url:
                return Links(map_file, url)
