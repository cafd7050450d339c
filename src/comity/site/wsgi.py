"""The WSGI entry point that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.site.settings")
application = get_wsgi_application()

ALLOCATED = 50_000
"""So many new objects are waited for before garbage is looked for: a large page makes about as many."""

# The house itself is never garbage: it is not looked through again and again while pages are made.
gc.collect()
gc.freeze()
gc.set_threshold(ALLOCATED, *gc.get_threshold()[1:])
