/* Random commands about accounts and posts, and a bridge that reports in any order. */
#ifndef RAUTE_TESTS_EVENT_CHANCE_POSTS_H
#define RAUTE_TESTS_EVENT_CHANCE_POSTS_H

#include "chance.h"
#include "posts_kit.h"

#define CHANCE_ACCOUNTS 3

static inline struct command chance_account(struct chance *chance, const struct event *event) {
    struct command command = {.kind = COMMAND_ACCOUNT_PUT};
    uint32_t draw = chance_below(chance, 100);
    if (event->account_count == 0 || draw < 40) {
        struct account *account = account_new(1 + chance_below(chance, CHANCE_ACCOUNTS));
        if (chance_percent(chance, 30)) { /* a log-in that was refreshed */
            account->id = 1 + chance_below(chance, event->next_account);
            account->secret[0] ^= (uint8_t)(1 + chance_below(chance, 200));
        }
        command.as.account.account = account;
        return command;
    }
    command.as.account.id = event->accounts[chance_below(chance, event->account_count)]->id;
    command.as.account.id += chance_percent(chance, 5);
    command.as.account.state = ACCOUNT_CONNECTED;
    command.as.account.keeps = chance_percent(chance, 10);
    if (draw < 50) {
        command.kind = COMMAND_ACCOUNT_LEAVE;
        return command;
    }
    command.kind = COMMAND_ACCOUNT_STATE;
    if (draw < 75) {
        command.as.account.state = (enum account_state)chance_below(chance, ACCOUNT_STATE_COUNT);
    }
    return command;
}

static inline struct command chance_publish(struct chance *chance, const struct event *event) {
    static const enum command_kind kinds[] = {COMMAND_APPROVE, COMMAND_OPEN, COMMAND_OPEN,
                                              COMMAND_WARN};
    struct command command = {.kind = kinds[chance_below(chance, 4)]};
    uint32_t number = chance_number(chance, event);
    const struct question *question = event_question(event, number);
    command.as.publish.number = number;
    command.as.publish.rev = question != NULL ? question->rev : 0;
    command.as.publish.rev += chance_percent(chance, 10);
    command.as.publish.on = chance_percent(chance, 70);
    if (command.kind == COMMAND_WARN && chance_percent(chance, 60)) {
        command.text = memory_text(chance_percent(chance, 50) ? "war" : "sad");
    }
    return command;
}

/* What a bridge does next about a row, or something that makes no sense. */
static inline struct command chance_report(struct chance *chance, const struct event *event,
                                           const struct outgoing *row, int64_t now) {
    static const enum command_kind kinds[] = {COMMAND_POST_SENDING, COMMAND_POST_SENT,
                                              COMMAND_POST_FAILED, COMMAND_POST_RETRY};
    struct kit at = {.event = (struct event *)(uintptr_t)event, .now = now};
    enum command_kind kind = kinds[chance_below(chance, 4)];
    if (chance_percent(chance, 95)) {
        kind = row->state == POST_READY     ? COMMAND_POST_SENDING
               : row->state == POST_SENDING ? kinds[1 + chance_below(chance, 2)]
               : row->state == POST_FAILED  ? COMMAND_POST_RETRY
                                            : COMMAND_POST_DROP;
    }
    struct command command = post_command(&at, kind, row->number, row->account, row->kind);
    if (chance_percent(chance, 3)) {
        command.as.post.mark[0] ^= 1;
    }
    if (kind == COMMAND_POST_SENT) {
        command.as.post.emptied = chance_percent(chance, 20);
        if (row->act == ACT_POST || chance_percent(chance, 30)) {
            snprintf(command.as.post.far, sizeof command.as.post.far, "far%u",
                     chance_below(chance, 1000000));
            snprintf(command.as.post.url, sizeof command.as.post.url, "https://peer.example/%u",
                     chance_below(chance, 1000000));
        }
    } else if (kind == COMMAND_POST_FAILED) {
        command.as.post.trouble = (enum post_trouble)chance_below(chance, TROUBLE_COUNT);
        command.as.post.final = chance_percent(chance, 50);
    }
    return command;
}

static inline struct command chance_posts(struct chance *chance, const struct event *event,
                                          int64_t now) {
    uint32_t draw = chance_below(chance, 100);
    if (draw < 15) {
        return chance_account(chance, event);
    }
    if (draw < 30) {
        return chance_publish(chance, event);
    }
    if (draw < 35 || event->outgoing_count == 0) {
        return chance_key_command(chance, event, COMMAND_DEGREE);
    }
    const struct outgoing *row = &event->outgoing[chance_below(chance, event->outgoing_count)];
    return chance_report(chance, event, row, now);
}

#endif
