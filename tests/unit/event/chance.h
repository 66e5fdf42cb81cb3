/* Random commands for an event, mostly sensible, sometimes not: few keys, few members, few talks,
 * so that everything meets everything. The same seed gives the same commands. */
#ifndef RAUTE_TESTS_EVENT_CHANCE_H
#define RAUTE_TESTS_EVENT_CHANCE_H

#include "kit.h"

#define CHANCE_KEYS    40
#define CHANCE_MEMBERS 6

struct chance {
    uint64_t seed, state;
};

/* RAUTE_SEED repeats a run; without it every run is another one. */
static inline uint64_t chance_seed(void) {
    const char *given = getenv("RAUTE_SEED");
    return given != NULL ? strtoull(given, NULL, 10) : random_below(UINT32_MAX);
}

static inline uint64_t chance_next(struct chance *chance) {
    chance->state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t mixed = chance->state;
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}

static inline uint32_t chance_below(struct chance *chance, uint32_t bound) {
    return (uint32_t)(chance_next(chance) % bound);
}

static inline bool chance_percent(struct chance *chance, uint32_t percent) {
    return chance_below(chance, 100) < percent;
}

static inline char *chance_text(struct chance *chance) {
    static const char *const texts[] = {"Why?", "How?", "When?", "Who pays?", "Is it so?"};
    return memory_text(texts[chance_below(chance, 5)]);
}

static inline struct command chance_key_command(struct chance *chance, const struct event *event,
                                                enum command_kind kind) {
    struct command command = {.kind = kind};
    kit_key(command.as.question.key, chance_below(chance, CHANCE_KEYS));
    if (kind == COMMAND_DEGREE) {
        command.as.question.degree = (uint8_t)chance_below(chance, 3);
    }
    if (kind == COMMAND_ASK) {
        command.as.question.talk = 1 + chance_below(chance, event->talk_count);
        command.as.question.talk += chance_percent(chance, 3);
        command.as.question.degree = (uint8_t)chance_below(chance, 3);
        memset(command.as.question.salt, command.as.question.key[3], QUESTION_SALT_BYTES);
    } else {
        const struct question *question = event_question_by_key(event, command.as.question.key);
        const struct held *held = event_held(event, command.as.question.key);
        uint32_t rev = held != NULL ? held->rev : question != NULL ? question->rev : 0;
        command.as.question.rev = rev + 1;
        if (chance_percent(chance, 20)) {
            command.as.question.rev = chance_below(chance, rev + 3);
        }
    }
    if (kind == COMMAND_ASK || kind == COMMAND_EDIT) {
        command.text = chance_text(chance);
    }
    return command;
}

/* A number in use or nearly so. */
static inline uint32_t chance_number(struct chance *chance, const struct event *event) {
    if (event->question_count > 0 && chance_percent(chance, 90)) {
        return event->questions[chance_below(chance, event->question_count)]->number;
    }
    return chance_below(chance, event->next_number + 2);
}

static inline struct command chance_move(struct chance *chance, const struct event *event) {
    struct command command = {.kind = COMMAND_MOVE};
    uint32_t number = chance_number(chance, event);
    const struct question *question = event_question(event, number);
    command.as.move.number = number;
    command.as.move.from = (enum question_state)chance_below(chance, STATE_COUNT);
    if (question != NULL && chance_percent(chance, 90)) {
        command.as.move.from = question->state;
    }
    command.as.move.rev_known = chance_percent(chance, 30);
    command.as.move.rev = question != NULL ? question->rev : 0;
    command.as.move.rev += chance_percent(chance, 20);
    command.as.move.to = (enum question_state)chance_below(chance, STATE_COUNT);
    if (chance_percent(chance, 40)) {
        command.as.move.to = STATE_LISTED;
    }
    if ((command.as.move.to == STATE_DECLINED) != chance_percent(chance, 3)) {
        command.as.move.reason = (enum decline_reason)chance_below(chance, REASON_COUNT);
    }
    if (command.as.move.to == STATE_ANSWERED ? chance_percent(chance, 50)
                                             : chance_percent(chance, 2)) {
        command.text = chance_text(chance);
    }
    return command;
}

static inline struct command chance_settings(struct chance *chance, const struct event *event,
                                             int64_t now) {
    struct command command = {.kind = COMMAND_SETTINGS};
    struct settings settings = event->settings;
    command.as.settings.mask = 1u << chance_below(chance, 14);
    settings.moderation_before = chance_percent(chance, 50);
    settings.release_seconds = chance_below(chance, 4) * 5;
    settings.ask_burst = chance_below(chance, 4);
    settings.publish = (enum publish)chance_below(chance, PUBLISH_COUNT);
    settings.publish_seconds = chance_below(chance, 3) * 60;
    settings.tickets = chance_percent(chance, 80);
    settings.offset = 60 - (int32_t)chance_below(chance, 121);
    settings.language = (enum language)chance_below(chance, 2);
    settings.end = (uint32_t)(now / MINUTE) + chance_below(chance, 5000);
    if (chance_percent(chance, 30)) {
        settings.retention_days = 20 + chance_below(chance, 20);
    }
    command.as.settings.settings = kit_copy(&settings, sizeof settings);
    return command;
}

static inline struct command chance_talk(struct chance *chance, const struct event *event) {
    static const enum command_kind kinds[] = {COMMAND_TALK_ADD,   COMMAND_TALK_RENAME,
                                              COMMAND_TALK_OPEN,  COMMAND_TALK_OPEN,
                                              COMMAND_TALK_ORDER, COMMAND_TALK_SELECT};
    static const char *const titles[] = {"Netzwerken", "Second", "Third", " bad"};
    struct command command = {.kind = kinds[chance_below(chance, 6)]};
    if (command.kind == COMMAND_TALK_ADD || command.kind == COMMAND_TALK_RENAME) {
        command.text = memory_text(titles[chance_below(chance, 4)]);
    }
    command.as.talk.talk = 1 + chance_below(chance, event->talk_count + 1);
    command.as.talk.open = chance_percent(chance, 70);
    command.as.talk.from = chance_percent(chance, 80) ? event->current_talk : 1;
    command.as.talk.to = 1 + chance_below(chance, event->talk_count + 1);
    if (command.kind == COMMAND_TALK_ORDER) {
        uint32_t count = event->talk_count;
        command.as.talk.order = memory_new((count + 1) * sizeof(uint32_t));
        command.as.talk.order_count = count;
        for (uint32_t i = 0; i < count; i++) {
            uint32_t place = chance_below(chance, i + 1);
            command.as.talk.order[i] = command.as.talk.order[place];
            command.as.talk.order[place] = event->talks[i].id;
        }
        if (chance_percent(chance, 10)) {
            command.as.talk.order[0]++;
        }
    }
    return command;
}

static inline struct command chance_vote(struct chance *chance, const struct event *event,
                                         enum command_kind kind) {
    struct command command = {.kind = kind};
    command.as.vote.number = chance_number(chance, event);
    kit_ballot(command.as.vote.ballot, chance_below(chance, CHANCE_MEMBERS),
               command.as.vote.number);
    return command;
}

static inline struct command chance_rare(struct chance *chance, const struct event *event) {
    struct command command = {.kind = COMMAND_LINK};
    if (event->question_count > 30 && chance_percent(chance, 20)) {
        command.kind = COMMAND_WIPE;
        return command;
    }
    command.as.link.role = (enum role)chance_below(chance, 5);
    memset(command.as.link.hash, (int)chance_below(chance, 3), ROLE_HASH_BYTES);
    return command;
}

static inline struct command chance_command(struct chance *chance, const struct event *event,
                                            int64_t now) {
    struct command command = {.kind = COMMAND_TICK};
    uint32_t draw = chance_below(chance, 100);
    if (draw < 14) {
        return chance_key_command(chance, event, COMMAND_ASK);
    }
    if (draw < 21) {
        return chance_key_command(chance, event, COMMAND_EDIT);
    }
    if (draw < 23) {
        return chance_key_command(chance, event, COMMAND_WITHDRAW);
    }
    if (draw < 43) {
        return chance_vote(chance, event, COMMAND_VOTE);
    }
    if (draw < 48) {
        return chance_vote(chance, event, COMMAND_UNVOTE);
    }
    if (draw < 66) {
        return chance_move(chance, event);
    }
    if (draw < 70) {
        command.kind = COMMAND_PIN;
        command.as.pin.number = chance_number(chance, event);
        command.as.pin.on = chance_percent(chance, 70);
        return command;
    }
    if (draw < 75) {
        return chance_talk(chance, event);
    }
    if (draw < 77) {
        return chance_settings(chance, event, now);
    }
    if (draw < 78) {
        return chance_rare(chance, event);
    }
    if (draw < 83) {
        command.kind = COMMAND_PRESENCE;
        command.as.presence.members = chance_percent(chance, 10) ? 0 : chance_below(chance, 30);
        return command;
    }
    uint64_t random = chance_next(chance);
    memcpy(command.as.tick.random, &random, sizeof random);
    return command;
}

/* Time until the next command, in ms: mostly none or little, now and then an hour. */
static inline int64_t chance_pause(struct chance *chance) {
    uint32_t draw = chance_below(chance, 1000);
    return draw < 500   ? 0
           : draw < 980 ? (int64_t)chance_below(chance, 9000)
           : draw < 999 ? (int64_t)chance_below(chance, 90000)
                        : (int64_t)chance_below(chance, 3600000);
}

#endif
