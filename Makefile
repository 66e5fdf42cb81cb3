# Raute. `make run` builds and serves, `make test` tests; both install what is missing.

BUILD ?= build
PREFIX ?= /usr/local
# address (with undefined) or thread: another build beside the plain one
SANITIZE ?=
OUT := $(BUILD)$(if $(SANITIZE),/$(SANITIZE))

# A folder may include, and a library may call, only folders to its right.
LAYERS := main net wire bridge journal store event identity base

PACKAGES_BUILD := gcc make pkg-config libwebsockets-dev libwebsockets-evlib-uv libuv1-dev \
	libsqlite3-dev libjansson-dev libsodium-dev zlib1g-dev libunistring-dev libqrencode-dev \
	libcurl4-openssl-dev libssl-dev libc-ares-dev libxml2-dev liburing-dev libicu-dev \
	nodejs npm
PACKAGES_TEST := $(PACKAGES_BUILD) libcmocka-dev chromium fonts-dejavu-core fonts-noto-core sqlite3 curl \
	openssl g++ python3
# nginx and mosquitto are only measured against; Debian starts both when they are installed
PACKAGES_BENCH := $(PACKAGES_BUILD) nginx-light libnginx-mod-nchan mosquitto strace valgrind
PACKAGES_LINT := $(PACKAGES_BUILD) clang-tidy clang-format cppcheck libcmocka-dev

CC ?= gcc
PKGS := libwebsockets libuv sqlite3 jansson libsodium zlib libqrencode libcurl libcrypto libcares libxml-2.0 liburing icu-i18n icu-uc
CPPFLAGS += -Iserver -D_GNU_SOURCE
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
CFLAGS_ALL = -std=c17 $(WARNINGS) -g -fPIE -fstack-protector-strong -pthread -MMD -MP \
	$(SANITIZER) $(shell pkg-config --cflags $(PKGS)) $(CFLAGS)
LDFLAGS_ALL = -pie -pthread -Wl,-z,relro,-z,now $(SANITIZER) $(LDFLAGS)
LIBS = $(shell pkg-config --libs $(PKGS)) -lunistring

ifeq ($(SANITIZE),address)
SANITIZER := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
else ifeq ($(SANITIZE),thread)
SANITIZER := -O1 -fsanitize=thread -fno-omit-frame-pointer
else
SANITIZER := -O2 -D_FORTIFY_SOURCE=2
endif

ifeq ($(MAKELEVEL),0)
MAKEFLAGS += --jobs=$(shell nproc)
endif

.PHONY: all run test bench unit lint format install clean shots
.PRECIOUS: $(BUILD)/gen/%.c $(OUT)/gen/%.o

all: $(OUT)/raute

# ---- the server, a library per layer

sources = $(wildcard server/$(1)/*.c)
objects = $(patsubst %.c,$(OUT)/%.o,$(call sources,$(1)))

define layer
$(OUT)/lib$(1).a: $(call objects,$(1)) $(GENERATED_$(1):%=$(OUT)/gen/%.o)
	@rm -f $$@
	@ar rcs $$@ $$^
endef
GENERATED_store := schema
GENERATED_wire := words
$(foreach l,$(LAYERS),$(eval $(call layer,$(l))))

$(OUT)/server/%.o: server/%.c | $(BUILD)/.packages
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS_ALL) -c -o $@ $<

$(OUT)/raute: $(LAYERS:%=$(OUT)/lib%.a) $(OUT)/gen/assets.o
	$(CC) $(LDFLAGS_ALL) -o $@ -Wl,--whole-archive $(OUT)/libmain.a -Wl,--no-whole-archive \
		$(OUT)/gen/assets.o $(filter-out %/libmain.a,$(filter %.a,$^)) $(LIBS)

$(BUILD)/.packages: Makefile .ci/install
	@mkdir -p $(@D)
	@./.ci/install $(PACKAGES_BUILD)
	@touch $@

# ---- what is embedded: the schema, the words, the pages

# embed(symbol, file): the bytes, a final NUL, and the length as an unsigned int
embed = printf '__asm__(".pushsection .rodata\\n.global $(1)\\n$(1):\\n.incbin \\"$(2)\\"\\n$(1)_end:\\n.byte 0\\n.balign 4\\n.global $(1)_length\\n$(1)_length:\\n.long $(1)_end - $(1)\\n.popsection\\n");\n'

$(BUILD)/gen/schema.c: schema.sql
	@mkdir -p $(@D)
	@$(call embed,schema_sql,schema.sql) > $@

$(BUILD)/gen/words.c: web/words/de.json web/words/en.json
	@mkdir -p $(@D)
	@{ $(call embed,words_de_json,web/words/de.json); $(call embed,words_en_json,web/words/en.json); } > $@

$(BUILD)/gen/assets.c: web/embed.mjs $(BUILD)/web/.built
	@mkdir -p $(@D)
	@node web/embed.mjs $(BUILD)/web > $@

$(OUT)/gen/%.o: $(BUILD)/gen/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS_ALL) -c -o $@ $<

web/node_modules/.installed: web/package.json web/package-lock.json web/.npmrc | $(BUILD)/.packages
	npm --prefix web ci --no-audit --no-fund --loglevel=error
	@touch $@

WEB := $(shell find web -path web/node_modules -prune -o -type f -print)
$(BUILD)/web/.built: $(WEB) web/node_modules/.installed
	@rm -rf $(BUILD)/web
	node web/build.mjs --out $(BUILD)/web
	@touch $@

# ---- run, install

run: all
	$(OUT)/raute serve

install: all
	install -D -m 0755 $(OUT)/raute $(DESTDIR)$(PREFIX)/bin/raute

# ---- tests: TAP from each program, counted by tests/run.sh

right_of = $(if $(filter $(1),$(firstword $(2))),$(2),$(call right_of,$(1),$(wordlist 2,99,$(2))))
programs = $(patsubst tests/unit/$(1)/%.c,$(OUT)/unit/$(1)/%,$(filter-out %_assets.c,$(wildcard tests/unit/$(1)/*.c)))

define unit
.PHONY: unit-$(1) programs-$(1)
$(OUT)/unit/$(1)/%: tests/unit/$(1)/%.c $(patsubst %,$(OUT)/lib%.a,$(call right_of,$(1),$(LAYERS))) $(wildcard tests/unit/$(1)/*_assets.c) $(wildcard tests/unit/*.h tests/unit/*/*.h)
	@mkdir -p $$(@D)
	$$(CC) $$(CPPFLAGS) -Itests/unit $$(CFLAGS_ALL) $$(LDFLAGS_ALL) -o $$@ $$(filter %.c,$$^) $$(filter %.a,$$^) $$(LIBS) -lcmocka
programs-$(1): $(call programs,$(1))
unit-$(1): $(BUILD)/.packages-test
	@$$(MAKE) --no-print-directory SANITIZE=address $(patsubst %,programs-%,$(filter-out main,$(call right_of,$(1),$(LAYERS))))
	@tests/run.sh $(foreach l,$(filter-out main,$(call right_of,$(1),$(LAYERS))),$(patsubst tests/unit/$(l)/%.c,$(BUILD)/address/unit/$(l)/%,$(filter-out %_assets.c,$(wildcard tests/unit/$(l)/*.c))))
endef
$(foreach l,$(LAYERS),$(eval $(call unit,$(l))))

unit: unit-net

$(BUILD)/.packages-test: Makefile .ci/install
	@mkdir -p $(@D)
	@./.ci/install $(PACKAGES_TEST)
	@touch $@

# What threads share is tested again under ThreadSanitizer.
THREAD_TESTS := base/queue base/bucket journal/journal bridge/bridge bridge/attempts bridge/http \
	wire/frames wire/resource wire/replay
ADDRESS_PROGRAMS = $(foreach l,$(filter-out main,$(LAYERS)),$(patsubst tests/unit/$(l)/%.c,$(BUILD)/address/unit/$(l)/%,$(filter-out %_assets.c,$(wildcard tests/unit/$(l)/*.c))))

# the clients that check every byte (tests/end/fanout)
$(BUILD)/fastpath: $(wildcard tests/lib/fastpath/*.c tests/lib/fastpath/*.h) | $(BUILD)/.packages
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Itests $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $(filter %.c,$^) $(shell pkg-config --libs openssl jansson)

tests/node_modules/.installed: tests/package.json tests/package-lock.json tests/.npmrc | $(BUILD)/.packages-test
	npm --prefix tests ci --no-audit --no-fund --loglevel=error
	@touch $@

test: $(BUILD)/.packages-test all $(BUILD)/fastpath web/node_modules/.installed tests/node_modules/.installed
	@$(MAKE) --no-print-directory SANITIZE=address all $(patsubst %,programs-%,$(filter-out main,$(LAYERS)))
	@$(MAKE) --no-print-directory SANITIZE=thread all $(THREAD_TESTS:%=$(BUILD)/thread/unit/%)
	@tests/run.sh $(ADDRESS_PROGRAMS) $(THREAD_TESTS:%=$(BUILD)/thread/unit/%) \
		$(sort $(wildcard tests/web/*.test.ts) $(wildcard tests/end/*.test.mjs))

# Screenshots of every page, for README and for looking at.
shots: all tests/node_modules/.installed
	node tests/shots.mjs

# ---- speed: Raute beside its peers, in the same run

# load: the phones; bare: the least that a server can do; commands, fill: the server's own parts
BENCH := $(BUILD)/bench/load $(BUILD)/bench/bare $(BUILD)/bench/commands $(BUILD)/bench/fill $(BUILD)/bench/swallow.so
LIBRARIES_BENCH := $(patsubst %,$(BUILD)/lib%.a,wire bridge journal store event identity base)

$(BUILD)/tests/bench/%.o: tests/bench/%.c | $(BUILD)/.packages
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Itests $(CFLAGS_ALL) -c -o $@ $<

$(BUILD)/bench/load: $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/bench/load/*.c))
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(shell pkg-config --libs openssl) -lm

$(BUILD)/bench/bare: $(BUILD)/tests/bench/bare.o
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ -lcrypto -luring

$(BUILD)/bench/commands $(BUILD)/bench/fill: $(BUILD)/bench/%: $(BUILD)/tests/bench/%.o $(OUT)/gen/assets.o $(LIBRARIES_BENCH)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

$(BUILD)/bench/swallow.so: tests/bench/swallow.c | $(BUILD)/.packages
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS_ALL) -shared -fPIC -o $@ $<

# make bench PARTS="--quick" tries all in minutes, PARTS="fanout last" measures these alone
PARTS ?=
bench: all tests/node_modules/.installed $(BENCH)
	@./.ci/install $(PACKAGES_BENCH)
	@RAUTE_BINARY=$(abspath $(OUT)/raute) node tests/bench/run.mjs $(PARTS)

# ---- reading the code

lint: all tests/node_modules/.installed
	@./.ci/install $(PACKAGES_LINT)
	tests/lint.sh
	web/node_modules/.bin/tsc -p web --noEmit
	cppcheck --quiet --error-exitcode=1 --inline-suppr --enable=warning,performance,portability \
		--std=c11 --suppress=missingIncludeSystem -Iserver -D_GNU_SOURCE server
	printf '%s\n' $(wildcard server/*/*.c) | xargs -P $(shell nproc) -n 4 sh -c \
		'clang-tidy --quiet "$$@" -- -std=c17 $(CPPFLAGS) $(shell pkg-config --cflags $(PKGS)) 2>/dev/null' sh

format:
	clang-format -i $(wildcard server/*/*.[ch] tests/unit/*/*.c tests/unit/*.h)

clean:
	rm -rf $(BUILD)

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
