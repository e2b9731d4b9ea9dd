"""All measurements, one after another: `python -m bench`."""

from bench import answers, log

log.main(None)
answers.main()
