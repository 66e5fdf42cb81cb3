#include "bridge/lookup.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <curl/curl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"

#define RECORDS         16
#define RECORD_BYTES    300
#define TRY_MS          2500
#define TRIES           2
#define TIMEOUT_SECONDS 5

struct question_txt {
    struct lookup *lookup;
    void (*done)(void *context, enum refusal refusal, const char *const *records, size_t count);
    void *context;
    /* An answer that is known at once waits here for the next turn. */
    struct question_txt *next;
    enum refusal refusal;
    size_t count;
    char records[RECORDS][RECORD_BYTES];
};

struct lookup {
    ares_channel channel;
    struct question_txt *answered;
};

struct lookup *lookup_new(const char *dns, const char **why) {
    struct ares_options options = {.timeout = TRY_MS, .tries = TRIES};
    struct lookup *lookup = memory_new(sizeof *lookup);
    if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS ||
        ares_init_options(&lookup->channel, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES) !=
            ARES_SUCCESS) {
        *why = "DNS look-ups cannot be prepared";
        free(lookup);
        return NULL;
    }
    if (dns != NULL && ares_set_servers_ports_csv(lookup->channel, dns) != ARES_SUCCESS) {
        *why = "--dns is not ADDR:PORT";
        lookup_free(lookup);
        return NULL;
    }
    return lookup;
}

static void answers_call(struct lookup *lookup) {
    while (lookup->answered != NULL) {
        struct question_txt *question = lookup->answered;
        const char *records[RECORDS];
        lookup->answered = question->next;
        for (size_t i = 0; i < question->count; i++) {
            records[i] = question->records[i];
        }
        question->done(question->context, question->refusal, records, question->count);
        free(question);
    }
}

void lookup_free(struct lookup *lookup) {
    ares_destroy(lookup->channel);
    answers_call(lookup);
    ares_library_cleanup();
    free(lookup);
}

/* A record may come in several parts; an over-long one is nothing that anybody here looks for. */
static void records_take(struct question_txt *question, const struct ares_txt_ext *parts) {
    size_t length = 0;
    bool fits = true;
    for (; parts != NULL; parts = parts->next) {
        if (parts->record_start) {
            if (question->count == RECORDS) {
                return;
            }
            question->count++;
            length = 0;
            fits = true;
        }
        if (question->count == 0) {
            continue;
        }
        char *record = question->records[question->count - 1];
        fits = fits && length + parts->length < RECORD_BYTES &&
               memchr(parts->txt, '\0', parts->length) == NULL;
        if (fits) {
            memcpy(record + length, parts->txt, parts->length);
            length += parts->length;
        }
        record[fits ? length : 0] = '\0';
    }
}

static void txt_answered(void *context, int status, int timeouts, unsigned char *bytes,
                         int length) {
    (void)timeouts;
    struct question_txt *question = context;
    struct ares_txt_ext *parts = NULL;
    question->refusal = REFUSAL_UNREACHABLE;
    if (status == ARES_ENOTFOUND || status == ARES_ENODATA || status == ARES_EBADNAME) {
        question->refusal = REFUSAL_OK;
    } else if (status == ARES_SUCCESS) {
        int parsed = ares_parse_txt_reply_ext(bytes, length, &parts);
        if (parsed == ARES_SUCCESS || parsed == ARES_ENODATA) {
            question->refusal = REFUSAL_OK;
            records_take(question, parts);
        }
    }
    ares_free_data(parts);
    question->next = question->lookup->answered;
    question->lookup->answered = question;
}

void lookup_txt(struct lookup *lookup, const char *name,
                void (*done)(void *context, enum refusal refusal, const char *const *records,
                             size_t count),
                void *context) {
    struct question_txt *question = memory_new(sizeof *question);
    question->lookup = lookup;
    question->done = done;
    question->context = context;
    ares_query(lookup->channel, name, ns_c_in, ns_t_txt, txt_answered, question);
}

unsigned lookup_watch(struct lookup *lookup, struct curl_waitfd *watch, unsigned room,
                      int *timeout_ms) {
    ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
    unsigned wanted = (unsigned)ares_getsock(lookup->channel, sockets, ARES_GETSOCK_MAXNUM);
    unsigned count = 0;
    for (unsigned i = 0; i < ARES_GETSOCK_MAXNUM && count < room; i++) {
        /* ARES_GETSOCK_READABLE and _WRITABLE, which shift a signed 1 too far */
        bool in = (wanted >> i & 1) != 0, out = (wanted >> (i + ARES_GETSOCK_MAXNUM) & 1) != 0;
        short events = (short)((in ? CURL_WAIT_POLLIN : 0) | (out ? CURL_WAIT_POLLOUT : 0));
        if (events != 0) {
            watch[count++] = (struct curl_waitfd){.fd = sockets[i], .events = events};
        }
    }
    struct timeval longest = {.tv_sec = TIMEOUT_SECONDS}, wait;
    if (count > 0 && ares_timeout(lookup->channel, &longest, &wait) != NULL) {
        int ms = (int)(wait.tv_sec * 1000 + wait.tv_usec / 1000) + 1;
        *timeout_ms = ms < *timeout_ms ? ms : *timeout_ms;
    }
    if (lookup->answered != NULL) {
        *timeout_ms = 0;
    }
    return count;
}

void lookup_turn(struct lookup *lookup, const struct curl_waitfd *watch, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        bool in = (watch[i].revents & CURL_WAIT_POLLIN) != 0;
        bool out = (watch[i].revents & CURL_WAIT_POLLOUT) != 0;
        ares_process_fd(lookup->channel, in ? watch[i].fd : ARES_SOCKET_BAD,
                        out ? watch[i].fd : ARES_SOCKET_BAD);
    }
    ares_process_fd(lookup->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD); /* what has timed out */
    answers_call(lookup);
}
