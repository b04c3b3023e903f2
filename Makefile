# `make help` lists the targets: what stands behind ## is their documentation.

PYTHON ?= python3
LESSON ?= modular-layers
TORCH ?= 2.13.0+cpu
JOBS ?= 2
LEVEL ?= A
AS = me
RUN := .venv/bin/python -m

.PHONY: help setup system torch keras demo test lab build release grade site lite attacks bench bench-checks bench-data bench-explorers bench-grading bench-ladder bench-mutants bench-numbers bench-storm record lock

help:  ## list these targets
	@sed -n 's/^\([a-z-]*\):.*  ## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

setup: .venv/.complete  ## make .venv with the locked packages (PYTHON=python3.12, UNLOCKED=1: newest packages)

.venv/.complete: requirements.lock pyproject.toml tools/venv.py
	@$(PYTHON) tools/venv.py $(if $(UNLOCKED),--unlocked)
	@touch $@

demo: setup  ## grade an invented class and show the reports (LESSON=two-layer-net: one lesson alone)
	$(RUN) autograder.demo $(if $(filter command line,$(origin LESSON)),--lesson $(LESSON))

lab: setup  ## build the students' folder and open it in JupyterLab
	$(RUN) autograder lab

build: setup  ## lesson texts to source/ and release/ notebooks
	$(RUN) autograder build

release: setup  ## the folder for students, dist/student (LESSON=modular-layers)
	$(RUN) autograder release $(LESSON)

grade: setup  ## grade everything in submitted/ (LESSON=modular-layers)
	$(RUN) autograder grade $(LESSON)

site: setup  ## the course's site, dist/site; for teachers, dist/teacher/site (fetches through npm once)
	$(RUN) autograder.site
	$(RUN) autograder.site --teachers

lite: setup  ## the course for the browser, nothing installed, dist/lite (fetches JupyterLite once)
	$(RUN) autograder.lite

test: system setup  ## style and all tests (JOBS=2, ARGS="-k affine")
	$(RUN) ruff check .
	OPENBLAS_NUM_THREADS=1 $(RUN) pytest -n $(JOBS) $(ARGS)  # more threads would wait for one another

system:  ## Chromium, Node.js and PostgreSQL for some tests, through apt where that is allowed
	@$(PYTHON) tools/system.py

torch: setup  ## PyTorch as a second opinion in the tests, optional (TORCH=2.13.0 where no +cpu build exists)
	$(RUN) pip install -qq --disable-pip-version-check --no-compile --only-binary :all: torch==$(TORCH)

keras: torch  ## Keras on top of PyTorch as a second opinion in the tests, optional
	$(RUN) pip install -qq --disable-pip-version-check --only-binary :all: "keras>=3.9,<4"

attacks: setup  ## attack the grader in every known way (LEVEL=B, AS=nobody; minutes)
	OPENBLAS_NUM_THREADS=1 $(RUN) benchmarks.attacks --level $(LEVEL) --user $(AS)

bench: setup  ## how fast are the layers? beside loops, im2col and PyTorch (ARGS="--repeats 7"; minutes)
	$(RUN) benchmarks.layers $(ARGS)

bench-checks: setup  ## what the checks catch, name and accept, and how fast (minutes; goes on where it stopped)
	OPENBLAS_NUM_THREADS=1 $(RUN) benchmarks.matrix
	OPENBLAS_NUM_THREADS=1 $(RUN) benchmarks.checks

bench-ladder: setup  ## how far nets get, for the points of a student's own ConvNet (hours; goes on where it stopped)
	$(RUN) benchmarks.ladder

bench-data: setup  ## are generated pictures as hard as photographs? (CIFAR10_DIR=the folder of CIFAR-10)
	$(RUN) benchmarks.stand_in_profile

bench-numbers: setup  ## every accuracy that a text quotes, over five seeds (hours; goes on where it stopped; CIFAR10_DIR)
	OPENBLAS_NUM_THREADS=1 $(RUN) benchmarks.trainings $(ARGS)
	OPENBLAS_NUM_THREADS=1 $(RUN) benchmarks.record_without $(ARGS)
	OPENBLAS_NUM_THREADS=1 $(RUN) benchmarks.record_pace
	$(RUN) benchmarks.quoted

bench-explorers: system setup  ## from slider to picture in JupyterLab, size and speed of the explorers (minutes)
	OPENBLAS_NUM_THREADS=1 $(RUN) benchmarks.explorers $(ARGS)

bench-grading: setup  ## how fast is grading? beside nbgrader, on a cluster, 2,000 at once (ARGS="--submissions 8")
	$(RUN) benchmarks.grading $(ARGS)

bench-storm: setup  ## 2,000 submissions, some hostile, while workers are killed (ARGS="--submissions 100")
	$(RUN) benchmarks.storm $(ARGS)

bench-mutants: setup  ## which small changes of the reference do the checks let pass? (minutes; goes on where it stopped)
	OPENBLAS_NUM_THREADS=1 $(RUN) benchmarks.mutants --jobs $(JOBS)

record: setup  ## a ConvNet in NumPy on CIFAR-10, a budget of work (CIFAR10_DIR=folder, ARGS="--tflop 1050 --seeds 1")
	$(RUN) benchmarks.record_runs $(ARGS)

lock:  ## resolve pyproject.toml anew into requirements.lock, and JupyterLite's packages (needs uv)
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --fork-strategy fewest \
		--generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements.lock
	uv pip compile autograder/lite/packages.in --universal --python-version 3.11 --fork-strategy fewest \
		--generate-hashes --no-emit-index-url --no-header --quiet --output-file autograder/lite/packages.lock
