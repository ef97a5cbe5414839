"""whitenoise_server.py FOLDER: serves a folder under /static/ on a free port, which it prints."""
import sys

from waitress import create_server
from whitenoise import WhiteNoise


def application(environ, start_response):
    start_response("404 Not Found", [("Content-Type", "text/plain")])
    return [b"Not found"]


served = WhiteNoise(
    application,
    root=sys.argv[1],
    prefix="static/",
    max_age=60,
    immutable_file_test=r"\.[0-9a-f]{12}\.",
)
server = create_server(served, host="127.0.0.1", port=0)
print(server.effective_port, flush=True)
server.run()
