"""What the pages load: this service's own files, whose origin and license are known."""

import hashlib
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "service" / "console" / "static" / "vendor"


def test_every_vendored_file_is_the_one_that_was_released_and_has_its_license():
    lines = [line.split() for line in (VENDOR / "SHA256SUMS").read_text().splitlines()]
    told = {name: digest for digest, name in lines}
    files = {one.name for one in VENDOR.iterdir() if one.suffix in (".js", ".json")}
    assert set(told) == files
    for name, digest in told.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest
        assert (VENDOR / f"{name.removesuffix('.min.js').removesuffix('.json')}.LICENSE").is_file()


def test_no_file_of_the_pages_names_an_outside_address():
    folder = VENDOR.parent
    for file in (*folder.glob("*.css"), *folder.glob("*.js"), *(folder.parent / "templates").glob("*.html")):
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text and "https://" not in text and "//cdn" not in text, file.name
