# Short targets; the same commands for Windows stand in README.md.
PYTHON ?= python3
VENV = .venv
BIN = $(VENV)/bin
PORT ?= 8000
WALKED ?= tests
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: install install-dev demo run test lint types journeys messages bench lock

install: $(VENV)/installed messages  ## the environment, as locked

$(VENV)/installed: requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) -r requirements.txt
	touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	$(PIP) -r requirements-dev.txt
	touch $@

install-dev: $(VENV)/installed-dev messages  ## ... and what tests and checks need

# Compiled without system gettext.
PO = $(wildcard locale/*/LC_MESSAGES/django.po)
messages: $(PO:.po=.mo)

%.mo: %.po $(VENV)/installed
	$(BIN)/pybabel --quiet compile --domain=django --input-file=$< --output-file=$@

demo: install  ## a server with demonstration data; PORT=8001 make demo takes another port
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py load_demo --url http://127.0.0.1:$(PORT)/
	SITE_URL=http://127.0.0.1:$(PORT) $(BIN)/python manage.py runserver --noreload 127.0.0.1:$(PORT)

run: install  ## a development server with what is in the database
	$(BIN)/python manage.py migrate --verbosity 0
	SITE_URL=http://127.0.0.1:$(PORT) $(BIN)/python manage.py runserver 127.0.0.1:$(PORT)

test: install-dev  ## the suite; DATABASE_URL chooses the database
	$(BIN)/python -m pytest

lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	git ls-files 'templates/*.html' | xargs $(BIN)/djade --check --target-version 5.2
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run

types: $(VENV)/installed-dev
	$(BIN)/mypy .

journeys: install-dev  ## in Chromium, skipped with a word where there is none
	$(BIN)/python -m pytest -m journey -rs $(WALKED)

bench: install-dev  ## the pages on a region's years of work; needs PostgreSQL
	$(BIN)/python -m benchmarks

lock: $(VENV)/installed-dev  ## anew from the *.in files (needs: pip install uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements.in -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements-dev.in -o requirements-dev.txt
