"""How often each page of an organisation or network of the fiction asks the database; run over a demo's house."""

import json
import sys

import django


def queries(languages: list[str]) -> dict[str, int]:
    """By address, once the page was made before."""
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from comity.registry.exports import address_of
    from comity.registry.models import Organisation

    client = Client(SERVER_NAME="localhost")
    counted = {}
    for row in Organisation.objects.filter(realm="fiction"):
        for language in languages:
            address = address_of(row, language)
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200, address
            counted[address] = len(asked)
    return counted


if __name__ == "__main__":
    print(json.dumps(queries(sys.argv[1:])))
