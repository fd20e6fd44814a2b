"""Asks one media server over HTTP, and says in one line what went wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpx
from httpx_retries import Retry, RetryTransport

from pymap.errors import FetchError
from pymap.fetch.answer import Answer
from pymap.fetch.server import Server

_RETRY = Retry(
    total=3,
    backoff_factor=0.5,
    allowed_methods=["GET", "POST"],
    status_forcelist=[429, 500, 502, 503, 504],
    # A server that sends Retry-After again and again is given up.
    total_timeout=60,
)


class Http:
    """A connection to a server; every request carries ``headers`` and ``params``, which hold what is secret."""

    def __init__(
        self, server: Server, *, headers: Mapping[str, str] | None = None, params: Mapping[str, str] | None = None
    ) -> None:
        self._server = server
        self._transport = _WithSecrets(_plain_transport(server), headers or {}, params or {})
        self._client = httpx.Client(
            transport=RetryTransport(self._transport, _RETRY),
            headers={"Accept": "application/json", "User-Agent": "pymap"},
            timeout=server.timeout,
            follow_redirects=True,
            event_hooks={"response": [self._refuse_other_hosts]},
        )

    def __enter__(self) -> Http:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def send_with_each(self, params: Mapping[str, str]) -> None:
        """Send these parameters with every request from now on, in place of those before."""
        self._transport.params = params

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Answer:
        """Return the answer to GET; ``path`` begins with a slash. Raises FetchError."""
        return self._ask("GET", path, params=params)

    def post(self, path: str, content: Any) -> Answer:
        """Return the answer to POST of JSON. Raises FetchError."""
        return self._ask("POST", path, json=content)

    def _ask(self, method: str, path: str, **request: Any) -> Answer:
        try:
            response = self._client.request(method, self._server.url + path, **request)
        except httpx.TimeoutException as error:
            raise FetchError(f"{self._server} did not answer {path} within {self._server.timeout:g} s") from error
        except httpx.TooManyRedirects as error:
            raise FetchError(f"{self._server} redirects {path} in a circle") from error
        except httpx.HTTPError as error:
            raise self._no_connection(error) from error
        if not response.is_success:
            raise self._refused(path, response.status_code)
        try:
            return Answer(self._server, path, response.content, json.loads(response.content), response.headers)
        except (ValueError, RecursionError) as error:
            kind = response.headers.get("content-type", "no content type")
            raise FetchError(
                f"{self._server} answered {path} with something other than JSON ({kind})",
                hint=f"Is this the address of a {self._server.type} server?",
            ) from error

    def _refuse_other_hosts(self, response: httpx.Response) -> None:
        if not response.has_redirect_location:
            return
        asked = response.request.url
        target = asked.join(response.headers["location"])
        if target.host != asked.host or (asked.scheme, target.scheme) == ("https", "http"):
            raise FetchError(
                f"{self._server} redirects to {target.scheme}://{target.host}, which would see the token",
                hint="If that is right, give that address as the server's.",
            )

    def _no_connection(self, error: httpx.HTTPError) -> FetchError:
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return FetchError(
                f"the certificate of {self._server} is not trusted: {error}",
                hint="Name the file of the authority that signed it in the environment variable SSL_CERT_FILE.",
            )
        return FetchError(f"no connection to {self._server}: {error or type(error).__name__}")

    def _refused(self, path: str, status: int) -> FetchError:
        message = f"{self._server} answered {path} with HTTP status {status}"
        if status in (401, 403):
            return FetchError(message, hint="Are the token, the user and the password right, and may they list it?")
        if status == 404:
            return FetchError(message, hint=f"Is this the address of a {self._server.type} server?")
        return FetchError(message, hint="Try again later; the server's log says why." if status >= 500 else None)


def _plain_transport(server: Server) -> httpx.HTTPTransport:
    url = httpx.URL(server.url)
    # A client with a transport of its own does not look for a proxy in the environment.
    proxy = None if proxy_bypass(url.host) else getproxies().get(url.scheme)
    return httpx.HTTPTransport(proxy=proxy)


class _WithSecrets(httpx.BaseTransport):
    """Adds what is secret at the last moment: neither logs nor exceptions of httpx see it."""

    def __init__(self, transport: httpx.BaseTransport, headers: Mapping[str, str], params: Mapping[str, str]) -> None:
        self._transport = transport
        self._headers = headers
        self.params = params

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._transport.handle_request(
            httpx.Request(
                request.method,
                request.url.copy_merge_params(self.params),
                headers={**request.headers, **self._headers},
                stream=request.stream,
                extensions=request.extensions,
            )
        )

    def close(self) -> None:
        self._transport.close()
