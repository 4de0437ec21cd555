"""The same server and client as those of the client's tests."""

from tests.unit.client import conftest as of_client

services = of_client.services
url = of_client.url
client = of_client.client
_nothing_written = of_client._nothing_written
