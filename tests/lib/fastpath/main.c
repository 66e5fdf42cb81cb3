/* fastpath: clients that verify every byte while they stall, crawl, tear, ping and close.
 *
 *     fastpath ADDR:PORT SLUG MODERATOR_KEY --clients N --seed S [--calm MS] [--tls]
 *     fastpath ring    # exits 0 where the kernel lets programs have io_uring
 *
 * SIGTERM says that nobody writes any more: then every client reads on until its state is equal to
 * the snapshot. Prints one line of JSON, faults on stderr; exits 1 when there were any. */
#include <arpa/inet.h>
#include <getopt.h>
#include <linux/io_uring.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/fastpath/client.h"

#define CLIENTS_MAX    1000
#define RUN_MAX_SEC    120
#define SNAPSHOT_EVERY 200  /* ms, while clients settle */
#define SNAPSHOT_AGE   1500 /* ms, more than that of any that is given out */
#define STAFF_EVERY    5    /* one client of so many is a moderator */

/* Dealt in turn. */
static const struct habit HABITS[] = {
    {.prompt = true, .say = 5, .ping = 2},
    {.stall = 5, .say = 10, .ping = 10, .cut = 1, .part = 1},
    {.crumbs = 90, .say = 3, .ping = 3, .cut = 1, .part = 1},
    {.prompt = true},
    {.stall = 40, .crumbs = 20, .say = 20, .ping = 20},
    {.cut = 20, .part = 10, .say = 10, .ping = 10},
    {.deaf = true},
    {.stall = 10, .crumbs = 30, .part = 20, .say = 20, .ping = 20},
};
#define HABIT_COUNT (sizeof HABITS / sizeof *HABITS)

static int usage(void) {
    fprintf(
        stderr,
        "usage: fastpath ADDR:PORT SLUG MODERATOR_KEY --clients N --seed S [--calm MS] [--tls]\n");
    return 2;
}

static bool address_read(struct sockaddr_in *address, char *text) {
    char *colon = strrchr(text, ':');
    if (colon == NULL) {
        return false;
    }
    *colon = '\0';
    address->sin_family = AF_INET;
    address->sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
    return inet_pton(AF_INET, text, &address->sin_addr) == 1;
}

/* Records are taken from the socket as they are read, and nothing is read twice. */
static SSL_CTX *tls_make(void) {
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
    return context;
}

/* The writer is quiet: what the server says now is what everybody must know. */
static void snapshots_tell(struct run *run) {
    for (int view = 0; view < VIEW_COUNT; view++) {
        struct state state = {0};
        json_error_t error;
        size_t length = 0;
        char *text = link_snapshot(run, (enum view)view, &length);
        json_t *snapshot = text == NULL ? NULL : text_read(text, length, &error);
        if (snapshot != NULL && state_take(&state, snapshot) == NULL) {
            char *canonical = state_text(&state);
            run_settle(run, (enum view)view, canonical);
            free(canonical);
        }
        state_clear(&state);
        json_decref(snapshot);
        free(text);
    }
}

static void figures_print(struct run *run) {
    const char *comma = "";
    printf("{");
#define FIGURE(name)                                                                               \
    printf("%s\"" #name "\":%lu", comma, atomic_load(&run->figures.name));                         \
    comma = ",";
    FIGURES(FIGURE)
#undef FIGURE
    printf("}\n");
}

static void clients_start(struct run *run, struct client *clients, pthread_t *threads, int count) {
    for (int i = 0; i < count; i++) {
        clients[i] = (struct client){
            .run = run,
            .who = i,
            .view = i % STAFF_EVERY == STAFF_EVERY - 1 ? VIEW_STAFF : VIEW_PUBLIC,
            .habit = &HABITS[(size_t)i % HABIT_COUNT],
            .dice = run->seed * 1000003 + (uint64_t)i,
        };
        pthread_create(&threads[i], NULL, client_main, &clients[i]);
    }
}

static void clients_join(struct run *run, pthread_t *threads, int count) {
    struct timespec until;
    for (int i = 0; i < count; i++) {
        do {
            snapshots_tell(run);
            clock_gettime(CLOCK_REALTIME, &until);
            until.tv_nsec += SNAPSHOT_EVERY * 1000000L;
            until.tv_sec += until.tv_nsec / 1000000000L;
            until.tv_nsec %= 1000000000L;
        } while (pthread_timedjoin_np(threads[i], NULL, &until) != 0);
    }
}

static int run_all(struct run *run, int count) {
    sigset_t quiet;
    const struct timespec most = {.tv_sec = RUN_MAX_SEC};
    struct client *clients = calloc((size_t)count, sizeof *clients);
    pthread_t *threads = calloc((size_t)count, sizeof *threads);
    sigemptyset(&quiet);
    sigaddset(&quiet, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &quiet, NULL);
    signal(SIGPIPE, SIG_IGN);
    json_object_seed(1);
    clients_start(run, clients, threads, count);
    if (sigtimedwait(&quiet, NULL, &most) != SIGTERM) {
        run_fault(run, -1, "nobody said that the writer is quiet");
    }
    atomic_store(&run->stage, STAGE_SETTLE);
    run_sleep(run, SNAPSHOT_AGE); /* what clients had under way is in, and snapshots know it */
    clients_join(run, threads, count);
    figures_print(run);
    for (size_t i = 0; i < run->seen_count; i++) {
        free(run->seen[i].text);
    }
    free(run->seen);
    free(run->settled[VIEW_PUBLIC]);
    free(run->settled[VIEW_STAFF]);
    free(clients);
    free(threads);
    SSL_CTX_free(run->tls);
    return atomic_load(&run->figures.faults) == 0 ? 0 : 1;
}

static int ring_probe(void) {
    struct io_uring_params params = {0};
    return syscall(SYS_io_uring_setup, 1, &params) < 0;
}

int main(int argc, char **argv) {
    static struct run run = {.mutex = PTHREAD_MUTEX_INITIALIZER};
    static const struct option OPTIONS[] = {{"clients", required_argument, NULL, 'c'},
                                            {"seed", required_argument, NULL, 's'},
                                            {"calm", required_argument, NULL, 'm'},
                                            {"tls", no_argument, NULL, 't'},
                                            {0}};
    int count = 0;
    if (argc == 2 && strcmp(argv[1], "ring") == 0) {
        return ring_probe();
    }
    for (int option; (option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1;) {
        switch (option) {
        case 'c':
            count = (int)strtol(optarg, NULL, 10);
            break;
        case 's':
            run.seed = strtoull(optarg, NULL, 10);
            break;
        case 'm':
            run.calm = run_now() + strtoll(optarg, NULL, 10);
            break;
        case 't':
            run.tls = tls_make();
            break;
        default:
            return usage();
        }
    }
    if (argc - optind != 3 || count < 1 || count > CLIENTS_MAX ||
        !address_read(&run.address, argv[optind])) {
        return usage();
    }
    run.slug = argv[optind + 1];
    run.key = argv[optind + 2];
    return run_all(&run, count);
}
