/* TXT records from a name server of ours that says what the test wants, lies included. */
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>
#include <curl/curl.h>

#include "base/clock.h"
#include "bridge/lookup.h"

#define TYPE_TXT   16
#define TYPE_CNAME 5
#define NAME_ERROR 3
#define FAILURE    2
#define HEAD_BYTES 12
#define TURNS_MS   20000

/* ---- the name server: the first label of what is asked says what comes */

struct server {
    int socket;
    char address[32];
    pthread_t thread;
};

struct message {
    uint8_t bytes[8192];
    size_t length;
};

static void put(struct message *message, const void *bytes, size_t count) {
    memcpy(message->bytes + message->length, bytes, count);
    message->length += count;
}

static void put16(struct message *message, size_t value) {
    put(message, (const uint8_t[]){(uint8_t)(value >> 8), (uint8_t)value}, 2);
}

/* A record of `length` bytes in parts of at most `part`. */
static void put_record(struct message *message, unsigned type, const char *text, size_t length,
                       size_t part) {
    message->bytes[7]++;
    put16(message, 0xc000 + HEAD_BYTES); /* the name of the question */
    put16(message, type);
    put16(message, 1);
    put16(message, 0);
    put16(message, 0);
    put16(message, length + (length + part - 1) / part);
    for (size_t at = 0; at < length; at += part) {
        size_t count = length - at < part ? length - at : part;
        put(message, (const uint8_t[]){(uint8_t)count}, 1);
        put(message, text + at, count);
    }
}

static void put_text(struct message *message, const char *text) {
    put_record(message, TYPE_TXT, text, strlen(text), 255);
}

static void answer_make(struct message *message, const char *label) {
    char long_text[400];
    memset(long_text, 'x', sizeof long_text);
    if (strcmp(label, "one") == 0) {
        put_text(message, "did=did:plc:one");
    } else if (strcmp(label, "several") == 0) {
        put_text(message, "v=spf1");
        put_text(message, "did=a");
        put_text(message, "did=b");
    } else if (strcmp(label, "split") == 0) {
        put_record(message, TYPE_TXT, "did=did:plc:in pieces", 21, 4);
        put_text(message, "next");
    } else if (strcmp(label, "zero") == 0) {
        put_record(message, TYPE_TXT, "did=a\0b", 7, 255);
    } else if (strcmp(label, "long") == 0) {
        put_record(message, TYPE_TXT, long_text, 300, 255);
        put_text(message, "after");
    } else if (strcmp(label, "longest") == 0) {
        put_record(message, TYPE_TXT, long_text, 299, 255);
    } else if (strcmp(label, "many") == 0) {
        for (int i = 0; i < 24; i++) {
            put_text(message, "did=a");
        }
    } else if (strcmp(label, "other") == 0) {
        put_record(message, TYPE_CNAME, "x", 1, 255);
    } else if (strcmp(label, "cut") == 0) {
        put_text(message, "did=did:plc:cut off");
        message->length -= 5;
    } else if (strcmp(label, "garbage") == 0) {
        message->bytes[7] = 200;
        put(message, long_text, sizeof long_text);
    } else if (strcmp(label, "nobody") == 0) {
        message->bytes[3] |= NAME_ERROR;
    } else if (strcmp(label, "broken") == 0) {
        message->bytes[3] |= FAILURE;
    }
}

static void *server_run(void *context) {
    struct server *server = context;
    for (;;) {
        struct message message = {.length = 0};
        struct sockaddr_in from;
        socklen_t from_bytes = sizeof from;
        ssize_t count =
            recvfrom(server->socket, message.bytes, 512, 0, (struct sockaddr *)&from, &from_bytes);
        if (count < HEAD_BYTES + 5) {
            return NULL;
        }
        char label[64];
        snprintf(label, sizeof label, "%.*s", message.bytes[HEAD_BYTES],
                 (char *)message.bytes + HEAD_BYTES + 1);
        if (strcmp(label, "silent") == 0) {
            continue;
        }
        message.length = HEAD_BYTES;
        while (message.bytes[message.length] != 0) {
            message.length += message.bytes[message.length] + 1u;
        }
        message.length += 5;
        message.bytes[2] |= 0x80;
        memset(message.bytes + 6, 0, 6);
        answer_make(&message, label);
        (void)sendto(server->socket, message.bytes, message.length, 0, (struct sockaddr *)&from,
                     from_bytes);
    }
}

static void server_start(struct server *server) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    server->socket = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(server->socket, (struct sockaddr *)&address, length), 0);
    assert_int_equal(getsockname(server->socket, (struct sockaddr *)&address, &length), 0);
    snprintf(server->address, sizeof server->address, "127.0.0.1:%u", ntohs(address.sin_port));
    assert_int_equal(pthread_create(&server->thread, NULL, server_run, server), 0);
}

static void server_stop(struct server *server) {
    (void)shutdown(server->socket, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->socket);
}

/* ---- asking */

struct told {
    unsigned times;
    enum refusal refusal;
    size_t count;
    char records[16][600];
};

static bool within;

static void tell(void *context, enum refusal refusal, const char *const *records, size_t count) {
    struct told *told = context;
    assert_false(within);
    assert_in_range(count, 0, 16);
    told->times++;
    told->refusal = refusal;
    told->count = count;
    for (size_t i = 0; i < count; i++) {
        snprintf(told->records[i], sizeof told->records[i], "%s", records[i]);
    }
}

/* What the bridge's loop does with descriptors and time. */
static void turn(struct lookup *lookup) {
    struct curl_waitfd watch[16];
    struct pollfd polled[16];
    int timeout = 1000;
    unsigned count = lookup_watch(lookup, watch, 16, &timeout);
    for (unsigned i = 0; i < count; i++) {
        polled[i] = (struct pollfd){.fd = watch[i].fd, .events = POLLIN};
    }
    (void)poll(polled, count, timeout);
    for (unsigned i = 0; i < count; i++) {
        watch[i].revents = polled[i].revents != 0 ? watch[i].events : 0;
    }
    lookup_turn(lookup, watch, count);
}

static struct told ask(struct lookup *lookup, const char *name) {
    struct told told = {.times = 0};
    int64_t end = clock_monotonic_ms() + TURNS_MS;
    within = true;
    lookup_txt(lookup, name, tell, &told);
    within = false;
    while (told.times == 0 && clock_monotonic_ms() < end) {
        turn(lookup);
    }
    assert_int_equal(told.times, 1);
    return told;
}

static struct lookup *lookup_of(const struct server *server) {
    const char *why = NULL;
    struct lookup *lookup = lookup_new(server->address, &why);
    assert_non_null(lookup);
    return lookup;
}

static void test_records(void **state) {
    struct lookup *lookup = lookup_of(*state);
    struct told told = ask(lookup, "one.example");
    assert_int_equal(told.refusal, REFUSAL_OK);
    assert_int_equal(told.count, 1);
    assert_string_equal(told.records[0], "did=did:plc:one");
    told = ask(lookup, "several.example");
    assert_int_equal(told.count, 3);
    told = ask(lookup, "split.example");
    assert_int_equal(told.count, 2);
    assert_string_equal(told.records[0], "did=did:plc:in pieces");
    assert_string_equal(told.records[1], "next");
    told = ask(lookup, "many.example");
    assert_int_equal(told.count, 16);
    lookup_free(lookup);
}

static void test_none(void **state) {
    static const char *const without[] = {
        "nobody.example", "empty.example", "other.example", "..", "a..b.example", ""};
    struct lookup *lookup = lookup_of(*state);
    for (size_t i = 0; i < sizeof without / sizeof *without; i++) {
        struct told told = ask(lookup, without[i]);
        assert_int_equal(told.refusal, REFUSAL_OK);
        assert_int_equal(told.count, 0);
    }
    assert_int_equal(ask(lookup, "broken.example").refusal, REFUSAL_UNREACHABLE);
    lookup_free(lookup);
}

static void test_hostile(void **state) {
    struct lookup *lookup = lookup_of(*state);
    struct told told = ask(lookup, "zero.example");
    assert_int_equal(told.count, 1);
    assert_string_equal(told.records[0], "");
    told = ask(lookup, "long.example");
    assert_int_equal(told.count, 2);
    assert_string_equal(told.records[0], "");
    assert_string_equal(told.records[1], "after");
    assert_int_equal(strlen(ask(lookup, "longest.example").records[0]), 299);
    assert_int_equal(ask(lookup, "cut.example").refusal, REFUSAL_UNREACHABLE);
    assert_int_equal(ask(lookup, "garbage.example").refusal, REFUSAL_UNREACHABLE);
    lookup_free(lookup);
}

/* A silent server holds nobody up: the next question is answered, the end tells who waits. */
static void test_silent(void **state) {
    struct lookup *lookup = lookup_of(*state);
    struct told told = {.times = 0};
    lookup_txt(lookup, "silent.example", tell, &told);
    turn(lookup);
    assert_int_equal(ask(lookup, "one.example").count, 1);
    assert_int_equal(told.times, 0);
    lookup_free(lookup);
    assert_int_equal(told.times, 1);
    assert_int_equal(told.refusal, REFUSAL_UNREACHABLE);
}

static void test_options(void **state) {
    (void)state;
    const char *why = NULL;
    assert_null(lookup_new("dns.example", &why));
    assert_non_null(why);
    struct lookup *lookup = lookup_new(NULL, &why);
    assert_non_null(lookup);
    lookup_free(lookup);
}

int main(void) {
    struct server server;
    server_start(&server);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_records, &server),
        cmocka_unit_test_prestate(test_none, &server),
        cmocka_unit_test_prestate(test_hostile, &server),
        cmocka_unit_test_prestate(test_silent, &server),
        cmocka_unit_test(test_options),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    server_stop(&server);
    return failed;
}
