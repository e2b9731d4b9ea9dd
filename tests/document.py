"""The OpenAPI document as the service makes it, made once for all tests that read it."""

from typing import Any

from service.app import create_app
from service.settings import Settings

DOCUMENT: dict[str, Any] = create_app(Settings()).openapi()
