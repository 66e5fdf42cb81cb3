/* commands ask|vote|edit N [BATCH]: N messages go the way of a command, from their bytes to the
 * bytes of their answers, on a store in a temporary folder: BATCH (100) of them each time, one
 * commit. commands snapshot N: as many compressed snapshots. The event has 200 questions.
 * Under callgrind instructions(2N) − instructions(N) is what N cost: founding is in both, and the
 * messages are written by a child of the process. Prints how many. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "wire/encode.h"
#include "wire/gzip.h"
#include "wire/links.h"
#include "wire/session.h"

#define QUESTIONS     200
#define MEMBERS       1000
#define MESSAGE_BYTES 1024
#define PUBLIC_URL    "https://raute.example"
#define TEXT          "Wie finden wir uns nach der Veranstaltung wieder, und wer lädt dazu ein?"

struct bench {
    char folder[64];
    struct store *store;
    struct journal *journal;
    struct wire wire;
    struct queue replies, frames;
    uint8_t event[EVENT_ID_BYTES];
    struct session sessions[MEMBERS];
    pthread_barrier_t gate;
    char *messages; /* MESSAGE_BYTES each */
    struct buffer answer;
};

static void fail(const char *what) {
    (void)fprintf(stderr, "commands: %s\n", what);
    exit(1);
}

/* ---- messages, in a child */

struct keys {
    uint8_t public[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
};

static struct keys keys_of(uint32_t question) {
    struct keys keys;
    uint8_t seed[crypto_sign_SEEDBYTES] = {0};
    memcpy(seed, &question, sizeof question);
    crypto_sign_seed_keypair(keys.public, keys.secret, seed);
    return keys;
}

static void put_number(struct buffer *out, uint32_t value) {
    uint8_t bytes[] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                       (uint8_t)value};
    buffer_append(out, bytes, sizeof bytes);
}

static void put_text(struct buffer *out, const char *text) {
    uint8_t bytes[] = {(uint8_t)(strlen(text) >> 8), (uint8_t)strlen(text)};
    buffer_append(out, bytes, sizeof bytes);
    buffer_text(out, text);
}

static struct buffer signed_start(const char *label, const uint8_t event[EVENT_ID_BYTES],
                                  const struct keys *keys) {
    struct buffer message = buffer_make(MESSAGE_BYTES);
    uint8_t length = (uint8_t)strlen(label);
    buffer_append(&message, &length, 1);
    buffer_text(&message, label);
    buffer_append(&message, event, EVENT_ID_BYTES);
    buffer_append(&message, keys->public, sizeof keys->public);
    return message;
}

static void signed_end(struct buffer *message, const struct keys *keys, char *text) {
    uint8_t signature[crypto_sign_BYTES];
    crypto_sign_detached(signature, NULL, message->data, message->length, keys->secret);
    base64_encode(text, signature, sizeof signature);
    buffer_clear(message);
}

static void ask_write(char *out, const struct bench *bench, uint32_t at) {
    static const uint8_t salt[QUESTION_SALT_BYTES];
    struct keys keys = keys_of(QUESTIONS + at);
    char key[BASE64_CHARS(QUESTION_KEY_BYTES) + 1], signature[BASE64_CHARS(SIGNATURE_BYTES) + 1],
        salt_text[BASE64_CHARS(QUESTION_SALT_BYTES) + 1];
    struct buffer message = signed_start("raute.1/ask", bench->event, &keys);
    buffer_append(&message, salt, sizeof salt);
    put_number(&message, 1);
    buffer_append(&message, "", 1);
    put_text(&message, TEXT);
    signed_end(&message, &keys, signature);
    base64_encode(key, keys.public, sizeof keys.public);
    base64_encode(salt_text, salt, sizeof salt);
    (void)snprintf(out, MESSAGE_BYTES,
                   "{\"id\":%u,\"cmd\":\"ask\",\"key\":\"%s\",\"salt\":\"%s\",\"talk\":1,"
                   "\"degree\":0,\"text\":\"%s\",\"sig\":\"%s\"}",
                   at, key, salt_text, TEXT, signature);
}

static void edit_write(char *out, const struct bench *bench, uint32_t at) {
    struct keys keys = keys_of(at % QUESTIONS);
    uint32_t rev = at / QUESTIONS + 1;
    char text[sizeof TEXT + 16], key[BASE64_CHARS(QUESTION_KEY_BYTES) + 1],
        signature[BASE64_CHARS(SIGNATURE_BYTES) + 1];
    (void)snprintf(text, sizeof text, "%s (%u)", TEXT, rev);
    struct buffer message = signed_start("raute.1/edit", bench->event, &keys);
    put_number(&message, rev);
    put_text(&message, text);
    signed_end(&message, &keys, signature);
    base64_encode(key, keys.public, sizeof keys.public);
    (void)snprintf(out, MESSAGE_BYTES,
                   "{\"id\":%u,\"cmd\":\"edit\",\"key\":\"%s\",\"rev\":%u,\"text\":\"%s\","
                   "\"sig\":\"%s\"}",
                   at, key, rev, text, signature);
}

/* Members vote in turn, each on a question of its own; in the next round they take it back. */
static void vote_write(char *out, const struct bench *bench, uint32_t at) {
    (void)bench;
    uint32_t round = at / MEMBERS;
    (void)snprintf(out, MESSAGE_BYTES, "{\"id\":%u,\"cmd\":\"%s\",\"n\":%u}", at,
                   round % 2 == 0 ? "vote" : "unvote", (round / 2 + at) % QUESTIONS + 1);
}

static void messages_write(struct bench *bench, uint32_t count,
                           void (*write)(char *, const struct bench *, uint32_t)) {
    bench->messages = mmap(NULL, (size_t)count * MESSAGE_BYTES, PROT_READ | PROT_WRITE,
                           MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (bench->messages == MAP_FAILED) {
        fail("no memory for messages");
    }
    pid_t child = fork();
    if (child == 0) {
        for (uint32_t at = 0; at < count; at++) {
            write(bench->messages + (size_t)at * MESSAGE_BYTES, bench, at);
        }
        _exit(0);
    }
    int status;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
        fail("no messages");
    }
}

/* ---- the event */

static void run(struct bench *bench, struct journal_request *request) {
    journal_run_one(bench->journal, request);
    if (request->refusal != REFUSAL_OK) {
        fail(refusal_code(request->refusal));
    }
    journal_request_free(request);
}

static void event_found(struct bench *bench) {
    random_fill(bench->event, sizeof bench->event);
    struct journal_request *create = journal_request_new(COMMAND_CREATE, bench->event);
    struct settings *settings = memory_new(sizeof *settings);
    *settings = settings_default((uint32_t)(clock_unix_ms() / 60000));
    memcpy(settings->title, "Bench", 6);
    memcpy(settings->hashtags[0], "Bench", 6);
    settings->hashtag_count = 1;
    settings->moderation_before = false;
    settings->release_seconds = 0;
    settings->ask_seconds = 0;
    create->command.as.create.settings = settings;
    memcpy(create->command.as.create.slug, "bench", 6);
    run(bench, create);
    for (uint32_t question = 0; question < QUESTIONS; question++) {
        struct journal_request *ask = journal_request_new(COMMAND_ASK, bench->event);
        ask->command.text = memory_text(TEXT);
        ask->command.as.question.talk = 1;
        memcpy(ask->command.as.question.key, keys_of(question).public, QUESTION_KEY_BYTES);
        run(bench, ask);
    }
    run(bench, journal_request_new(COMMAND_PRESENCE, bench->event)); /* the last is released */
}

static void bench_open(struct bench *bench) {
    const char *why = "";
    (void)snprintf(bench->folder, sizeof bench->folder, "/tmp/raute-commands-XXXXXX");
    if (mkdtemp(bench->folder) == NULL) {
        fail("no temporary folder");
    }
    bench->store = store_open(bench->folder, STORE_WRITE, &why);
    bench->journal = bench->store != NULL ? journal_new(bench->store, &why) : NULL;
    if (bench->journal == NULL) {
        fail(why);
    }
    queue_init(&bench->replies, 0, NULL, NULL);
    queue_init(&bench->frames, 0, NULL, NULL);
    bench->answer = buffer_make(LIMIT_MESSAGE_BYTES);
    bench->wire = (struct wire){
        .journal = bench->journal,
        .frames = frames_new(),
        .asks = buckets_new(LIMIT_BUCKETS, 600000),
        .cards = buckets_new(LIMIT_BUCKETS, 600000),
        .admissions = buckets_new(LIMIT_BUCKETS, 600000),
        .public_url = PUBLIC_URL,
    };
    frames_attach(bench->wire.frames, &bench->frames);
    journal_subscribe(bench->journal, frames_subscriber(bench->wire.frames));
    event_found(bench);
    if (pthread_barrier_init(&bench->gate, NULL, 2) != 0) {
        fail("no barrier");
    }
}

static void frames_drop(struct bench *bench) {
    for (struct queue_node *node = queue_take(&bench->frames), *next; node != NULL; node = next) {
        next = node->next;
        frame_free((struct frame *)node);
    }
}

static void bench_close(struct bench *bench) {
    char remove[128];
    for (uint32_t member = 0; member < MEMBERS; member++) {
        session_end(&bench->sessions[member]);
    }
    journal_stop(bench->journal);
    frames_drop(bench);
    journal_free(bench->journal);
    queue_destroy(&bench->frames);
    queue_destroy(&bench->replies);
    frames_free(bench->wire.frames);
    buckets_free(bench->wire.asks);
    buckets_free(bench->wire.cards);
    buckets_free(bench->wire.admissions);
    buffer_clear(&bench->answer);
    store_close(bench->store);
    (void)snprintf(remove, sizeof remove, "rm -rf %s", bench->folder);
    if (system(remove) != 0) {
        fail("the folder cannot be removed");
    }
}

static void sessions_join(struct bench *bench) {
    for (uint32_t member = 0; member < MEMBERS; member++) {
        struct session *session = &bench->sessions[member];
        session_start(session, &bench->wire, journal_door(bench->journal, "bench"));
        session->replies = &bench->replies;
        session->handle = member;
        static const char join[] = "{\"id\":1,\"cmd\":\"join\",\"role\":\"audience\"}";
        buffer_reset(&bench->answer);
        if (session_message(session, (const uint8_t *)join, sizeof join - 1, &bench->answer) !=
            REFUSAL_OK) {
            fail((const char *)bench->answer.data);
        }
    }
}

/* ---- what is measured */

/* Holds the journal until a whole batch waits: the first meeting opens, the second lets go. */
static void gate_reader(const struct event *event, bool known, void *context) {
    struct bench *bench = context;
    (void)event;
    (void)known;
    (void)pthread_barrier_wait(&bench->gate);
    (void)pthread_barrier_wait(&bench->gate);
}

static void batch_answers(struct bench *bench, uint32_t count) {
    while (count > 0) {
        struct queue_node *node = queue_wait(&bench->replies, 0, INT64_MAX);
        for (struct queue_node *next; node != NULL; node = next, count--) {
            struct journal_request *request = (struct journal_request *)node;
            next = node->next;
            buffer_reset(&bench->answer);
            session_answer(&bench->sessions[request->handle], request, &bench->answer);
            if (request->refusal != REFUSAL_OK) {
                fail((const char *)bench->answer.data);
            }
            request_free(request);
        }
    }
}

static void batch_send(struct bench *bench, uint32_t from, uint32_t count) {
    journal_read(bench->journal, bench->event, gate_reader, bench);
    (void)pthread_barrier_wait(&bench->gate);
    for (uint32_t at = from; at < from + count; at++) {
        const char *message = bench->messages + (size_t)at * MESSAGE_BYTES;
        buffer_reset(&bench->answer);
        if (session_message(&bench->sessions[at % MEMBERS], (const uint8_t *)message,
                            strlen(message), &bench->answer) != REFUSAL_OK) {
            fail((const char *)bench->answer.data);
        }
    }
    (void)pthread_barrier_wait(&bench->gate);
    batch_answers(bench, count);
    frames_drop(bench);
}

static void commands_run(struct bench *bench, uint32_t count, uint32_t batch) {
    journal_start(bench->journal);
    for (uint32_t from = 0; from < count; from += batch) {
        batch_send(bench, from, count - from < batch ? count - from : batch);
    }
}

static void snapshot_reader(const struct event *event, bool known, void *context) {
    (void)known;
    (void)context;
    struct buffer text = buffer_make(LIMIT_SNAPSHOT_BYTES);
    encode_snapshot(&text, event, VIEW_PUBLIC, PUBLIC_URL, 0);
    struct shared *plain = shared_new(text.data, text.length);
    buffer_clear(&text);
    struct shared *gzip = gzip_make(plain);
    if (gzip == NULL) {
        fail("a snapshot did not get smaller");
    }
    shared_release(gzip);
    shared_release(plain);
}

static void snapshots_run(struct bench *bench, uint32_t count) {
    for (uint32_t at = 0; at < count; at++) {
        journal_read(bench->journal, bench->event, snapshot_reader, NULL);
    }
}

int main(int argc, char **argv) {
    static const struct {
        const char *name;
        void (*write)(char *, const struct bench *, uint32_t);
    } kinds[] = {
        {"ask", ask_write}, {"edit", edit_write}, {"vote", vote_write}, {"snapshot", NULL}};
    uint32_t count = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
    uint32_t batch = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 100;
    size_t kind = 0;
    while (argc > 1 && kind < sizeof kinds / sizeof *kinds &&
           strcmp(kinds[kind].name, argv[1]) != 0) {
        kind++;
    }
    if (count == 0 || batch == 0 || kind == sizeof kinds / sizeof *kinds) {
        fail("usage: commands ask|vote|edit N [BATCH], commands snapshot N");
    }
    static struct bench bench;
    random_start();
    wire_start();
    bench_open(&bench);
    sessions_join(&bench);
    if (kinds[kind].write == NULL) {
        snapshots_run(&bench, count);
    } else {
        messages_write(&bench, count, kinds[kind].write);
        commands_run(&bench, count, batch);
        (void)munmap(bench.messages, (size_t)count * MESSAGE_BYTES);
    }
    bench_close(&bench);
    wire_stop();
    (void)printf("%u\n", count);
    return 0;
}
