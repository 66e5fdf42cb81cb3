/* Commands about accounts and posts in a line each, and what is asserted of rows. */
#ifndef RAUTE_TESTS_EVENT_POSTS_KIT_H
#define RAUTE_TESTS_EVENT_POSTS_KIT_H

#include "kit.h"

#define DELAY (60 * SECOND) /* the default of `publish_seconds` */

static inline struct account *account_new(uint32_t n) {
    struct account *account = memory_new(sizeof *account);
    account->network = (enum network)(n % NETWORK_COUNT);
    snprintf(account->server, sizeof account->server, "https://peer%u.example", n);
    snprintf(account->remote, sizeof account->remote, "did:example:%u", n);
    snprintf(account->name, sizeof account->name, "@hro@peer%u.example", n);
    snprintf(account->url, sizeof account->url, "https://peer%u.example/@hro", n);
    account->post_limit = 500;
    account->link_length = 23;
    account->secret = kit_copy("sealed log-in", 13);
    account->secret_bytes = 13;
    account->avatar = kit_copy("\x89PNG", 4);
    account->avatar_bytes = 4;
    return account;
}

static inline enum refusal account_put(struct kit *kit, struct account *account) {
    struct command command = {.kind = COMMAND_ACCOUNT_PUT};
    command.as.account.account = account;
    return kit_apply(kit, command);
}

/* Account number n, new or again. */
static inline void connected(struct kit *kit, uint32_t n) {
    assert_int_equal(account_put(kit, account_new(n)), REFUSAL_OK);
}

static inline enum refusal account_state(struct kit *kit, uint32_t id, enum account_state state) {
    struct command command = {.kind = COMMAND_ACCOUNT_STATE};
    command.as.account.id = id;
    command.as.account.state = state;
    return kit_apply(kit, command);
}

static inline enum refusal account_leave(struct kit *kit, uint32_t id) {
    struct command command = {.kind = COMMAND_ACCOUNT_LEAVE};
    command.as.account.id = id;
    return kit_apply(kit, command);
}

static inline enum refusal ask_degree(struct kit *kit, uint32_t n, uint8_t degree) {
    struct command command = kit_text(COMMAND_ASK, NULL);
    char text[32];
    snprintf(text, sizeof text, "Question %u?", n);
    command.text = memory_text(text);
    command.as.question.talk = 1;
    command.as.question.degree = degree;
    kit_key(command.as.question.key, n);
    memset(command.as.question.salt, (int)(n & 0xff), QUESTION_SALT_BYTES);
    return kit_apply(kit, command);
}

static inline enum refusal degree(struct kit *kit, uint32_t n, uint32_t rev, uint8_t to) {
    struct command command = {.kind = COMMAND_DEGREE};
    command.as.question.rev = rev;
    command.as.question.degree = to;
    kit_key(command.as.question.key, n);
    return kit_apply(kit, command);
}

static inline enum refusal approve(struct kit *kit, uint32_t number, uint32_t rev) {
    struct command command = {.kind = COMMAND_APPROVE};
    command.as.publish.number = number;
    command.as.publish.rev = rev;
    return kit_apply(kit, command);
}

static inline enum refusal open_on(struct kit *kit, uint32_t number, bool on) {
    struct command command = {.kind = COMMAND_OPEN};
    command.as.publish.number = number;
    command.as.publish.on = on;
    return kit_apply(kit, command);
}

static inline enum refusal warn(struct kit *kit, uint32_t number, const char *warning) {
    struct command command = kit_text(COMMAND_WARN, warning);
    command.as.publish.number = number;
    return kit_apply(kit, command);
}

static inline enum refusal publish(struct kit *kit, enum publish to) {
    struct settings settings = kit->event->settings;
    settings.publish = to;
    return change_settings(kit, SETTING_PUBLISH, &settings);
}

static inline enum refusal publish_delay(struct kit *kit, uint32_t seconds) {
    struct settings settings = kit->event->settings;
    settings.publish_seconds = seconds;
    return change_settings(kit, SETTING_PUBLISH_SECONDS, &settings);
}

/* ---- the bridge: each of these acts on the row as it is now */

static inline const struct outgoing *row_of(const struct kit *kit, uint32_t number,
                                            enum post_kind kind) {
    return event_outgoing(kit->event, number, 1, kind);
}

static inline struct command post_command(const struct kit *kit, enum command_kind which,
                                          uint32_t number, uint32_t account, enum post_kind kind) {
    struct command command = {.kind = which};
    command.as.post.number = number;
    command.as.post.account = account;
    command.as.post.kind = kind;
    const struct outgoing *row = event_outgoing(kit->event, number, account, kind);
    const struct question *question = event_question(kit->event, number);
    if (row != NULL) {
        command.as.post.act = row->act;
    }
    if (question != NULL) {
        post_mark(command.as.post.mark, question, kind);
    }
    snprintf(command.as.post.token, sizeof command.as.post.token, "token-%u-%d-%lld", number,
             (int)kind, (long long)kit->now);
    return command;
}

static inline enum refusal sending_at(struct kit *kit, uint32_t number, uint32_t account,
                                      enum post_kind kind) {
    return kit_apply(kit, post_command(kit, COMMAND_POST_SENDING, number, account, kind));
}

static inline enum refusal sending(struct kit *kit, uint32_t number, enum post_kind kind) {
    return sending_at(kit, number, 1, kind);
}

static inline enum refusal sent_at(struct kit *kit, uint32_t number, uint32_t account,
                                   enum post_kind kind, const char *far) {
    struct command command = post_command(kit, COMMAND_POST_SENT, number, account, kind);
    snprintf(command.as.post.far, sizeof command.as.post.far, "%s", far);
    if (far[0] != '\0') {
        snprintf(command.as.post.url, sizeof command.as.post.url, "https://peer.example/%s", far);
    }
    return kit_apply(kit, command);
}

static inline enum refusal sent(struct kit *kit, uint32_t number, enum post_kind kind,
                                const char *far) {
    return sent_at(kit, number, 1, kind, far);
}

static inline enum refusal emptied(struct kit *kit, uint32_t number, enum post_kind kind) {
    struct command command = post_command(kit, COMMAND_POST_SENT, number, 1, kind);
    command.as.post.emptied = true;
    return kit_apply(kit, command);
}

static inline enum refusal failed(struct kit *kit, uint32_t number, enum post_kind kind,
                                  enum post_trouble trouble, bool final) {
    struct command command = post_command(kit, COMMAND_POST_FAILED, number, 1, kind);
    command.as.post.trouble = trouble;
    command.as.post.final = final;
    return kit_apply(kit, command);
}

static inline enum refusal retry(struct kit *kit, uint32_t number, enum post_kind kind) {
    return kit_apply(kit, post_command(kit, COMMAND_POST_RETRY, number, 1, kind));
}

static inline enum refusal drop(struct kit *kit, uint32_t number) {
    return kit_apply(kit, post_command(kit, COMMAND_POST_DROP, number, 1, POST_QUESTION));
}

/* ---- the way of a post */

static inline void assert_none(const struct kit *kit, uint32_t number, enum post_kind kind) {
    assert_null(row_of(kit, number, kind));
}

static inline void assert_row(const struct kit *kit, uint32_t number, enum post_kind kind,
                              enum post_state state, enum post_act act) {
    const struct outgoing *row = row_of(kit, number, kind);
    assert_non_null(row);
    assert_string_equal(post_state_name(row->state), post_state_name(state));
    assert_string_equal(post_act_name(row->act), post_act_name(act));
}

/* Until the row may leave: its delay and the batch. */
static inline void leave(struct kit *kit, uint32_t number, enum post_kind kind) {
    for (int ticks = 0; ticks < 5 && row_of(kit, number, kind)->state == POST_QUEUED; ticks++) {
        assert_true(kit->event->post_at != 0);
        tick_at(kit, kit->event->post_at > kit->now ? kit->event->post_at : kit->now, 1);
    }
    assert_int_equal(row_of(kit, number, kind)->state, POST_READY);
}

static inline void carry_out(struct kit *kit, uint32_t number, enum post_kind kind,
                             const char *far) {
    leave(kit, number, kind);
    assert_int_equal(sending(kit, number, kind), REFUSAL_OK);
    assert_int_equal(sent(kit, number, kind, far), REFUSAL_OK);
}

/* An event with account 1 and question 1, pending, of degree 1. */
static inline struct kit kit_posts(void) {
    struct settings settings = kit_settings();
    settings.release_seconds = 0;
    struct kit kit = kit_new(&settings);
    connected(&kit, 1);
    assert_int_equal(ask_degree(&kit, 1, 1), REFUSAL_OK);
    tick_due(&kit);
    return kit;
}

/* The same, listed: its post is queued. */
static inline struct kit kit_queued(void) {
    struct kit kit = kit_posts();
    assert_int_equal(move(&kit, 1, STATE_PENDING, STATE_LISTED), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_QUEUED, ACT_POST);
    return kit;
}

/* The same, and it is out there. */
static inline struct kit kit_out(void) {
    struct kit kit = kit_queued();
    carry_out(&kit, 1, POST_QUESTION, "far1");
    assert_row(&kit, 1, POST_QUESTION, POST_SENT, ACT_POST);
    return kit;
}

#endif
