#include "store/seals.h"

#include <sodium.h>

#include "base/log.h"
#include "identity/seal.h"

void seals_open(struct store *store) {
    store->seals = table_make(EVENT_ID_BYTES);
}

void seals_close(struct store *store) {
    const void *id;
    void *key;
    for (size_t at = 0; table_next(&store->seals, &at, &id, &key);) {
        sodium_free(key); /* wipes */
    }
    table_clear(&store->seals);
}

static void *locked_new(size_t bytes) {
    void *memory = sodium_malloc(bytes);
    if (memory == NULL) {
        log_fatal("out of memory for secrets");
    }
    return memory;
}

const uint8_t *seal_key(struct store *store, const uint8_t id[EVENT_ID_BYTES]) {
    uint8_t *key = table_get(&store->seals, id);
    if (key != NULL || store->status != STORE_OK) {
        return key;
    }
    uint8_t *secret = locked_new(SECRET_BYTES);
    enum store_status status = store_secret_load(store, id, secret);
    if (status == STORE_OK) {
        key = locked_new(DERIVED_KEY_BYTES);
        seal_key_derive(key, secret + SECRET_BYTES / 2);
        table_set(&store->seals, id, key);
    } else if (status != STORE_NONE) {
        store->status = status;
    }
    sodium_free(secret);
    return key;
}

void seal_key_forget(struct store *store, const uint8_t id[EVENT_ID_BYTES]) {
    sodium_free(table_remove(&store->seals, id)); /* none is fine */
}
