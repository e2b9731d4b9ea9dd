"""All measurements, one after another: `python -m bench`."""

from bench import log

log.main(None)
