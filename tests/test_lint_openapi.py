"""Where node is missing, what is left out is said; where it has to be there, that is a failure."""

import json
from pathlib import Path

import pytest

from scripts import lint_openapi

DOCUMENT = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}}


@pytest.fixture
def document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small document, on a machine without node."""
    monkeypatch.setattr(lint_openapi, "CLIENTS", tmp_path)
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(DOCUMENT))
    return file


def test_without_node_the_linters_are_left_out_aloud(
    document: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("LODESTONE_REQUIRE_NODE", raising=False)
    assert lint_openapi.main(document) == 0
    assert "SKIPPED Spectral and Redocly" in capsys.readouterr().err


def test_where_node_is_required_its_absence_is_a_failure(document: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LODESTONE_REQUIRE_NODE", "1")
    assert lint_openapi.main(document) == 1


def test_what_is_no_openapi_document_is_a_failure_with_or_without_node(document: Path):
    document.write_text(json.dumps(DOCUMENT | {"paths": {"/x": {"get": {"responses": 5}}}}))
    assert lint_openapi.main(document) == 1


@pytest.mark.skipif(not (lint_openapi.CLIENTS / "node_modules" / "lodestone.sha256").is_file(), reason="No node here.")
def test_what_spectral_or_redocly_would_mend_is_a_failure(tmp_path: Path):
    """That neither finds anything in the document as it is committed, `make check` holds."""
    committed = json.loads(lint_openapi.DOCUMENT.read_text())
    file = tmp_path / "openapi.json"
    for part, said in (("contact", lint_openapi.spectral_finds), ("license", lint_openapi.redocly_finds)):
        less = {name: value for name, value in committed["info"].items() if name != part}
        file.write_text(json.dumps(committed | {"info": less}))
        assert said(file)
