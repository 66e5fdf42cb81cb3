/* What the bridge reports of a row: it is sending, it has sent, it has failed. */
#include <string.h>

#include "event/rules.h"

static bool text_set(char *to, const char *from, size_t bytes) {
    const char *end = memchr(from, '\0', bytes + 1);
    if (end != NULL) {
        memcpy(to, from, (size_t)(end - from) + 1);
    }
    return end != NULL;
}

/* STALE unless the row is there, in this state, with the command's act; else a copy of it. */
static enum refusal row_reported(const struct event *event, const struct command *command,
                                 enum post_state state, struct outgoing *row) {
    const struct outgoing *there = event_outgoing(event, command->as.post.number,
                                                  command->as.post.account, command->as.post.kind);
    if (there == NULL || there->state != state || there->act != command->as.post.act) {
        return REFUSAL_STALE;
    }
    *row = *there;
    return REFUSAL_OK;
}

enum refusal rule_post_sending(struct event *event, struct command *command,
                               struct changes *changes) {
    struct outgoing row;
    enum refusal refusal = row_reported(event, command, POST_READY, &row);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    const struct account *account = account_at(event, row.account);
    bool leaving = account->state == ACCOUNT_LEAVING && row.act == ACT_DELETE;
    if (account->state != ACCOUNT_CONNECTED && !leaving) {
        return REFUSAL_STALE;
    }
    mark_clear(row.sending);
    if (row.act != ACT_DELETE) {
        uint8_t mark[POST_MARK_BYTES];
        post_mark(mark, question_at(event, row.number), row.kind);
        if (!mark_same(mark, command->as.post.mark)) {
            return REFUSAL_STALE;
        }
        memcpy(row.sending, mark, POST_MARK_BYTES);
    }
    /* A row that was tried before keeps the token that it was tried with. */
    if (row.token[0] == '\0' &&
        (!text_set(row.token, command->as.post.token, LIMIT_POST_TOKEN_BYTES) ||
         row.token[0] == '\0')) {
        return REFUSAL_BAD_VALUE;
    }
    if (row.act == ACT_EDIT) { /* from now on nobody knows which of the two texts is out there */
        mark_unknown(row.sent);
        row.emptied = false;
    }
    row.state = POST_SENDING;
    row.trouble = TROUBLE_NONE;
    outgoing_put(event, &row, changes);
    return REFUSAL_OK;
}

/* What is out there of a reply, or may be, hangs on a post that is no longer the thread. True: the
 * row is another one. */
static bool reply_moved(struct outgoing *row) {
    bool tried = row->token[0] != '\0';
    if (tried && row->act == ACT_DELETE) {
        return false; /* is finished anyway */
    }
    if (row->state == POST_SENDING) {
        mark_unknown(row->sending); /* as it will be out there */
    } else if (tried) {
        row->state = POST_READY;
        row->act = ACT_DELETE;
        row->due = 0;
        row->due_at = 0;
    } else if (mark_empty(row->sent)) {
        return false;
    } else {
        mark_unknown(row->sent);
    }
    return true;
}

static void thread_moved(struct event *event, uint32_t number, uint32_t account,
                         struct changes *changes) {
    for (int kind = POST_QUESTION + 1; kind < POST_KIND_COUNT; kind++) {
        const struct outgoing *there = event_outgoing(event, number, account, (enum post_kind)kind);
        struct outgoing row;
        if (there != NULL) {
            row = *there;
            if (reply_moved(&row)) {
                outgoing_put(event, &row, changes);
            }
        }
    }
}

static void row_deleted(struct outgoing *row, bool emptied) {
    row->state = POST_DELETED;
    row->emptied = emptied;
    mark_clear(row->sent);
    if (!emptied) {
        row->far[0] = '\0';
        row->url[0] = '\0';
    }
}

enum refusal rule_post_sent(struct event *event, struct command *command, struct changes *changes) {
    struct outgoing row;
    enum refusal refusal = row_reported(event, command, POST_SENDING, &row);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    char before[LIMIT_POST_FAR_BYTES + 1];
    memcpy(before, row.far, sizeof before);
    bool far = command->as.post.far[0] != '\0', url = command->as.post.url[0] != '\0';
    if ((far && !text_set(row.far, command->as.post.far, LIMIT_POST_FAR_BYTES)) ||
        (url && !text_set(row.url, command->as.post.url, LIMIT_URL_BYTES))) {
        return REFUSAL_BAD_VALUE;
    }
    if (row.act == ACT_DELETE) {
        row_deleted(&row, command->as.post.emptied);
    } else {
        row.state = POST_SENT;
        memcpy(row.sent, row.sending, POST_MARK_BYTES);
    }
    mark_clear(row.sending);
    row.token[0] = '\0';
    row.trouble = TROUBLE_NONE;
    outgoing_put(event, &row, changes);
    if (row.kind == POST_QUESTION && row.act != ACT_DELETE && strcmp(before, row.far) != 0) {
        thread_moved(event, row.number, row.account, changes);
    }
    posts_follow(event, row.number, command->now, changes);
    return REFUSAL_OK;
}

/* Its log-in does not hold: the row waits for another one. */
static void account_lost(struct event *event, struct outgoing *row, struct changes *changes) {
    struct account *account = account_at(event, row->account);
    account->state = row->trouble == TROUBLE_LOGIN ? ACCOUNT_EXPIRED : ACCOUNT_REFUSED;
    change_number(changes, CHANGE_ACCOUNT, account->id);
    row->state = POST_READY;
}

enum refusal rule_post_failed(struct event *event, struct command *command,
                              struct changes *changes) {
    struct outgoing row;
    enum refusal refusal = row_reported(event, command, POST_SENDING, &row);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    enum post_trouble trouble = command->as.post.trouble;
    if ((unsigned)trouble >= TROUBLE_COUNT || trouble == TROUBLE_NONE) {
        return REFUSAL_BAD_VALUE;
    }
    bool lost = trouble == TROUBLE_LOGIN || trouble == TROUBLE_FORBIDDEN;
    bool leaving = account_at(event, row.account)->state == ACCOUNT_LEAVING;
    if (!command->as.post.final && !lost && row.trouble == trouble) {
        return REFUSAL_OK;
    }
    if (row.act == ACT_DELETE && trouble == TROUBLE_MISSING) { /* as it should be */
        return rule_post_sent(event, command, changes);
    }
    row.trouble = trouble;
    if (command->as.post.final || (lost && leaving)) { /* nobody will log in there any more */
        row.state = POST_FAILED; /* with its token: a try before this one may have gone through */
    } else if (lost) {
        account_lost(event, &row, changes);
    }
    outgoing_put(event, &row, changes);
    posts_follow(event, row.number, command->now, changes);
    return REFUSAL_OK;
}
