/* The rule that decides what is done at the event's accounts: what should be out there of a
 * question (posts_wanted.c) is compared with what a row says is there, step by step until nothing
 * more is to be done.
 *
 * What makes it sound: a row with nothing out there has an empty `sent`; an edit that was tried
 * leaves it unknown, and so does a thread that moved. Whatever was tried keeps its token until an
 * outcome is known, also when it becomes another act meanwhile: under the token may be what nobody
 * else knows of. */
#include <string.h>

#include "base/log.h"
#include "event/rules.h"

/* No row takes more steps: e.g. edit given up, sent, edit anew. */
#define STEPS_MOST 6

struct follow {
    struct event *event;
    const struct question *question; /* NULL: gone */
    const struct account *account;
    int64_t now;
    enum want want;
    uint8_t mark[POST_MARK_BYTES]; /* what the post should say; empty without a question */
};

enum step { STEP_STAYS, STEP_ON, STEP_GONE };

/* New posts and edits are made there; otherwise only what is to be deleted is, while it can be. */
static bool posts_made(const struct follow *follow) {
    return !follow->event->closed && account_posts(follow->account);
}

static bool left(const struct follow *follow) {
    return follow->account->state == ACCOUNT_LEFT;
}

static bool tried(const struct outgoing *row) {
    return row->token[0] != '\0';
}

/* A reply whose thread is another post now: it is deleted and posted anew. */
static bool moved(const struct outgoing *row) {
    uint8_t unknown[POST_MARK_BYTES];
    mark_unknown(unknown);
    return !tried(row) && mark_same(row->sent, unknown);
}

static void row_state(struct outgoing *row, enum post_state state, enum post_trouble trouble) {
    row->state = state;
    row->trouble = trouble;
    row->due = 0;
    row->due_at = 0;
}

static enum step row_queue(const struct follow *follow, struct outgoing *row, enum post_act act) {
    row_state(row, POST_QUEUED, TROUBLE_NONE);
    row->act = act;
    mark_clear(row->sending);
    row->due_at = follow->now + (int64_t)follow->event->settings.publish_seconds * 1000;
    row->due = (uint32_t)((row->due_at + MINUTE_MS - 1) / MINUTE_MS);
    return STEP_ON;
}

static enum step row_delete(const struct follow *follow, struct outgoing *row) {
    row->act = ACT_DELETE;
    row_state(row, left(follow) ? POST_FAILED : POST_READY,
              left(follow) ? TROUBLE_LOGIN : TROUBLE_NONE);
    return STEP_ON;
}

static enum step row_deleted(struct outgoing *row) {
    row_state(row, POST_DELETED, TROUBLE_NONE);
    row->act = ACT_DELETE;
    row->token[0] = '\0';
    mark_clear(row->sent);
    mark_clear(row->sending);
    if (!row->emptied) {
        row->far[0] = '\0';
        row->url[0] = '\0';
    }
    return STEP_ON;
}

/* Nothing is out there, nothing will be. That a moderator wanted it so is remembered. */
static enum step row_end(const struct follow *follow, struct outgoing *row) {
    return row->dropped && follow->question != NULL ? row_deleted(row) : STEP_GONE;
}

/* What is out there stays as it is; nothing was tried. */
static enum step row_rest(struct outgoing *row) {
    INVARIANT(!tried(row));
    if (row->emptied) {
        return row_deleted(row);
    }
    row_state(row, POST_SENT, TROUBLE_NONE);
    row->act = ACT_POST;
    mark_clear(row->sending);
    return STEP_ON;
}

/* It is not tried again, though nobody knows how it ended. */
static enum step row_give_up(struct outgoing *row) {
    row_state(row, POST_FAILED, row->trouble != TROUBLE_NONE ? row->trouble : TROUBLE_LOGIN);
    return STEP_ON;
}

static enum step waiting_post(const struct follow *follow, struct outgoing *row) {
    bool wanted = follow->want == WANT_YES && posts_made(follow);
    if (!tried(row)) {
        return wanted ? STEP_STAYS : row_end(follow, row);
    }
    if (wanted && mark_same(row->sending, follow->mark)) {
        return STEP_STAYS;
    }
    return row_delete(follow, row);
}

static enum step waiting_edit(const struct follow *follow, struct outgoing *row) {
    bool wanted =
        follow->want == WANT_YES && posts_made(follow) && !mark_same(row->sent, follow->mark);
    if (wanted && !moved(row)) {
        return STEP_STAYS;
    }
    if (tried(row)) {
        return follow->want == WANT_NO ? row_delete(follow, row) : row_give_up(row);
    }
    return row_rest(row);
}

static enum step waiting_delete(const struct follow *follow, struct outgoing *row) {
    if (left(follow)) {
        return row_give_up(row);
    }
    bool finished = tried(row) || mark_empty(row->sent) || moved(row);
    return follow->want == WANT_NO || finished ? STEP_STAYS : row_rest(row);
}

static enum step step_waiting(const struct follow *follow, struct outgoing *row) {
    switch (row->act) {
    case ACT_POST:
        return waiting_post(follow, row);
    case ACT_EDIT:
        return waiting_edit(follow, row);
    default:
        return waiting_delete(follow, row);
    }
}

static enum step step_sending(const struct follow *follow, struct outgoing *row) {
    return left(follow) ? row_give_up(row) : STEP_STAYS; /* followed again after its outcome */
}

static enum step step_sent(const struct follow *follow, struct outgoing *row) {
    if (follow->want == WANT_NO) {
        return row_delete(follow, row);
    }
    if (follow->want == WANT_KEEP || mark_same(row->sent, follow->mark)) {
        return STEP_STAYS;
    }
    if (posts_made(follow)) {
        return moved(row) ? row_delete(follow, row) : row_queue(follow, row, ACT_EDIT);
    }
    if (!left(follow)) {
        return STEP_STAYS;
    }
    row_state(row, POST_FAILED, TROUBLE_LOGIN);
    row->act = ACT_EDIT;
    memcpy(row->sending, follow->mark, POST_MARK_BYTES);
    return STEP_ON;
}

static enum step failed_post(const struct follow *follow, struct outgoing *row) {
    bool leaving = !posts_made(follow) && !left(follow); /* nobody will try it again */
    bool same = follow->want == WANT_YES && mark_same(row->sending, follow->mark);
    if (same && !(leaving && tried(row))) {
        return STEP_STAYS;
    }
    if (tried(row)) {
        return row_delete(follow, row);
    }
    bool anew = follow->want == WANT_YES && posts_made(follow);
    return anew ? row_queue(follow, row, ACT_POST) : row_end(follow, row);
}

static enum step failed_edit(const struct follow *follow, struct outgoing *row) {
    if (follow->want == WANT_NO) {
        return row_delete(follow, row);
    }
    bool settled = follow->want == WANT_KEEP || mark_same(row->sent, follow->mark);
    if (settled) {
        return tried(row) ? STEP_STAYS : row_rest(row);
    }
    bool anew = posts_made(follow) && !mark_same(row->sending, follow->mark);
    return anew ? row_queue(follow, row, ACT_EDIT) : STEP_STAYS;
}

static enum step failed_delete(const struct follow *follow, struct outgoing *row) {
    if (follow->want == WANT_NO || mark_empty(row->sent)) {
        return STEP_STAYS;
    }
    if (!tried(row)) {
        return row_rest(row);
    }
    if (follow->want == WANT_KEEP || !posts_made(follow)) {
        return STEP_STAYS;
    }
    mark_unknown(row->sent);
    return row_queue(follow, row, ACT_EDIT); /* which shows whether it is still there */
}

static enum step step_failed(const struct follow *follow, struct outgoing *row) {
    switch (row->act) {
    case ACT_POST:
        return failed_post(follow, row);
    case ACT_EDIT:
        return failed_edit(follow, row);
    default:
        return failed_delete(follow, row);
    }
}

/* Also of a row that is not there yet. */
static enum step step_deleted(const struct follow *follow, struct outgoing *row) {
    if (follow->question == NULL) {
        return row->emptied ? STEP_STAYS : STEP_GONE; /* a moderator sees what is left of it */
    }
    if (follow->want != WANT_YES || !posts_made(follow)) {
        return STEP_STAYS;
    }
    return row_queue(follow, row, row->emptied ? ACT_EDIT : ACT_POST);
}

static enum step (*const STEPS[POST_STATE_COUNT])(const struct follow *, struct outgoing *) = {
    [POST_QUEUED] = step_waiting, [POST_READY] = step_waiting, [POST_SENDING] = step_sending,
    [POST_SENT] = step_sent,      [POST_FAILED] = step_failed, [POST_DELETED] = step_deleted,
};

static void row_follow(struct follow *follow, uint32_t number, enum post_kind kind,
                       struct changes *changes) {
    const struct outgoing *there = outgoing_at(follow->event, number, follow->account->id, kind);
    struct outgoing row = {.number = number,
                           .account = follow->account->id,
                           .kind = kind,
                           .state = POST_DELETED,
                           .act = ACT_DELETE};
    if (there != NULL) {
        row = *there;
    }
    follow->want = post_wanted(follow->event, follow->question, &row);
    if (there == NULL && follow->want != WANT_YES) {
        return;
    }
    if (follow->question != NULL) {
        post_mark(follow->mark, follow->question, kind);
    }
    enum step step = STEPS[row.state](follow, &row);
    bool changed = step != STEP_STAYS;
    for (int steps = 0; step == STEP_ON; steps++) {
        INVARIANT(steps < STEPS_MOST);
        follow->want = post_wanted(follow->event, follow->question, &row);
        step = STEPS[row.state](follow, &row);
    }
    if (step == STEP_GONE) {
        outgoing_remove(follow->event, number, row.account, kind, changes);
    } else if (changed) {
        outgoing_put(follow->event, &row, changes);
    }
}

static void question_follow(struct event *event, uint32_t number, int64_t now,
                            struct changes *changes) {
    struct follow follow = {.event = event, .question = event_question(event, number), .now = now};
    for (uint32_t i = 0; i < event->account_count; i++) {
        follow.account = event->accounts[i];
        for (int kind = 0; kind < POST_KIND_COUNT; kind++) { /* the thread before its replies */
            row_follow(&follow, number, (enum post_kind)kind, changes);
        }
    }
}

void posts_follow(struct event *event, uint32_t number, int64_t now, struct changes *changes) {
    uint32_t before = event->outgoing_count;
    question_follow(event, number, now, changes);
    if (event->outgoing_count < before) {
        accounts_tidy(event, changes);
    }
}

void posts_follow_gone(struct event *event, int64_t now, struct changes *changes) {
    for (uint32_t past = event->outgoing_count, first; past > 0; past = first) {
        uint32_t number = event->outgoing[past - 1].number;
        (void)event_posts(event, number, &first); /* those before stay where they are */
        if (event_question(event, number) == NULL) {
            question_follow(event, number, now, changes);
        }
    }
    accounts_tidy(event, changes);
}

void posts_follow_all(struct event *event, int64_t now, struct changes *changes) {
    if (event->account_count == 0) {
        return;
    }
    for (uint32_t i = 0; i < event->question_count; i++) {
        question_follow(event, event->questions[i]->number, now, changes);
    }
    posts_follow_gone(event, now, changes);
}
