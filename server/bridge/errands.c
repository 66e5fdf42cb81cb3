#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "bridge/entry.h"
#include "bridge/errand.h"

/* At once, so that one event does not take all that the others may ask. Whoever passes by may ask
 * where to follow: these have places of their own. */
#define OF_EVENT        32
#define FOLLOW_OF_EVENT 4
#define FOLLOWS         16

static void errand_free(struct errand *errand) {
    struct errand **at = &errand->bridge->errands;
    while (*at != errand) {
        at = &(*at)->next;
    }
    *at = errand->next;
    peek_free(errand->peek);
    free(errand->host);
    free(errand);
}

void errand_end(struct errand *errand, enum refusal refusal, json_t *ok) {
    struct bridge *bridge = errand->bridge;
    if (bridge->ending) {
        json_decref(ok);
        ok = NULL;
        refusal = REFUSAL_BUSY;
    }
    if (errand->request != NULL) {
        bridge_answer(bridge, errand->request, refusal, ok);
    } else {
        json_decref(ok);
    }
    errand_free(errand);
}

static bool place_free(const struct bridge *bridge, const struct command *command) {
    bool follow = command->kind == COMMAND_FOLLOW;
    unsigned count = 0, of_event = 0;
    for (const struct errand *at = bridge->errands; at != NULL; at = at->next) {
        if (at->request != NULL && (at->request->command.kind == COMMAND_FOLLOW) == follow) {
            count++;
            of_event += memcmp(at->request->command.event, command->event, EVENT_ID_BYTES) == 0;
        }
    }
    return follow ? count < FOLLOWS && of_event < FOLLOW_OF_EVENT : of_event < OF_EVENT;
}

void errand_submit(struct bridge *bridge, struct journal_request *request) {
    if (!place_free(bridge, &request->command)) {
        bridge_answer(bridge, request, REFUSAL_BUSY, NULL);
        return;
    }
    struct errand *errand = memory_new(sizeof *errand);
    errand->bridge = bridge;
    errand->id = ++bridge->errand_last;
    errand->request = request;
    errand->next = bridge->errands;
    bridge->errands = errand;
    if (request->command.kind == COMMAND_FOLLOW) {
        follow_begin(errand);
    } else {
        peek_ask(bridge, errand->id, &request->command);
    }
}

void errand_peeked(struct bridge *bridge, struct peek *peek) {
    struct errand *errand = bridge->errands;
    while (errand != NULL && errand->id != peek->errand) {
        errand = errand->next;
    }
    if (errand == NULL) {
        own_peeked(bridge, peek);
        return;
    }
    errand->peek = peek;
    if (!peek->known) {
        errand_end(errand, REFUSAL_UNKNOWN, NULL);
        return;
    }
    switch (errand->request->command.kind) {
    case COMMAND_OWN_LOGIN:
        own_begin(errand);
        break;
    case COMMAND_TAKE_HOME:
        home_begin(errand);
        break;
    default:
        prove_begin(errand);
    }
}

void errand_answered(struct errand *errand, struct journal_request *answer) {
    prove_answered(errand, answer);
}

void errands_clear(struct bridge *bridge) {
    for (struct errand *errand = bridge->errands, *next; errand != NULL; errand = next) {
        next = errand->next;
        errand_end(errand, REFUSAL_BUSY, NULL);
    }
}
