# The known door; ./dev does the work. `make help` lists the verbs.
.PHONY: run test lint lock reset doctor help prove bench

run lint lock reset doctor help:
	@./dev $@

test:
	@./dev test $(if $(ARGS),-- $(ARGS))

prove:
	@./dev prove $(G)

bench:
	@./dev bench $(B)
