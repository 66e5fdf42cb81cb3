#include "net/guard.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/table.h"

struct guard {
    pthread_mutex_t mutex;
    struct table counts; /* ticket → how many, as a pointer's value */
    uint8_t key[crypto_generichash_KEYBYTES];
    uint32_t maximum;
};

struct guard *guard_new(uint32_t maximum) {
    struct guard *guard = memory_new(sizeof *guard);
    pthread_mutex_init(&guard->mutex, NULL);
    guard->counts = table_make(GUARD_TICKET_BYTES);
    guard->maximum = maximum;
    random_fill(guard->key, sizeof guard->key);
    return guard;
}

void guard_free(struct guard *guard) {
    table_clear(&guard->counts);
    sodium_memzero(guard->key, sizeof guard->key);
    pthread_mutex_destroy(&guard->mutex);
    free(guard);
}

bool guard_enter(struct guard *guard, const uint8_t address[ADDRESS_BYTES],
                 uint8_t ticket[GUARD_TICKET_BYTES]) {
    pthread_mutex_lock(&guard->mutex);
    crypto_generichash(ticket, GUARD_TICKET_BYTES, address, ADDRESS_BYTES, guard->key,
                       sizeof guard->key);
    uintptr_t count = (uintptr_t)table_get(&guard->counts, ticket);
    bool room = count < guard->maximum;
    if (room) {
        table_set(&guard->counts, ticket, (void *)(count + 1));
    }
    pthread_mutex_unlock(&guard->mutex);
    return room;
}

void guard_leave(struct guard *guard, const uint8_t ticket[GUARD_TICKET_BYTES]) {
    pthread_mutex_lock(&guard->mutex);
    uintptr_t count = (uintptr_t)table_get(&guard->counts, ticket);
    INVARIANT(count > 0);
    if (count > 1) {
        table_set(&guard->counts, ticket, (void *)(count - 1));
    } else {
        table_remove(&guard->counts, ticket);
        if (guard->counts.count == 0) {
            random_fill(guard->key, sizeof guard->key);
        }
    }
    pthread_mutex_unlock(&guard->mutex);
}
