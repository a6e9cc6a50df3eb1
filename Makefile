# Ấn Tín: build, test and try it. `make help` lists the targets.
#
# One set of flags for everything: another set is another cold build of the C
# parts. clang, because gcc 12 needs three times as long for cgo's headers;
# -buildvcs=false, because containers check out with a foreign owner.
export CC := clang
export CGO_ENABLED := 1
export GOFLAGS := -trimpath -buildvcs=false
CALLERS := $(LANG)# the window speaks the language of whoever opens it
export LANG := C.UTF-8

# Pinned, run from the module cache; they are no part of the program.
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOFUMPT     := mvdan.cc/gofumpt@v0.12.0

FUZZTIME ?= 5s
BIN      := build/antin
DEMO     := build/demo

.PHONY: help setup build run demo test vet lint fuzz bench screenshots pictures clean

help:
	@echo 'make demo    build, then sign, issue, copy and check make-believe documents in $(DEMO);'
	@echo '             where there is a display, open the window to try it by hand'
	@echo 'make test    vet, lint, all tests, every fuzz target for $(FUZZTIME) (FUZZTIME=1m: longer)'
	@echo 'make build   $(BIN)'
	@echo 'make run     build and open the window; ARGS="verify x.pdf" are passed on'
	@echo 'make lint    go vet, staticcheck, gofumpt'
	@echo 'make bench   all benchmarks'
	@echo 'make screenshots  pictures of every screen, in every size, colour and language, in build/screenshots'
	@echo 'make pictures     those of the help, the tours and README'
	@echo 'make clean   remove build/'

setup:
	@packaging/setup-debian.sh

build: setup
	@mkdir -p build
	go build -o $(BIN) ./app

run: build
	LANG=$(CALLERS) $(BIN) $(ARGS)

demo: build
	@rm -rf $(DEMO)
	$(BIN) demo $(DEMO)
	@echo; echo 'The documents are in $(CURDIR)/$(DEMO):'; ls -l $(DEMO)
	@if [ -n "$$DISPLAY" ]; then exec env LANG=$(CALLERS) $(DEMO)/mo-cua-so.sh $(DEMO)/quyet-dinh.pdf; \
	else echo; echo 'No display here: open the window on one with $(DEMO)/mo-cua-so.sh $(DEMO)/quyet-dinh.pdf'; fi

# The window's packages first and one at a time: they measure how long the user
# interface's thread works, and other tests on the same processors make it slower.
test: setup vet lint
	go test -timeout 15m -p 1 ./app/... ./assets/...
	go test -timeout 15m ./signer/...
	@packaging/check-windows.sh
	@$(MAKE) --no-print-directory fuzz

vet: setup
	go vet ./...

# gofumpt -l prints the files that are not formatted and succeeds all the same.
lint: setup vet
	go run $(STATICCHECK) ./...
	@files=$$(go run $(GOFUMPT) -l .) || exit 1; \
	if [ -n "$$files" ]; then \
		echo 'not formatted; run "go run $(GOFUMPT) -w ." on:'; echo "$$files"; exit 1; \
	fi

# Finds the targets itself, so that a new one takes part at once. A target whose
# package, dependencies and fuzz time are as at the last good run is not run again.
# The go command calls it a failure at times when its time is up during a run; what
# fuzzing really finds is written down as a failing input.
fuzz: setup
	@mkdir -p build/fuzz; \
	packages=$$(go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' ./...) || exit 1; \
	for pkg in $$packages; do \
		targets=$$(go test -list '^Fuzz' "$$pkg") || { echo "$$targets"; exit 1; }; \
		targets=$$(echo "$$targets" | grep '^Fuzz') || continue; \
		state=$$(go list -deps -test -export -f '{{.ImportPath}} {{.BuildID}}' "$$pkg" | sha256sum); \
		for target in $$targets; do \
			stamp=build/fuzz/$$(echo "$$pkg" | tr / .).$$target; \
			if [ "$$(cat "$$stamp" 2>/dev/null)" = "$(FUZZTIME) $$state" ]; then \
				echo "$$pkg: $$target unchanged since it was fuzzed for $(FUZZTIME)"; continue; \
			fi; \
			echo "go test -fuzz ^$$target\$$ -fuzztime $(FUZZTIME) $$pkg"; \
			if ! go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x "$$pkg" >build/fuzz/log 2>&1; then \
				cat build/fuzz/log; \
				if grep -q 'Failing input' build/fuzz/log || ! grep -q '^ *context deadline exceeded' build/fuzz/log; then exit 1; fi; \
				echo "$$pkg: $$target: the time was up in the middle of a run; nothing was found"; \
			else tail -n 1 build/fuzz/log; fi; \
			echo "$(FUZZTIME) $$state" >"$$stamp"; \
		done; \
	done

bench: setup
	go test -run '^$$' -bench . -benchmem ./...

# Drawn by the toolkit's software driver: no display is needed.
screenshots: setup
	go test -count=1 -timeout 45m ./app/gui -run '^TestScreens$$' -screenshots $(CURDIR)/build/screenshots

# Of the screens as they are now, for the help, the tours and README; 200 colours do.
pictures: setup
	go test -count=1 ./app/gui -run '^TestPictures$$' -pictures $(CURDIR)/assets/pictures
	mogrify -strip +dither -colors 200 -define png:format=png8 assets/pictures/*/*.png

clean:
	rm -rf build
