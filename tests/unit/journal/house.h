/* A journal on a store in a scratch folder, and commands in a line each. Real time. */
#ifndef RAUTE_TESTS_JOURNAL_HOUSE_H
#define RAUTE_TESTS_JOURNAL_HOUSE_H

#include "store/disk.h"

#include <signal.h>
#include <sodium.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "journal/journal.h"

struct house {
    struct disk disk;
    struct store *store;
    struct journal *journal;
    struct journal_request *last; /* answered by house_run; the house's */
};

static inline void house_open(struct house *house) {
    const char *why = "";
    house->store = disk_open(&house->disk, STORE_WRITE);
    house->journal = journal_new(house->store, &why);
    if (house->journal == NULL) {
        fail_msg("%s", why);
    }
}

static inline void house_shut(struct house *house) {
    journal_stop(house->journal);
    journal_free(house->journal);
    store_close(house->store);
}

static inline struct house house_new(void) {
    struct house house = {.disk = disk_new()};
    house_open(&house);
    return house;
}

static inline void house_restart(struct house *house) {
    house_shut(house);
    house_open(house);
}

static inline void house_free(struct house *house) {
    if (house->last != NULL) {
        journal_request_free(house->last);
    }
    house_shut(house);
    disk_free(&house->disk);
}

/* Takes the request, runs it without a thread. */
static inline enum refusal house_run(struct house *house, struct journal_request *request) {
    if (house->last != NULL) {
        journal_request_free(house->last);
    }
    house->last = request;
    journal_run_one(house->journal, request);
    return request->refusal;
}

static inline struct settings house_settings(void) {
    struct settings settings = settings_default((uint32_t)(clock_unix_ms() / MINUTE));
    strncpy(settings.title, "Netzwerken", sizeof settings.title - 1);
    strncpy(settings.hashtags[0], "HRO", sizeof settings.hashtags[0] - 1);
    settings.hashtag_count = 1;
    settings.release_seconds = 0;
    settings.moderation_before = false;
    return settings;
}

/* The id is 16 times `n`. */
static inline const uint8_t *house_id(uint8_t n) {
    static uint8_t ids[256][EVENT_ID_BYTES];
    memset(ids[n], n, EVENT_ID_BYTES);
    return ids[n];
}

static inline struct journal_request *create_request(uint8_t n, const char *slug, bool exact) {
    struct journal_request *request = journal_request_new(COMMAND_CREATE, house_id(n));
    struct settings settings = house_settings();
    request->command.as.create.settings = kit_copy(&settings, sizeof settings);
    request->command.as.create.slug_exact = exact;
    strncpy(request->command.as.create.slug, slug, LIMIT_SLUG_CHARS);
    for (int role = ROLE_ORGANISER; role <= ROLE_STAGE; role++) {
        uint8_t key[ROLE_KEY_BYTES];
        memset(key, role, sizeof key);
        role_hash(request->command.as.create.role_hash[role - 1], house_id(n), (enum role)role,
                  key);
    }
    return request;
}

static inline enum refusal create(struct house *house, uint8_t n, const char *slug) {
    return house_run(house, create_request(n, slug, true));
}

static inline struct journal_request *ask_request(uint8_t n, uint32_t question) {
    struct journal_request *request = journal_request_new(COMMAND_ASK, house_id(n));
    request->command.text = memory_text("Eine Frage?");
    request->command.as.question.talk = 1;
    kit_key(request->command.as.question.key, question);
    return request;
}

static inline struct journal_request *withdraw_request(uint8_t n, uint32_t question) {
    struct journal_request *request = journal_request_new(COMMAND_WITHDRAW, house_id(n));
    request->command.as.question.rev = 1;
    kit_key(request->command.as.question.key, question);
    return request;
}

static inline struct journal_request *vote_request(uint8_t n, uint32_t member, uint32_t number) {
    struct journal_request *request = journal_request_new(COMMAND_VOTE, house_id(n));
    request->command.as.vote.number = number;
    kit_ballot(request->command.as.vote.ballot, member, number);
    return request;
}

static inline struct journal_request *presence_request(uint8_t n, uint32_t thread,
                                                       uint32_t members) {
    struct journal_request *request = journal_request_new(COMMAND_PRESENCE, house_id(n));
    request->command.as.presence.thread = thread;
    request->command.as.presence.members = members;
    return request;
}

/* What the event says now; free() it. NULL: there is none. */
static inline void house_dump_reader(const struct event *event, bool known, void *context) {
    (void)known;
    *(char **)context = event == NULL ? NULL : kit_dump(event, false);
}

static inline char *house_dump(struct house *house, uint8_t n) {
    char *dump = NULL;
    journal_read(house->journal, house_id(n), house_dump_reader, &dump);
    return dump;
}

/* Counts what it is told. */
struct listener {
    size_t committed, gone, reloaded, ticks;
    size_t changes[CHANGE_DELETED + 1];
    uint32_t present;
};

static inline void listener_committed(void *context, const struct event *event,
                                      const struct changes *changes) {
    struct listener *listener = context;
    listener->committed++;
    listener->present = event->present;
    assert_true(changes->count > 0);
    for (size_t at = 0; at < changes->count; at++) {
        listener->changes[changes->items[at].kind]++;
    }
}

static inline void listener_gone(void *context, const uint8_t event[EVENT_ID_BYTES], bool deleted) {
    struct listener *listener = context;
    (void)event;
    *(deleted ? &listener->gone : &listener->reloaded) += 1;
}

static inline bool listener_tick(void *context, int64_t now) {
    struct listener *listener = context;
    assert_true(now > NOW);
    return ++listener->ticks < 3;
}

static inline void listen(struct house *house, struct listener *listener) {
    journal_subscribe(house->journal, (struct journal_subscriber){.context = listener,
                                                                  .committed = listener_committed,
                                                                  .gone = listener_gone,
                                                                  .tick = listener_tick});
}

/* No file of this process may grow beyond so many bytes: the disk is full. */
static inline void house_full_at(rlim_t bytes) {
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static inline void house_space_ends(const struct house *house) {
    size_t log;
    free(disk_read(disk_path(&house->disk, "data/raute.sqlite-wal"), &log));
    house_full_at(log + 2000);
}

static inline void house_space_returns(void) {
    house_full_at(RLIM_INFINITY);
}

#endif
