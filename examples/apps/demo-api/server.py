"""Starts the app and stops it on SIGTERM."""

import os
import signal
import socketserver
import sys
import threading
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from app import create_app


class ThreadingServer(socketserver.ThreadingMixIn, WSGIServer):
    """One thread for each connection."""

    daemon_threads = True
    request_queue_size = 128

    def server_bind(self):
        # The parent class asks the resolver for a host name, which can take seconds and is used for nothing here.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]
        self.setup_environ()


class QuietHandler(WSGIRequestHandler):
    """Does not log each request."""

    def log_message(self, format, *args):
        pass


def main():
    # A pod that knows its address listens on that one alone.
    host = os.environ.get("HOST") or os.environ.get("POD_IP") or "0.0.0.0"
    port = int(os.environ.get("PORT", "8080"))
    server = ThreadingServer((host, port), QuietHandler)
    server.set_app(
        create_app(
            session_header=os.environ.get("SESSION_HEADER", "x-dev-session"),
            baggage_key=os.environ.get("BAGGAGE_KEY", "dev-session"),
        )
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        # shutdown() waits for serve_forever(), which runs on this very thread.
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"listening on {host}:{server.server_port}", flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
