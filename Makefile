# Each target is one line; `make run` and `make test` are all that a new machine needs.
.PHONY: help deps build run test asan tsan fuzz lint format clean bench image-root image
.DEFAULT_GOAL := help

help:    ## Lists the targets.
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

deps:    ## Installs what the build and the tests need (DEPS=--build: the release build alone); changes nothing where all is there.
	@scripts/deps $(DEPS)

build: deps    ## Builds the program as it is shipped: build/release/seaworthy.
	@scripts/build release seaworthy

run: build    ## Serves the built-in bundle, sends it a sample Pod, prints verdict and patch, keeps serving (ONCE=1: ends).
	@scripts/run build/release/seaworthy

image-root: build    ## What the image holds, of the release build: build/image-root, and the same as a tar file.
	@scripts/image-root

image:    ## The image itself, build/seaworthy-image.tar, from the Dockerfile; needs buildah and, without a registry, debootstrap.
	@scripts/image

test: deps image-root    ## Unit tests, then the image's and those on a real API server; the last line counts all.
	@scripts/build dev && tests/run build/dev

asan: deps    ## Unit and server tests under AddressSanitizer and UndefinedBehaviorSanitizer.
	@scripts/build asan && tests/run build/asan --unit-only

tsan: deps    ## Unit and server tests under ThreadSanitizer.
	@scripts/build tsan && tests/run build/tsan --unit-only

fuzz: deps    ## Each fuzzer for FUZZ_SECONDS (60): the CEL parser, checker and evaluator.
	@scripts/build fuzz fuzzers && fuzz/run build/fuzz

bench: DEPS = --bench
bench: deps    ## The server beside nginx, a Pod judged, CEL beside cel-go, a Pod's creation: the tables of docs/performance.md.
	@scripts/build release seaworthy cel_bench policies_bench && bench/run build/release

lint: deps    ## clang-tidy over everything.
	@scripts/build lint

format: deps    ## clang-format over everything.
	@git ls-files '*.h' '*.cc' | xargs clang-format-19 -i

clean:    ## Removes what was built here; caches outside stay.
	@rm -rf build
