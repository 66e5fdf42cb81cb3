/* Makes the lists, or brings them up to date: as a task of the account's seat, since its log-in has
 * one call at a time. */
#include "bridge/home.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "bridge/atproto.h"
#include "bridge/errand.h"
#include "bridge/task.h"

#define WRITES_AT_ONCE 100
#define PAGES_MOST     250 /* of 100 records */
#define PAGE_BYTES     (1024 * 1024)
#define URL_BYTES      4096
#define CURSOR_CHARS   512

/* Waits for the seat's turn, then works. */
struct home {
    struct journal_request *request;
    struct peek *peek;
    struct task *task; /* NULL: waiting */
    struct home_plan plan;
    const char *collection; /* that is being read */
    unsigned pages;
    json_t *writes;
    size_t written;
};

static void home_free(struct home *home) {
    home_plan_clear(&home->plan);
    json_decref(home->writes);
    peek_free(home->peek);
    free(home);
}

void home_refuse(struct seat *seat, enum refusal refusal) {
    struct home *home = seat->home;
    if (home != NULL) {
        seat->home = NULL;
        bridge_answer(seat->bridge, home->request, refusal, NULL);
        home_free(home);
    }
}

void home_begin(struct errand *errand) {
    const struct command *asked = &errand->request->command;
    struct seat *seat = seat_find(errand->bridge, asked->event, asked->as.connect.account);
    enum refusal refusal = REFUSAL_OK;
    if (seat == NULL) {
        refusal = REFUSAL_UNKNOWN;
    } else if (seat->account->network != NETWORK_BLUESKY) {
        refusal = REFUSAL_BAD_ACCOUNT;
    } else if (seat->account->state != ACCOUNT_CONNECTED) {
        refusal = REFUSAL_REFUSED;
    } else if (seat->home != NULL) {
        refusal = REFUSAL_BUSY;
    }
    if (refusal != REFUSAL_OK) {
        errand_end(errand, refusal, NULL);
        return;
    }
    struct home *home = memory_new(sizeof *home);
    home->request = errand->request;
    home->peek = errand->peek;
    errand->request = NULL;
    errand->peek = NULL;
    errand_end(errand, REFUSAL_OK, NULL);
    seat->home = home;
}

/* ---- the end */

static void home_end(struct home *home, enum refusal refusal, json_t *ok) {
    struct task *task = home->task;
    struct bridge *bridge = task->seat->bridge;
    if (bridge->ending) {
        json_decref(ok);
        ok = NULL;
        refusal = REFUSAL_BUSY;
    }
    bridge_answer(bridge, home->request, refusal, ok);
    home_free(home);
    task_end(task);
}

static void home_done(struct home *home) {
    json_t *urls = home_plan_urls(&home->plan, home->task->account->remote);
    home_end(home, REFUSAL_OK, json_pack("{s:o}", "lists", urls));
}

static void home_fail(struct home *home, const struct http_answer *answer, bool lost) {
    struct job_result result = result_of(answer);
    if (lost) {
        result.trouble = TROUBLE_LOGIN;
    }
    task_trouble(home->task->seat, &result, clock_unix_ms());
    home_end(home, trouble_refusal(result.trouble), NULL);
}

/* ---- writing */

static void write_next(struct home *home);

static void login_changed(void *context) {
    struct home *home = context;
    job_login_changed(&home->task->job);
}

static void written(void *context, const struct http_answer *answer, bool lost) {
    struct home *home = context;
    if (lost || answer->trouble != TROUBLE_NONE || answer->status != 200) {
        home_fail(home, answer, lost);
    } else {
        write_next(home);
    }
}

static void write_next(struct home *home) {
    size_t count = json_array_size(home->writes);
    if (home->written == count) {
        home_done(home);
        return;
    }
    json_t *some = json_array();
    for (size_t at = 0; at < WRITES_AT_ONCE && home->written < count; at++) {
        INVARIANT(json_array_append(some, json_array_get(home->writes, home->written++)) == 0);
    }
    const struct job *job = &home->task->job;
    const struct atproto_call call = {.reach = job->reach,
                                      .login = job->login,
                                      .changed = login_changed,
                                      .done = written,
                                      .context = home};
    json_t *body = json_pack("{s:s,s:o}", "repo", job->account->remote, "writes", some);
    INVARIANT(body != NULL);
    atproto_post(&call, "com.atproto.repo.applyWrites", body);
    json_decref(body);
}

/* ---- reading what is there, which everybody may */

static void page_ask(struct home *home, const char *cursor);

static void page_read(struct home *home, const json_t *records) {
    size_t at;
    json_t *record;
    json_array_foreach(records, at, record) {
        if (strcmp(home->collection, HOME_LISTS) == 0) {
            home_plan_list(&home->plan, record);
        } else {
            home_plan_item(&home->plan, record);
        }
    }
}

static void page_answered(void *context, const struct http_answer *answer) {
    struct home *home = context;
    const json_t *records = json_object_get(answer->json, "records");
    const char *cursor = json_text(answer->json, "cursor");
    if (answer->trouble != TROUBLE_NONE || answer->status != 200 || !json_is_array(records)) {
        home_fail(home, answer, false);
        return;
    }
    page_read(home, records);
    home->pages++;
    bool more = cursor != NULL && *cursor != '\0' && json_array_size(records) > 0;
    if (more && (strlen(cursor) > CURSOR_CHARS || home->pages >= PAGES_MOST)) {
        home_end(home, REFUSAL_FULL, NULL);
    } else if (more) {
        page_ask(home, cursor);
    } else if (strcmp(home->collection, HOME_LISTS) == 0) {
        home->collection = HOME_LISTITEMS;
        page_ask(home, NULL);
    } else {
        home->writes = home_plan_writes(&home->plan, clock_unix_ms());
        write_next(home);
    }
}

static void page_ask(struct home *home, const char *cursor) {
    const struct account *account = home->task->account;
    struct buffer url = buffer_make(URL_BYTES);
    char *repo = http_escape(account->remote), *from = http_escape(cursor == NULL ? "" : cursor);
    buffer_format(&url, "%s/xrpc/com.atproto.repo.listRecords?repo=%s&collection=%s&limit=100%s%s",
                  account->server, repo, home->collection, cursor == NULL ? "" : "&cursor=", from);
    struct http_request *request = http_request_new("GET", (const char *)url.data);
    http_limit(request, PAGE_BYTES);
    http_send(home->task->job.reach->http, request, page_answered, home);
    buffer_clear(&url);
    free(repo);
    free(from);
}

void home_run(struct seat *seat) {
    struct home *home = seat->home;
    if (!seat_open(seat)) {
        seat_state(seat, ACCOUNT_EXPIRED, false);
        home_refuse(seat, REFUSAL_REFUSED);
        return;
    }
    seat->home = NULL;
    home->task = task_new(seat, TASK_HOME);
    home->collection = HOME_LISTS;
    home_plan_make(&home->plan, home->peek, seat->account->remote);
    page_ask(home, NULL);
}
