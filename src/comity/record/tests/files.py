"""Files served over real HTTP on this machine, under the Content-Security-Policy of our pages."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from comity.site.middleware import POLICY

TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".json": "application/json"}
Served = Mapping[str, Path | bytes]


def _content(served: Served, path: str) -> bytes | None:
    for prefix, source in served.items():
        if isinstance(source, bytes):
            if path == prefix:
                return source
        elif path == prefix and source.is_file():
            return source.read_bytes()
        elif path.startswith(f"{prefix}/") and (found := source / path[len(prefix) + 1 :]).is_file():
            return found.read_bytes()
    return None


@contextmanager
def serving(served: Served) -> Iterator[str]:
    """Serve files and folders under these paths while it lasts; gives the address without last slash."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = _content(served, self.path.partition("?")[0])
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Type", TYPES.get(Path(self.path).suffix, "application/octet-stream"))
            self.send_header("Content-Length", str(len(content or b"")))
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
