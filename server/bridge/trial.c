/* The organiser's test: a post that everybody could see, and its deletion at once. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "bridge/task.h"

#define DELETIONS_MOST 3
#define PAUSE_MS       1000 /* between them */
#define PENDING_MS     (2 * FAR_SECONDS * 1000)

void trial_submit(struct bridge *bridge, struct journal_request *request) {
    struct seat *seat =
        seat_find(bridge, request->command.event, request->command.as.connect.account);
    if (seat == NULL) {
        bridge_answer(bridge, request, REFUSAL_UNKNOWN, NULL);
    } else if (seat->account->state != ACCOUNT_CONNECTED) {
        bridge_answer(bridge, request, REFUSAL_REFUSED, NULL);
    } else if (seat->trial != NULL) {
        bridge_answer(bridge, request, REFUSAL_BUSY, NULL);
    } else {
        seat->trial = request;
    }
}

void trial_begin(struct seat *seat) {
    struct journal_request *request = seat->trial;
    seat->trial = NULL;
    if (!seat_open(seat)) {
        seat_state(seat, ACCOUNT_EXPIRED, false);
        bridge_answer(seat->bridge, request, REFUSAL_REFUSED, NULL);
        return;
    }
    struct task *task = task_new(seat, TASK_TRIAL);
    const struct settings *settings = &seat->site->agenda->settings;
    task->request = request;
    task->link = task_link(seat->site, 0);
    task->title = memory_text(settings->title);
    struct post_source source = {
        .network = task->account->network,
        .limit = task->account->post_limit,
        .link_length = task->account->link_length,
        .kind = POST_QUESTION,
        .test = true,
        .settings = settings,
        .url = task->link,
    };
    task->text = post_compose(&source);
    task->job.kind = POST_QUESTION;
    task->job.act = ACT_POST;
    task->job.text = &task->text;
    task->job.link = task->link;
    task->job.title = task->title;
    task->job.description = "";
    const struct network_driver *driver = network_driver(task->account->network);
    driver->token(task->token);
    driver->post(&task->job);
}

void trial_answer(struct task *task, enum refusal refusal, json_t *ok) {
    struct journal_request *request = task->request;
    task->request = NULL;
    if (request != NULL) {
        bridge_answer(task->seat->bridge, request, refusal, ok);
    } else {
        json_decref(ok);
    }
}

/* `emptied`: it stays, without its text. */
static void trial_end(struct task *task, bool deleted, bool emptied) {
    json_t *ok = NULL;
    if (task->trouble == TROUBLE_NONE) {
        ok = json_pack("{s:b}", "deleted", deleted);
        if (emptied) {
            (void)json_object_set_new(ok, "emptied", json_true());
        }
        if (task->url != NULL && task->url[0] != '\0') {
            (void)json_object_set_new(ok, "url", json_string(task->url));
        }
    }
    trial_answer(task, trouble_refusal(task->trouble), ok);
    task_end(task);
}

/* Says nothing about a log-in that took the place of the one that was tried. */
static void trial_lost(const struct task *task) {
    if (!task->seat->login_stale) {
        seat_state(task->seat, task->trouble == TROUBLE_LOGIN ? ACCOUNT_EXPIRED : ACCOUNT_REFUSED,
                   false);
    }
}

void trial_again(struct task *task) {
    task->again_at = 0;
    task->deletions++;
    network_driver(task->account->network)->post(&task->job);
}

static void trial_posted(struct task *task, const struct job_result *result) {
    bool doubtful = result->trouble == TROUBLE_UNREACHABLE || result->trouble == TROUBLE_BUSY ||
                    result->trouble == TROUBLE_ANSWER;
    task->trouble = result->trouble;
    if (result->trouble == TROUBLE_LOGIN || result->trouble == TROUBLE_FORBIDDEN) {
        trial_lost(task);
    }
    if (result->trouble != TROUBLE_NONE && !doubtful) {
        trial_end(task, false, false);
        return;
    }
    /* Also what may be there without our knowing is deleted. */
    task->far = memory_text(result->far == NULL || doubtful ? "" : result->far);
    task->url = memory_text(result->url == NULL || doubtful ? "" : result->url);
    task->job.far = task->far;
    task->job.act = ACT_DELETE;
    task->job.doubtful = doubtful;
    if (result->pending) { /* what comes late is deleted too, but nobody waits so long */
        trial_answer(task, trouble_refusal(task->trouble), NULL);
        task->again_at = clock_unix_ms() + PENDING_MS;
    } else {
        trial_again(task);
    }
}

static void trial_deleted(struct task *task, const struct job_result *result) {
    struct seat *seat = task->seat;
    bool gone = result->trouble == TROUBLE_NONE || result->trouble == TROUBLE_MISSING;
    if (!gone && !result->final && task->deletions < DELETIONS_MOST) {
        task->again_at = clock_unix_ms() + PAUSE_MS;
        return;
    }
    if (result->emptied && !seat->account->keeps && seat->site != NULL) {
        seat_state(seat, seat->account->state, true);
    }
    trial_end(task, gone && !result->emptied, gone && result->emptied);
}

void trial_done(struct task *task, const struct job_result *result) {
    struct seat *seat = task->seat;
    if (seat->bridge->ending) {
        trial_answer(task, REFUSAL_BUSY, NULL);
        task_end(task);
        return;
    }
    if (result->trouble != TROUBLE_NONE) {
        task_trouble(seat, result, clock_unix_ms());
    }
    if (task->job.act == ACT_POST) {
        trial_posted(task, result);
    } else {
        trial_deleted(task, result);
    }
}
