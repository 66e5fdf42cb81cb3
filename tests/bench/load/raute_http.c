/* Page and snapshot of Raute, for phones and for what all of them go by. */
#include "bench/load/raute.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/load/common.h"
#include "bench/load/crowd.h"

#define FETCH_SECONDS 10
#define PATH_MOST     128

struct raute raute;

static struct {
    char *page, *page_again, *snapshot, *snapshot_gzip;
    char path[PATH_MOST];
} requests;

static struct phone fetcher = {.line.fd = -1};
static unsigned waiting;      /* phones in STEP_RESYNC */
static bool fetching;         /* for them */
static int64_t fetch_allowed; /* not before */

static const uint8_t fetch_script[] = {STEP_FETCH, STEP_DONE};
static const uint8_t visit_script[] = {STEP_PAGE, STEP_FETCH, STEP_DONE};

void raute_start(void) {
    char path[PATH_MOST + 16];
    size_t length = strlen(options.path);
    if (length < 6 || length >= PATH_MOST || strcmp(options.path + length - 5, "/live") != 0) {
        trouble("raute wants --path /e/SLUG/live");
        return;
    }
    snprintf(requests.path, sizeof requests.path, "%.*s", (int)length - 5, options.path);
    snprintf(path, sizeof path, "%s/snapshot", requests.path);
    requests.page = http_get(requests.path, "Accept-Encoding: gzip\r\n");
    requests.snapshot = http_get(path, "");
    requests.snapshot_gzip = http_get(path, "Accept-Encoding: gzip\r\n");
}

/* ---- page and snapshot */

bool raute_page_enter(struct phone *phone) {
    bool kept = phone != &fetcher && requests.page_again != NULL;
    return phone_send_text(phone, kept ? requests.page_again : requests.page);
}

static void page_keep(const struct answer *answer) {
    char more[256];
    struct text etag = answer_field(answer, "etag");
    snprintf(more, sizeof more, "Accept-Encoding: gzip\r\nIf-None-Match: %.*s\r\n",
             (int)etag.length, etag.bytes);
    free(requests.page_again);
    requests.page_again = http_get(requests.path, more);
}

/* The length of the whole answer, if it has one of these statuses. */
static ssize_t answer_expect(const uint8_t *bytes, size_t length, struct answer *answer, int status,
                             int other) {
    int read = answer_read(bytes, length, answer);
    if (read == ANSWER_WHOLE && answer->status != status && answer->status != other) {
        trouble("answered: %.40s", answer->head.bytes);
        return -1;
    }
    return read == ANSWER_WHOLE ? (ssize_t)answer->length : read;
}

ssize_t raute_page_receive(struct phone *phone, const uint8_t *bytes, size_t length, int64_t now) {
    (void)now;
    struct answer answer;
    ssize_t used = answer_expect(bytes, length, &answer, 200, 304);
    if (used > 0 && phone == &fetcher) {
        page_keep(&answer);
    }
    return used > 0 && !phone_advance(phone) ? -1 : used;
}

bool raute_snapshot_enter(struct phone *phone) {
    return phone_send_text(phone, requests.snapshot_gzip);
}

ssize_t raute_snapshot_receive(struct phone *phone, const uint8_t *bytes, size_t length,
                               int64_t now) {
    (void)now;
    struct answer answer;
    ssize_t used = answer_expect(bytes, length, &answer, 200, 200);
    return used > 0 && !phone_advance(phone) ? -1 : used;
}

bool raute_fetch_enter(struct phone *phone) {
    return phone_send_text(phone, requests.snapshot);
}

void raute_total_note(uint32_t number, uint32_t total) {
    if (number < LIMIT_NUMBERS) {
        raute.votes[number] = total;
    }
}

static bool event_read(struct text snapshot) {
    static const char before[] = "\"event\":{\"id\":\"";
    const char *at = memmem(snapshot.bytes, snapshot.length, before, sizeof before - 1);
    uint8_t base64[24], bytes[18]; /* 16 are 22 digits, and two to fill up */
    if (at == NULL || snapshot.bytes + snapshot.length - at < 40) {
        return false;
    }
    for (int i = 0; i < 24; i++) {
        char digit = i < 22 ? at[(int)sizeof before - 1 + i] : '=';
        base64[i] = (uint8_t)(digit == '-' ? '+' : digit == '_' ? '/' : digit);
    }
    if (EVP_DecodeBlock(bytes, base64, sizeof base64) != sizeof bytes) {
        return false;
    }
    memcpy(raute.event, bytes, EVENT_BYTES);
    return true;
}

ssize_t raute_fetch_receive(struct phone *phone, const uint8_t *bytes, size_t length, int64_t now) {
    struct answer answer;
    ssize_t used = answer_expect(bytes, length, &answer, 200, 200);
    if (used <= 0) {
        return used;
    }
    if (!member_read(answer.body, "{\"seq\":", &raute.seq) || !event_read(answer.body)) {
        trouble("not a snapshot: %.40s", answer.body.bytes);
        return -1;
    }
    totals_read(answer.body, raute_total_note);
    fetch_allowed = now + SECOND; /* snapshots are made once a second */
    return phone_advance(phone) ? used : -1;
}

static bool fetched(void) {
    return fetcher.script == NULL;
}

static bool fetch_run(const uint8_t *steps) {
    return crowd_until(fetched, FETCH_SECONDS, "a snapshot under way") &&
           phone_begin(&fetcher, steps, 0) && crowd_until(fetched, FETCH_SECONDS, "the snapshot");
}

bool raute_fetch(void) {
    return fetch_run(fetch_script);
}

bool raute_visit(void) {
    return fetch_run(visit_script);
}

/* ---- phones that are to begin anew */

void raute_resync_wanted(void) {
    waiting++;
}

void raute_resync(void) {
    if (waiting == 0 || fetcher.script != NULL) {
        return;
    }
    if (!fetching) {
        fetching = now_ns() >= fetch_allowed && phone_begin(&fetcher, fetch_script, 0);
        return;
    }
    fetching = false;
    waiting = 0;
    for (unsigned i = 0; i < crowd.count; i++) {
        if (phone_step(&crowd.phones[i]) == STEP_RESYNC) {
            (void)phone_advance(&crowd.phones[i]);
        }
    }
}
