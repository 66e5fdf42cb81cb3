#include "net/guard.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/table.h"

#define KEY_MS ((int64_t)GUARD_KEY_MINUTES * 60 * 1000)

struct guard {
    pthread_mutex_t mutex;
    struct table counts; /* ticket → how many, as a pointer's value */
    /* A ticket is made with the fresh key; connections of the old one still count. */
    uint8_t fresh[crypto_generichash_KEYBYTES], old[crypto_generichash_KEYBYTES];
    int64_t rotated_at;
    uint32_t maximum;
};

struct guard *guard_new(uint32_t maximum) {
    struct guard *guard = memory_new(sizeof *guard);
    pthread_mutex_init(&guard->mutex, NULL);
    guard->counts = table_make(GUARD_TICKET_BYTES);
    guard->maximum = maximum;
    random_fill(guard->fresh, sizeof guard->fresh);
    random_fill(guard->old, sizeof guard->old);
    return guard;
}

void guard_free(struct guard *guard) {
    table_clear(&guard->counts);
    sodium_memzero(guard->fresh, sizeof guard->fresh);
    sodium_memzero(guard->old, sizeof guard->old);
    pthread_mutex_destroy(&guard->mutex);
    free(guard);
}

static void key_rotate(struct guard *guard, int64_t now_ms) {
    if (guard->rotated_at == 0) {
        guard->rotated_at = now_ms;
    }
    if (now_ms - guard->rotated_at >= KEY_MS) {
        guard->rotated_at = now_ms;
        memcpy(guard->old, guard->fresh, sizeof guard->old);
        random_fill(guard->fresh, sizeof guard->fresh);
    }
}

static uintptr_t count_of(const struct guard *guard, const uint8_t address[ADDRESS_BYTES],
                          const uint8_t key[crypto_generichash_KEYBYTES],
                          uint8_t ticket[GUARD_TICKET_BYTES]) {
    crypto_generichash(ticket, GUARD_TICKET_BYTES, address, ADDRESS_BYTES, key,
                       crypto_generichash_KEYBYTES);
    return (uintptr_t)table_get(&guard->counts, ticket);
}

bool guard_enter(struct guard *guard, const uint8_t address[ADDRESS_BYTES], int64_t now_ms,
                 uint8_t ticket[GUARD_TICKET_BYTES]) {
    pthread_mutex_lock(&guard->mutex);
    key_rotate(guard, now_ms);
    uintptr_t before = count_of(guard, address, guard->old, ticket);
    uintptr_t count = count_of(guard, address, guard->fresh, ticket);
    bool room = before + count < guard->maximum;
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
            random_fill(guard->fresh, sizeof guard->fresh);
        }
    }
    pthread_mutex_unlock(&guard->mutex);
}
