# Two commands do everything: `make book` and `make test`. `make help` lists the rest.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
HTML := _build/html/.built
BUILD := $(BIN)/jupyter-book build . --path-output . --quiet -W -n --keep-going
CHAPTERS := $(wildcard notebooks/*.ipynb)
RENDERED := tests/test_pages.py tests/test_prints.py
HELPERS := $(foreach name,claims images numbers plotting progress,tests/test_$(name).py)

# notebooks run side by side, so each has one thread: `make test` runs two at a time, whatever the
# machine, and `make book` one a core, while memory lasts; the helpers are found uninstalled
export OMP_NUM_THREADS := 1
export TF_NUM_INTRAOP_THREADS := 1
export TF_NUM_INTEROP_THREADS := 1
export TF_CPP_MIN_LOG_LEVEL := 2
export PYTHONPATH := $(CURDIR)
# a chapter uses a GPU where there is one; the checks beside it compare with NumPy, on the processor
test processors elsewhere faults marks: export CUDA_VISIBLE_DEVICES :=

.DEFAULT_GOAL := help
.PHONY: help book html look serve test newest oldest sphinx links notebooks processors elsewhere faults lab chapter student course marks alone \
	slides pdf epub format clean

help: ## list the verbs
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 13
	@echo "NAME     a chapter, such as siren; for html and look also a page of prose, such as teaching"
	@echo "VARIANT  one, four, avx2, plain, seeds, or several: VARIANT='plain seeds'; without it all"
	@echo "CELL     the id of a cell; COUNT of faults (20); SEED to plant the same again"
	@echo "Times are about those of two idle cores once all is installed, without NAME where it may be left out."

# a chapter that fails must not cost a reader the book: it shows its committed outputs under a notice
book: $(READY) ## set up, execute what has no valid result, build the book; 5 min
	@$(BIN)/python -m book.machine.execute; executed=$$?; [ $$executed -ne 130 ] || exit 130; \
	$(MAKE) --no-print-directory $(HTML); built=$$?; \
	echo "The book is at _build/html/index.html; 'make serve' opens it."; \
	$(BIN)/python -m book.machine.execute --failed; \
	exit $$((executed || built))

# one page is built into the book that is there; the whole book is built from nothing
ifdef NAME
html: $(READY) ## build the pages alone, without a run; 30 s (NAME=…: one page, 15 s)
	@$(BIN)/python -m tests.tools.page renew $(NAME)
	$(BUILD)
else
html: $(HTML)
endif

$(HTML): $(READY) _config.yml _toc.yml helpers/claims.py $(CHAPTERS) $(wildcard _build/results/*.*) \
		$(wildcard book/*.*) $(wildcard book/machine/*.* book/machine/*/* book/machine/site/*/*)
	rm -rf _build/html _build/.doctrees  # a second strict build would forget the warnings of the first
	$(BUILD)
	@touch $@

look: html ## take pictures of a page into _build/look: light, dark, phone (NAME=…); 1 min
	@$(BIN)/python -m tests.tools.page look $(NAME)

serve: book ## build the book and open it in a browser
	@(sleep 1; $(BIN)/python -m webbrowser http://localhost:8000) & \
		$(BIN)/python -m http.server --bind localhost --directory _build/html 8000

# what passed is not run again until a file changes; `--stale` says so of a notebook that passed
ifdef NAME
test: $(READY)
	@$(BIN)/python -m tests.tools.one_chapter $(NAME)
else
test: $(READY) ## set up and run every test; 20 min, 10 s if nothing changed (NAME=…: of one chapter, 1 min)
	$(BIN)/python -m tests.tools.lint check .
	$(BIN)/python -m tests.tools.lint format --check .
	$(BIN)/codespell
	@$(BIN)/python -m tests.tools.unchanged notebooks-and-tests -- $(BIN)/python -m pytest -n 2 --dist loadfile \
		--nbval-lax --nbval-cell-timeout 300 --stale $(CHAPTERS) tests $(addprefix --ignore ,$(RENDERED))
	@$(MAKE) --no-print-directory $(HTML)
	@$(BIN)/python -m tests.tools.unchanged pages _build/html -- $(BIN)/python -m pytest -n 2 -rs $(RENDERED)
endif

# in a copy, since a result knows the pins and not what was installed
newest: ## run the tests with the newest versions that the pins would allow, as committed
	rm -rf _build/newest && mkdir -p _build/newest
	git archive HEAD | tar -x -C _build/newest
	cd _build/newest && sed -i.pinned -E 's/==/>=/; s/^jupyter-book.*/&,<2/' requirements.txt && : > constraints.txt
	$(MAKE) -C _build/newest test

oldest: ## run the helpers' tests with the oldest versions that pyproject.toml admits
	rm -rf _build/oldest
	$(PYTHON) -m venv _build/oldest
	sed -nE 's/^ +"([a-z-]+)>=([0-9.]+)",/\1==\2/p' pyproject.toml > _build/oldest/pins.txt
	grep -E '^(torch|pytest|hypothesis)==' requirements.txt >> _build/oldest/pins.txt
	_build/oldest/bin/python -m pip install --quiet --disable-pip-version-check . -r _build/oldest/pins.txt
	_build/oldest/bin/python -m pytest --noconftest -W default::DeprecationWarning $(HELPERS)

# the way out of Jupyter Book 1: its configuration translated, and its extensions without its own
EXTENSIONS := book.machine.site,myst_nb,sphinx_book_theme,sphinx_external_toc
EXTENSIONS := $(EXTENSIONS),sphinx_copybutton,sphinx_togglebutton,sphinxext.opengraph
sphinx: $(READY) ## build the pages with the newest plain Sphinx and list what it warns of, as committed
	rm -rf _build/sphinx && mkdir -p _build/sphinx
	git archive HEAD | tar -x -C _build/sphinx
	$(BIN)/jupyter-book config sphinx _build/sphinx
	$(PYTHON) -m venv _build/sphinx/.venv
	_build/sphinx/.venv/bin/python -m pip install --quiet --disable-pip-version-check sphinx myst-nb sphinx-book-theme \
		sphinx-external-toc sphinx-copybutton sphinx-togglebutton sphinxext-opengraph latex2mathml fonttools pillow tinycss2 \
		brotli
	cd _build/sphinx && PYTHONPATH=. .venv/bin/sphinx-build -q -n -d _build/.doctrees . _build/html -D extensions=$(EXTENSIONS)
	@_build/sphinx/.venv/bin/python -m pip list --disable-pip-version-check | grep -iE 'sphinx |theme|myst-nb'
	@echo "The pages are at _build/sphinx/_build/html/index.html."

links: $(READY) ## check the links that leave the book; it needs the internet
	$(BIN)/jupyter-book build . --path-output . --builder linkcheck --quiet

notebooks: $(READY) ## execute what is stale and refresh the committed outputs (NAME=…); 4 min
	$(BIN)/python -m book.machine.execute --write $(NAME)

processors: $(READY) ## run the chapters as other processors and compare (VARIANT=… NAME=…); 20 min
	$(BIN)/python -m tests.tools.processors $(VARIANT) -- $(NAME)

elsewhere: $(READY) ## run the chapters on other pictures, seeds and sizes; count what holds (NAME=…); 30 min
	$(BIN)/python -m tests.tools.elsewhere $(NAME)

faults: $(READY) ## plant random faults in a chapter, see which are noticed (NAME=… COUNT=… SEED=…), or list a cell's (CELL=…); 7 min
	@$(BIN)/python -m tests.tools.faults $(NAME) $(if $(COUNT),--count $(COUNT)) $(if $(SEED),--seed $(SEED)) \
		$(if $(CELL),--cell $(CELL))

lab: $(READY) ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab --notebook-dir=notebooks

chapter: ## begin a chapter with all that belongs to it (NAME=my_topic)
	@$(PYTHON) -m tests.tools.new_chapter $(NAME)

student: $(READY) ## write the notebooks without solutions and outputs into _build/student
	$(BIN)/python -m book.machine.site.downloads

course: $(READY) ## write the exercises as a course for nbgrader into _build/course (NAME=… for one)
	@$(BIN)/python -m tests.tools.course $(NAME)

marks: $(READY) ## let nbgrader mark the courses' starters, solutions and other answers (NAME=…); 1 h
	@$(BIN)/python -m tests.tools.marks $(NAME)

alone: $(READY) ## run every notebook that a page offers alone: an empty folder, no repository, no network
	$(BIN)/python -m pytest -n 2 -m '' tests/test_downloads.py

slides: $(READY) ## write slides of the chapters' main lines into _build/slides (NAME=… for one)
	$(BIN)/python -m book.machine.slides $(NAME)

pdf: $(HTML) ## print the book as built into _build; it needs Chromium
	$(BIN)/python -m book.machine.prints pdf

epub: $(HTML) ## pack the book as built into _build
	$(BIN)/python -m book.machine.prints epub

format: $(READY) ## format and lint the code, in notebooks too
	$(BIN)/python -m tests.tools.lint format .
	$(BIN)/python -m tests.tools.lint check --fix .

clean: ## forget all results and the built book
	rm -rf _build

$(READY): requirements.txt constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v <= (3, 13) else \
		f"Python {v[0]}.{v[1]} is not supported; name another, as in: make book PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -c constraints.txt
	@touch $@
