"""demo-api: the end of the chain. Knows the items and their versions."""

import json

import bottle

NAME = "demo-api"
VERSION = "0.1.0"
ITEMS = [
    {"name": "checkout", "version": "2.4.1"},
    {"name": "search", "version": "1.9.0-rc.2"},
    {"name": "wishlist", "version": "0.3.0"},
]


def session_of(headers, session_header, baggage_key):
    """The session that a request belongs to: from the session header, else from its baggage; None for none."""
    in_header = headers.get(session_header)
    if in_header:
        return in_header
    for member in (headers.get("baggage") or "").split(","):
        key, _, value = member.split(";")[0].partition("=")
        if key.strip() == baggage_key and value.strip():
            return value.strip()
    return None


def create_app(session_header="x-dev-session", baggage_key="dev-session"):
    """The WSGI application."""
    app = bottle.Bottle()

    def describe(**more):
        bottle.response.content_type = "application/json"
        return json.dumps({"app": NAME, "version": VERSION, **more})

    @app.get("/healthz")
    def healthz():
        return describe(status="ok")

    @app.get("/")
    @app.get("/items")
    def items():
        session = session_of(bottle.request.headers, session_header, baggage_key)
        return describe(session=session, items=ITEMS, downstream=[])

    @app.error(404)
    def not_found(_error):
        return describe(error="there is no such page")

    return app
