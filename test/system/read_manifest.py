"""Looks every name of a manifest up as a template does, and asks Django's test client for what it links to.

Arguments: STATIC_ROOT, STATIC_URL. Prints JSON: for each name its URL, and the SHA-256 of the bytes served there.
"""

import hashlib
import json
import sys
from urllib.parse import unquote

import django
from django.conf import settings

root, url = sys.argv[1:]
settings.configure(
    DEBUG=False,
    ALLOWED_HOSTS=["testserver"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.staticfiles"],
    STATIC_ROOT=root,
    STATIC_URL=url,
    STORAGES={"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}},
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)
django.setup()

from django.contrib.staticfiles.storage import staticfiles_storage  # noqa: E402
from django.template import Context, Template  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import re_path  # noqa: E402
from django.views.static import serve  # noqa: E402

urlpatterns = [re_path(rf"^{url.lstrip('/')}(?P<path>.*)$", serve, {"document_root": root})]

assert staticfiles_storage.manifest_strict
template = Template("{% load static %}{% autoescape off %}{% static name %}{% endautoescape %}")
client = Client()
seen = {}
for name in staticfiles_storage.hashed_files:
    link = template.render(Context({"name": name}))
    response = client.get(link)
    assert response.status_code == 200, (name, link, response.status_code)
    body = b"".join(response.streaming_content)
    seen[name] = {"url": link, "path": unquote(link[len(url):]), "sha256": hashlib.sha256(body).hexdigest()}

try:
    template.render(Context({"name": "no/such.css"}))
    sys.exit("a missing name was found")
except ValueError:
    pass
assert staticfiles_storage.manifest_hash, "no hash in the manifest"
json.dump({"django": django.get_version(), "names": seen, "hash": staticfiles_storage.manifest_hash}, sys.stdout)
