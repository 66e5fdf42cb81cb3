#include "base/random.h"

#include <sodium.h>

#include "base/log.h"

void random_start(void) {
    if (sodium_init() < 0) {
        log_fatal("the system gives no random bytes");
    }
}

void random_fill(void *bytes, size_t count) {
    randombytes_buf(bytes, count);
}

uint32_t random_below(uint32_t bound) {
    INVARIANT(bound > 0);
    return randombytes_uniform(bound);
}
