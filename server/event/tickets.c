/* Admission by ticket: codes, and which request each was used for. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "event/rules.h"

void event_restore_ticket(struct event *event, const struct ticket *ticket) {
    if (event->ticket_count == event->ticket_room) {
        event->ticket_room = event->ticket_room == 0 ? 8 : event->ticket_room * 2;
        event->tickets = memory_resize(event->tickets, event->ticket_room, sizeof *event->tickets);
    }
    event->tickets[event->ticket_count++] = *ticket;
}

static int ticket_compare(const void *a, const void *b) {
    return memcmp(((const struct ticket *)a)->hash, ((const struct ticket *)b)->hash,
                  TICKET_HASH_BYTES);
}

void tickets_sort(struct event *event) {
    if (event->ticket_count > 0) {
        qsort(event->tickets, event->ticket_count, sizeof *event->tickets, ticket_compare);
    }
}

static struct ticket *ticket_at(const struct event *event, const uint8_t hash[TICKET_HASH_BYTES]) {
    struct ticket key = {.seats = 0};
    memcpy(key.hash, hash, sizeof key.hash);
    return event->ticket_count == 0 ? NULL
                                    : bsearch(&key, event->tickets, event->ticket_count,
                                              sizeof *event->tickets, ticket_compare);
}

const struct ticket *event_ticket(const struct event *event,
                                  const uint8_t hash[TICKET_HASH_BYTES]) {
    return ticket_at(event, hash);
}

uint32_t event_seats(const struct event *event) {
    uint32_t seats = 0;
    for (uint32_t i = 0; i < event->ticket_count; i++) {
        seats += event->tickets[i].seats;
    }
    return seats;
}

static void ticket_tell(const uint8_t hash[TICKET_HASH_BYTES], struct changes *changes) {
    struct change change = {.kind = CHANGE_TICKET};
    memcpy(change.as.ticket, hash, TICKET_HASH_BYTES);
    changes_add(changes, change);
}

static void ticket_insert(struct event *event, const struct ticket *ticket) {
    uint32_t place = event->ticket_count;
    while (place > 0 && ticket_compare(&event->tickets[place - 1], ticket) > 0) {
        place--;
    }
    event_restore_ticket(event, ticket);
    memmove(&event->tickets[place + 1], &event->tickets[place],
            (event->ticket_count - 1 - place) * sizeof *event->tickets);
    event->tickets[place] = *ticket;
}

/* How many of the command's are not there yet. */
static uint32_t tickets_new(const struct event *event, const struct command *command) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < command->as.tickets.count; i++) {
        count += ticket_at(event, command->as.tickets.hashes[i]) == NULL;
    }
    return count;
}

static enum refusal tickets_check(const struct event *event, const struct command *command,
                                  uint32_t count) {
    uint8_t seats = command->as.tickets.seats;
    if (command->as.tickets.count < 1 || seats < 1 || seats > PASS_SEATS_MAX) {
        return REFUSAL_BAD_VALUE;
    }
    if (count == 0) {
        return REFUSAL_OK;
    }
    if (event->closed) {
        return REFUSAL_CLOSED;
    }
    if (!event->settings.tickets) {
        return REFUSAL_BAD_VALUE;
    }
    return count <= LIMIT_EVENT_TICKETS - event->ticket_count ? REFUSAL_OK : REFUSAL_FULL;
}

enum refusal rule_tickets(struct event *event, struct command *command, struct changes *changes) {
    uint32_t count = tickets_new(event, command);
    enum refusal refusal = tickets_check(event, command, count);
    if (refusal != REFUSAL_OK || count == 0) {
        return refusal;
    }
    for (uint32_t i = 0; i < command->as.tickets.count; i++) {
        struct ticket ticket = {.seats = command->as.tickets.seats};
        memcpy(ticket.hash, command->as.tickets.hashes[i], sizeof ticket.hash);
        if (ticket_at(event, ticket.hash) == NULL) {
            ticket_insert(event, &ticket);
            ticket_tell(ticket.hash, changes);
        }
    }
    change_number(changes, CHANGE_SETTINGS, 0);
    return REFUSAL_OK;
}

enum refusal rule_pass(struct event *event, struct command *command, struct changes *changes) {
    struct ticket *ticket = ticket_at(event, command->as.pass.hash);
    if (ticket == NULL || ticket->seats != command->as.pass.count) {
        return REFUSAL_BAD_TICKET;
    }
    if (memcmp(ticket->request, command->as.pass.request, TICKET_HASH_BYTES) == 0) {
        return REFUSAL_OK;
    }
    if (!sodium_is_zero(ticket->request, TICKET_HASH_BYTES)) {
        return REFUSAL_TICKET_USED;
    }
    memcpy(ticket->request, command->as.pass.request, TICKET_HASH_BYTES);
    ticket_tell(ticket->hash, changes);
    return REFUSAL_OK;
}
