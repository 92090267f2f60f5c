# The two commands of the README are `make run` and `make test`. The others are their parts.
.PHONY: help run test prepare format lint unit deny parity

help:
	@echo 'make run     build Oolong, set it up in this folder, and serve it on http://127.0.0.1:3000'
	@echo 'make test    the whole check: format, lints, tests on three databases, dependencies, recordings'
	@echo
	@echo 'Parts of `make test`: make prepare format lint unit deny parity'

run:
	@scripts/run

test:
	@scripts/test

prepare format lint unit deny parity:
	@scripts/test $@
