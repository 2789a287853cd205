"""Unit tests: python3 -m unittest, with the requirements installed."""

import io
import json
import sys
import unittest
from wsgiref.util import setup_testing_defaults

from app import ITEMS, create_app


def call(path, **headers):
    environ = {"PATH_INFO": path, "wsgi.errors": io.StringIO()}
    for name, value in headers.items():
        environ[f"HTTP_{name.upper()}"] = value
    setup_testing_defaults(environ)
    status = []
    body = b"".join(create_app()(environ, lambda line, _headers, _error=None: status.append(line)))
    return int(status[0].split()[0]), json.loads(body)


class AppTest(unittest.TestCase):
    def test_is_healthy(self):
        self.assertEqual(call("/healthz")[0], 200)

    def test_lists_the_items(self):
        status, body = call("/items")
        self.assertEqual(status, 200)
        self.assertEqual(body["items"], ITEMS)
        self.assertIsNone(body["session"])

    def test_knows_the_session_from_the_header(self):
        self.assertEqual(call("/items", x_dev_session="pr-4")[1]["session"], "pr-4")

    def test_knows_the_session_from_the_baggage(self):
        baggage = "user=ann, dev-session=pr-42;ttl=1"
        self.assertEqual(call("/items", baggage=baggage)[1]["session"], "pr-42")

    def test_takes_no_other_member_for_the_session(self):
        self.assertIsNone(call("/items", baggage="my-dev-session=pr-4")[1]["session"])

    def test_answers_404_for_a_page_that_does_not_exist(self):
        status, body = call("/nothing")
        self.assertEqual(status, 404)
        self.assertEqual(body["app"], "demo-api")


if __name__ == "__main__":
    sys.exit(unittest.main())
