#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "bridge/entry.h"
#include "bridge/task.h"

#define OTHERS_MS             60000 /* other accounts of a server that one asks too much wait */
#define DESCRIPTION_GRAPHEMES 200

struct task *task_new(struct seat *seat, enum task_kind kind) {
    struct task *task = memory_new(sizeof *task);
    task->seat = seat;
    task->kind = kind;
    task->account = memory_new(sizeof *task->account);
    *task->account = *seat->account;
    task->account->secret = NULL;
    task->account->avatar = NULL;
    task->account->secret_bytes = task->account->avatar_bytes = 0;
    task->job = (struct job){.reach = &seat->bridge->reach,
                             .login = seat->login,
                             .account = task->account,
                             .far = "",
                             .token = task->token,
                             .core = task};
    seat->task = task;
    return task;
}

void task_end(struct task *task) {
    task->seat->task = NULL;
    account_free(task->account);
    post_text_clear(&task->text);
    free(task->far);
    free(task->parent);
    free(task->link);
    free(task->title);
    free(task->description);
    free(task->url);
    if (task->note != NULL) {
        journal_request_free(task->note);
    }
    free(task);
}

char *task_link(const struct site *site, uint32_t number) {
    const char *public_url = site->bridge->options.public_url;
    char page[24] = "";
    struct buffer link = buffer_make(LIMIT_URL_BYTES);
    if (number > 0) {
        (void)snprintf(page, sizeof page, "/q/%u", number);
    }
    buffer_format(&link, "%s/e/%s%s", public_url, site->agenda->slug, page);
    INVARIANT(!link.overflow);
    size_t length;
    return (char *)buffer_take(&link, &length);
}

void task_trouble(struct seat *seat, const struct job_result *result, int64_t now) {
    static const char *const codes[TROUBLE_COUNT] = {
        [TROUBLE_NONE] = "far ok",           [TROUBLE_UNREACHABLE] = "far unreachable",
        [TROUBLE_ADDRESS] = "far address",   [TROUBLE_CERTIFICATE] = "far certificate",
        [TROUBLE_BUSY] = "far busy",         [TROUBLE_LIMITED] = "far limited",
        [TROUBLE_LOGIN] = "far login",       [TROUBLE_FORBIDDEN] = "far forbidden",
        [TROUBLE_REJECTED] = "far rejected", [TROUBLE_MISSING] = "far missing",
        [TROUBLE_ANSWER] = "far answer",
    };
    log_count(codes[result->trouble]);
    if (result->trouble != TROUBLE_LIMITED) {
        return;
    }
    int64_t others = now + OTHERS_MS;
    others = result->retry_at < others ? result->retry_at : others;
    for (struct seat *other = seat->bridge->seats; other != NULL; other = other->next) {
        int64_t until = other == seat ? result->retry_at : others;
        if (strcmp(other->account->server, seat->account->server) == 0 &&
            other->not_before < until) {
            other->not_before = until;
        }
    }
}

static bool seat_leaves(const struct seat *seat) {
    return seat->account->state == ACCOUNT_LEAVING;
}

/* ---- telling the journal */

static struct journal_request *note_new(struct task *task, enum command_kind kind) {
    struct journal_request *note =
        bridge_request(task->seat->bridge, kind, task->seat->event, ASKER_TASK, task);
    if (task->kind == TASK_POST) {
        note->command.as.post.number = task->row.number;
        note->command.as.post.account = task->row.account;
        note->command.as.post.kind = task->row.kind;
        note->command.as.post.act = task->row.act;
    }
    return note;
}

static void note_submit(struct task *task, struct journal_request *note) {
    journal_submit(task->seat->bridge->journal, note);
}

static void note_failed(struct task *task, enum post_trouble trouble, bool final) {
    struct journal_request *note = note_new(task, COMMAND_POST_FAILED);
    note->command.as.post.trouble = trouble;
    note->command.as.post.final = final;
    note_submit(task, note);
}

/* ---- a post */

static void post_run(struct task *task) {
    const struct network_driver *driver = network_driver(task->account->network);
    if (task->job.login == NULL) {
        job_done(&task->job, &(struct job_result){.trouble = TROUBLE_LOGIN, .final = true});
    } else {
        driver->post(&task->job);
    }
}

static void post_sent(struct task *task, const struct job_result *result) {
    struct journal_request *note = note_new(task, COMMAND_POST_SENT);
    const char *far = result->far == NULL ? "" : result->far;
    const char *url = result->url == NULL ? "" : result->url;
    INVARIANT(strlen(far) <= LIMIT_POST_FAR_BYTES);
    (void)snprintf(note->command.as.post.far, LIMIT_POST_FAR_BYTES + 1, "%s", far);
    if (strlen(url) <= LIMIT_URL_BYTES) {
        (void)snprintf(note->command.as.post.url, LIMIT_URL_BYTES + 1, "%s", url);
    }
    note->command.as.post.emptied = result->emptied;
    if (result->emptied && !task->seat->account->keeps) { /* its state stays what it is */
        seat_state(task->seat, task->seat->account->state, true);
    }
    note_submit(task, note);
}

static void post_failed(struct task *task, const struct job_result *result) {
    struct seat *seat = task->seat;
    int64_t now = clock_unix_ms();
    bool lost = result->trouble == TROUBLE_LOGIN || result->trouble == TROUBLE_FORBIDDEN;
    bool leaving = seat_leaves(seat);
    struct retry *retry = retry_of(&seat->retries, &task->row);
    retry_failed(retry, result->trouble, result->retry_at, now);
    if (result->pending && task->row.act != ACT_DELETE) {
        retry_pending(&seat->retries, &task->row, now);
    }
    struct job_result limit = *result;
    limit.retry_at = retry->not_before;
    task_trouble(seat, &limit, now);
    bool final = result->final || retry->tries >= TRIES_MOST || (lost && leaving);
    if (!final && !lost && retry->told == result->trouble) {
        task_end(task); /* nothing new to tell */
        return;
    }
    retry->told = result->trouble;
    note_failed(task, result->trouble, final);
}

/* Gone now, but what we gave up waiting for may bring it back: it is looked for once more. */
static bool deletion_early(struct task *task, const struct job_result *result) {
    struct retries *retries = &task->seat->retries;
    int64_t until = pending_until(retries, &task->row, clock_unix_ms());
    bool gone = result->trouble == TROUBLE_NONE || result->trouble == TROUBLE_MISSING;
    if (task->row.act != ACT_DELETE || !gone || until == 0) {
        return false;
    }
    retry_of(retries, &task->row)->not_before = until;
    return true;
}

/* A log-in that was replaced meanwhile says nothing about the one in its place. */
static struct job_result result_now(const struct seat *seat, const struct job_result *result) {
    struct job_result now = *result;
    bool lost = result->trouble == TROUBLE_LOGIN || result->trouble == TROUBLE_FORBIDDEN;
    if (lost && seat->login_stale) {
        now.trouble = TROUBLE_UNREACHABLE;
        now.final = false;
    }
    return now;
}

static void post_done(struct task *task, const struct job_result *far) {
    struct job_result result = result_now(task->seat, far);
    if (deletion_early(task, &result)) {
        task_end(task);
    } else if (result.trouble == TROUBLE_NONE) {
        post_sent(task, &result);
    } else {
        post_failed(task, &result);
    }
}

/* What is not wanted any more. Whether it is out there is not looked for: deleting it does that. */
static void post_give_up(struct task *task, enum post_trouble trouble) {
    note_failed(task, trouble == TROUBLE_NONE ? TROUBLE_UNREACHABLE : trouble, true);
}

/* The journal has its token: now it may be sent, unless it is not wanted any more since. Of rows
 * that the agenda has not drawn nothing is known. */
static void post_noted(struct task *task) {
    struct seat *seat = task->seat;
    if (seat->site == NULL || seat->gone) {
        task_end(task);
        return;
    }
    const struct agenda *agenda = seat->site->agenda;
    for (uint32_t at = 0; at < agenda->row_count; at++) {
        const struct agenda_row *row = &agenda->rows[at];
        if (row->row.number == task->row.number && row->row.account == task->row.account &&
            row->row.kind == task->row.kind && row->row.state == POST_SENDING &&
            !post_holds(row, seat_leaves(seat))) {
            post_give_up(task, TROUBLE_NONE);
            return;
        }
    }
    post_run(task);
}

static void post_compose_job(struct task *task, const struct agenda_row *row) {
    const struct site *site = task->seat->site;
    task->link = task_link(site, row->row.number);
    if (row->row.act == ACT_DELETE || row->text == NULL) {
        return;
    }
    struct post_source source = {
        .network = task->account->network,
        .limit = task->account->post_limit,
        .link_length = task->account->link_length,
        .kind = row->row.kind,
        .text = row->text,
        .answer = row->answer,
        .warning = row->warning,
        .answered = row->answered,
        .settings = &site->agenda->settings,
        .url = task->link,
    };
    task->text = post_compose(&source);
    task->title = memory_text(site->agenda->settings.title);
    task->description = memory_text_n(row->text, text_cut(row->text, DESCRIPTION_GRAPHEMES));
    task->job.text = &task->text;
    task->job.title = task->title;
    task->job.description = task->description;
}

static void post_begin(struct seat *seat, const struct agenda_row *row) {
    struct task *task = task_new(seat, TASK_POST);
    task->row = row->row;
    task->job.kind = row->row.kind;
    task->job.act = row->row.act;
    if (row->row.state == POST_SENDING && !post_holds(row, seat_leaves(seat))) {
        post_give_up(task, row->row.trouble);
        return;
    }
    post_compose_job(task, row);
    task->far = memory_text(row->row.far);
    task->parent = row->parent == NULL ? NULL : memory_text(row->parent);
    task->job.far = task->far;
    task->job.parent = task->parent;
    task->job.link = task->link;
    task->job.doubtful = post_doubtful(&seat->retries, &row->row);
    if (row->row.token[0] != '\0') {
        memcpy(task->token, row->row.token, sizeof task->token);
    } else {
        network_driver(task->account->network)->token(task->token);
    }
    if (row->row.state == POST_SENDING) {
        post_run(task);
        return;
    }
    struct journal_request *note = note_new(task, COMMAND_POST_SENDING);
    memcpy(note->command.as.post.mark, row->mark, POST_MARK_BYTES);
    memcpy(note->command.as.post.token, task->token, sizeof task->token);
    note_submit(task, note);
}

/* ---- the end of a log-in */

static void revoked(struct task *task, bool done) {
    struct seat *seat = task->seat;
    if (seat->site != NULL && !seat_leaves(seat)) { /* connected again meanwhile */
        task_end(task);
        return;
    }
    if (!done) {
        seat->not_before = clock_unix_ms() + backoff_ms(seat->revoke_tries);
        task_end(task);
        return;
    }
    if (seat->site == NULL) {
        task_end(task);
        seat->gone = true;
        return;
    }
    struct journal_request *note = note_new(task, COMMAND_ACCOUNT_STATE);
    note->command.as.account.id = seat->account->id;
    note->command.as.account.state = ACCOUNT_LEFT;
    note_submit(task, note);
}

static void revoke_begin(struct seat *seat) {
    bool open = seat_open(seat);
    struct task *task = task_new(seat, TASK_REVOKE);
    if (open) {
        network_driver(seat->account->network)->revoke(&task->job);
    } else {
        revoked(task, true);
    }
}

/* ---- a seat's turn */

static int64_t earlier(int64_t one, int64_t other) {
    return one < other ? one : other;
}

/* What was begun may have ended at once: then there may be more to do. */
static int64_t seat_began(const struct seat *seat, int64_t now) {
    if (seat->task == NULL) {
        return now;
    }
    return seat->task->again_at > 0 ? seat->task->again_at : INT64_MAX;
}

static int64_t post_next(struct seat *seat, int64_t now) {
    const struct agenda *agenda = seat->site->agenda;
    bool leaving = seat_leaves(seat);
    int64_t wake = INT64_MAX;
    const struct agenda_row *row =
        outbox_next(agenda, seat->account->id, leaving, &seat->retries, now, &wake);
    if (row == NULL) {
        if (leaving && !outbox_any(agenda, seat->account->id)) {
            revoke_begin(seat);
            return seat_began(seat, now);
        }
        return wake;
    }
    if (!seat_open(seat) && !leaving) {
        seat_state(seat, ACCOUNT_EXPIRED, false);
        seat->not_before = now + AGAIN_MS; /* until an agenda says so */
        return seat->not_before;
    }
    post_begin(seat, row);
    return seat_began(seat, now);
}

/* What the journal did not take is said again. */
static int64_t seat_tell(struct seat *seat, int64_t now) {
    struct task *task = seat->task;
    int64_t wake = INT64_MAX;
    if (seat->login_changed && !seat->login_put) {
        wake = seat->put_at;
        if (wake <= now) {
            seat_put(seat);
            wake = INT64_MAX;
        }
    }
    if (task != NULL && task->note != NULL && task->note_at <= now) {
        struct journal_request *note = task->note;
        task->note = NULL;
        note_submit(task, note);
    } else if (task != NULL && task->note != NULL) {
        wake = earlier(wake, task->note_at);
    }
    return wake;
}

int64_t seat_turn(struct seat *seat, int64_t now) {
    int64_t wake = seat_tell(seat, now);
    if (seat->task != NULL && seat->task->again_at > 0) {
        if (seat->task->again_at <= now) {
            trial_again(seat->task);
        }
        wake = earlier(wake, seat_began(seat, now));
    }
    if (seat->task != NULL || seat->gone) {
        return wake;
    }
    if (seat->trial != NULL) {
        trial_begin(seat);
        return earlier(wake, seat_began(seat, now));
    }
    if (seat->home != NULL) {
        home_run(seat);
        return earlier(wake, seat_began(seat, now));
    }
    if (seat->not_before > now) {
        return earlier(wake, seat->not_before);
    }
    if (seat->site == NULL) {
        revoke_begin(seat);
        return earlier(wake, seat_began(seat, now));
    }
    enum account_state state = seat->account->state;
    bool works = state == ACCOUNT_CONNECTED || state == ACCOUNT_LEAVING;
    return works ? earlier(wake, post_next(seat, now)) : wake;
}

/* ---- answers */

void task_answered(struct task *task, struct journal_request *answer) {
    enum refusal refusal = answer->refusal;
    bool sending = answer->command.kind == COMMAND_POST_SENDING;
    if (!sending && (refusal == REFUSAL_BUSY || refusal == REFUSAL_STORAGE)) {
        task->note = answer; /* what was done must be known */
        task->note_at = clock_unix_ms() + AGAIN_MS;
        return;
    }
    journal_request_free(answer);
    if (sending && refusal == REFUSAL_OK) {
        post_noted(task);
        return;
    }
    if (refusal != REFUSAL_OK && task->kind == TASK_POST) {
        /* A newer agenda says what to do; without one, not at once again. */
        struct retry *retry = retry_of(&task->seat->retries, &task->row);
        retry->not_before = clock_unix_ms() + AGAIN_MS;
    }
    task_end(task);
}

void job_login_changed(struct job *job) {
    struct seat *seat = ((struct task *)job->core)->seat;
    if (seat->site != NULL && !seat->login_stale) {
        seat->login_changed = true;
        if (!seat->bridge->ending) {
            seat_put(seat);
        }
    }
}

void job_done(struct job *job, const struct job_result *result) {
    struct task *task = job->core;
    struct seat *seat = task->seat;
    if (task->kind == TASK_TRIAL) {
        trial_done(task, result);
    } else if (task->kind == TASK_OWN) {
        own_done(task, result);
    } else if (task->kind == TASK_REVOKE && !seat->bridge->ending) {
        seat->revoke_tries++;
        revoked(task, result->trouble == TROUBLE_NONE || result->final ||
                          seat->revoke_tries >= REVOKE_TRIES);
    } else if (seat->bridge->ending || seat->site == NULL || seat->gone) {
        task_end(task); /* what became of it is found out at the next start, or nobody asks */
    } else {
        post_done(task, result);
    }
}

void tasks_clear(struct bridge *bridge) {
    for (struct seat *seat = bridge->seats; seat != NULL; seat = seat->next) {
        if (seat->task != NULL && seat->task->kind == TASK_TRIAL) {
            trial_answer(seat->task, REFUSAL_BUSY, NULL);
        }
        if (seat->task != NULL) {
            task_end(seat->task);
        }
        if (seat->trial != NULL) {
            bridge_answer(bridge, seat->trial, REFUSAL_BUSY, NULL);
            seat->trial = NULL;
        }
        home_refuse(seat, REFUSAL_BUSY);
    }
}
