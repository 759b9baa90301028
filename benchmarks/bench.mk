bench: $(VENV)/installed-bench  ## the engine beside what else could do the work (minutes)
	$(VENV)/bin/python benchmarks/run.py
	$(VENV)/bin/python benchmarks/scale.py

$(VENV)/installed-bench: pyproject.toml .ci/environment
	@PYTHON="$(PYTHON)" sh .ci/environment $(VENV) '.[bench]'
	@touch $@ $(VENV)/installed

.PHONY: bench
