#include "net/wheel.h"

#include <stddef.h>
#include <string.h>

void wheel_start(struct wheel *wheel, int64_t now) {
    memset(wheel, 0, sizeof *wheel);
    wheel->second = now;
}

void wheel_remove(struct wheel_entry *entry) {
    if (entry->link == NULL) {
        return;
    }
    *entry->link = entry->next;
    if (entry->next != NULL) {
        entry->next->link = entry->link;
    }
    entry->next = NULL;
    entry->link = NULL;
}

void wheel_put(struct wheel *wheel, struct wheel_entry *entry, int64_t second) {
    wheel_remove(entry);
    if (second <= wheel->second) {
        second = wheel->second + 1;
    }
    if (second > wheel->second + WHEEL_SECONDS - 1) {
        second = wheel->second + WHEEL_SECONDS - 1;
    }
    struct wheel_entry **slot = &wheel->slots[second % WHEEL_SECONDS];
    entry->next = *slot;
    entry->link = slot;
    if (entry->next != NULL) {
        entry->next->link = &entry->next;
    }
    *slot = entry;
}

struct wheel_entry *wheel_due(struct wheel *wheel, int64_t now) {
    if (now > wheel->second + WHEEL_SECONDS) {
        wheel->second = now - WHEEL_SECONDS; /* every slot is due: once round is enough */
    }
    for (; wheel->second <= now; wheel->second++) {
        struct wheel_entry *entry = wheel->slots[wheel->second % WHEEL_SECONDS];
        if (entry != NULL) {
            wheel_remove(entry);
            return entry;
        }
        if (wheel->second == now) {
            break;
        }
    }
    return NULL;
}
