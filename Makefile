# Two commands are enough: make run, make test.
GO      ?= go
BIN     := bin/dinghai
REQUIRE ?=
PORT    ?= 8080
DATA    ?= data/demo
TEMPL   := $(GO) tool -modfile=tools/go.mod templ

.PHONY: run build test check generate generated lint bench soak screens clean

## run: the demo bureau on http://localhost:$(PORT)
run: build
	./$(BIN) demo --data $(DATA) --listen localhost:$(PORT)

build:
	@mkdir -p bin
	CGO_ENABLED=0 $(GO) build -trimpath -o $(BIN) ./cmd/dinghai

## test: all there is; what needs PostgreSQL or Chromium is named when skipped (REQUIRE=all fails instead)
test: check
	REQUIRE=$(REQUIRE) CGO_ENABLED=0 $(GO) test -timeout 20m ./... 2>&1 | tee test.out; test $${PIPESTATUS[0]} -eq 0
	@grep -h -A0 -- '--- SKIP' test.out || true
	@if [ "$(REQUIRE)" = all ]; then $(MAKE) race; fi

## race: the race detector on engine and store (needs a C compiler)
.PHONY: race
race:
	CGO_ENABLED=1 REQUIRE=$(REQUIRE) $(GO) test -race -timeout 20m ./engine/... ./store/... ./jobs/... ./journey/...

## check: format, vet, generated files, catalogue
check:
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo 'run gofmt'; exit 1; }
	$(GO) vet ./...
	$(GO) run ./cmd/dinghai catalogue check
	$(MAKE) generated
	$(MAKE) lint

## generated: generated files are current
generated:
	@cp -r web/view .view.before && $(TEMPL) generate -path . >/dev/null 2>&1; \
	  diff -rq web/view .view.before; r=$$?; rm -rf .view.before; test $$r -eq 0 || { echo 'run make generate'; exit 1; }

SHELL := /bin/bash

## lint: staticcheck, pinned in tools/go.mod
lint:
	$(GO) tool -modfile=tools/go.mod staticcheck ./...

generate:
	$(TEMPL) generate -path .

## bench: the budgets, measured on this machine
bench:
	$(GO) run ./bench
	$(GO) run ./bench/city
	$(GO) run ./bench/http
	$(GO) run ./bench/names
	$(GO) run ./bench/gs1
	$(GO) run ./bench/credential
	$(GO) test -run '^$$' -bench . -benchtime 300ms ./kit/... | grep -E '^(pkg|Benchmark)'

## wasm: the verifiers for a browser, in OUT
OUT ?= bin/wasm
.PHONY: wasm
wasm:
	$(GO) run ./kit/wasm/build $(OUT)

## soak: kill the program a hundred times per store under load
soak:
	SOAK=100 REQUIRE=all $(GO) test -v -timeout 60m ./test/soak

## screens: every page at 1440 and 390 px in both languages
screens:
	$(GO) run ./web/screens

clean:
	rm -rf bin test.out
