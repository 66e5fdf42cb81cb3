#include "main/maintenance.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"

#define MAINTAIN_MS (60 * 1000)
#define VACUUM_MS                                                                                  \
    (23 * 3600 * 1000) /* what was deleted is gone within a day, nobody there or not */

struct maintenance {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool stopping;
    struct store *store;
    const struct net *net;
};

/* Waits a second; false: it is time to stop. */
static bool maintenance_wait(struct maintenance *maintenance) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec++;
    pthread_mutex_lock(&maintenance->mutex);
    int waited = 0;
    while (!maintenance->stopping && waited == 0) {
        waited = pthread_cond_timedwait(&maintenance->wake, &maintenance->mutex, &until);
    }
    bool stopping = maintenance->stopping;
    pthread_mutex_unlock(&maintenance->mutex);
    return !stopping;
}

static void *maintenance_main(void *argument) {
    struct maintenance *maintenance = argument;
    int64_t maintained = clock_monotonic_ms(), vacuumed = maintained;
    while (maintenance_wait(maintenance)) {
        int64_t now = clock_monotonic_ms();
        log_flush();
        if (now - maintained < MAINTAIN_MS) {
            continue;
        }
        bool may_vacuum = net_sessions(maintenance->net) == 0 || now - vacuumed >= VACUUM_MS;
        maintained = now;
        if (store_maintain(maintenance->store, may_vacuum) != STORE_OK) {
            log_count("maintenance");
        } else if (may_vacuum) {
            vacuumed = now;
        }
    }
    log_flush();
    return NULL;
}

struct maintenance *maintenance_start(struct store *store, const struct net *net) {
    struct maintenance *maintenance = memory_new(sizeof *maintenance);
    pthread_condattr_t attributes;
    maintenance->store = store;
    maintenance->net = net;
    pthread_mutex_init(&maintenance->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&maintenance->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    INVARIANT(pthread_create(&maintenance->thread, NULL, maintenance_main, maintenance) == 0);
    (void)pthread_setname_np(maintenance->thread, "maintenance");
    return maintenance;
}

void maintenance_stop(struct maintenance *maintenance) {
    pthread_mutex_lock(&maintenance->mutex);
    maintenance->stopping = true;
    pthread_cond_signal(&maintenance->wake);
    pthread_mutex_unlock(&maintenance->mutex);
    pthread_join(maintenance->thread, NULL);
    pthread_cond_destroy(&maintenance->wake);
    pthread_mutex_destroy(&maintenance->mutex);
    free(maintenance);
}
