"""A client of an application in this process, for the thousands of requests of the tests."""

from typing import Any

import httpx2
from starlette import testclient


class _WholeAnswers(httpx2.BaseTransport):
    """Lets the application answer in one visit to its event loop. Starlette's transport visits it nine times for each
    request, so that an answer can be read while it is being made: most answers cost less than that."""

    def __init__(self, client: "TestClient", *, raises: bool) -> None:
        self._client = client
        self._within = httpx2.ASGITransport(client.app, raise_app_exceptions=raises, client=("testclient", 50000))

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        # What is read by itself, such as a form with a file, is not sent on as it comes.
        request.read()
        with self._client._portal_factory() as portal:
            return portal.call(self._answered, request)

    async def _answered(self, request: httpx2.Request) -> httpx2.Response:
        answer = await self._within.handle_async_request(request)
        body = httpx2.ByteStream(await answer.aread())
        return httpx2.Response(answer.status_code, headers=answer.headers, stream=body)


class TestClient(testclient.TestClient):
    """Starlette's, except that an answer is there once it is complete: it reads no feed."""

    def __init__(self, app: Any, *, raise_server_exceptions: bool = True, **named: Any) -> None:
        super().__init__(app, raise_server_exceptions=raise_server_exceptions, **named)
        self._transport = _WholeAnswers(self, raises=raise_server_exceptions)
