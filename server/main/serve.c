#include "main/serve.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "main/banner.h"
#include "main/cli.h"
#include "main/control_socket.h"
#include "main/create_key.h"
#include "main/lock.h"
#include "main/maintenance.h"
#include "main/url.h"
#include "net/limits_check.h"
#include "net/net.h"

#define THREADS_DEFAULT 4
#define WHY_BYTES       512

/* All that runs; filled from top to bottom, taken down from bottom to top. */
struct server {
    const struct options *options;
    const char *data;
    char public_url[URL_BYTES];
    char create_key[CREATE_KEY_CHARS + 1];
    struct net_options net_options;
    int lock;
    struct store *store;
    struct journal *journal;
    struct frames *frames;
    struct wire wire;
    struct bridge *bridge;
    uint8_t bridge_key[BRIDGE_KEY_BYTES];
    const char *peers[BRIDGE_PEERS];
    struct resources *resources;
    struct net *net;
    struct maintenance *maintenance;
    struct control_socket *control;
};

/* As many descriptors as it may have; a broken connection is an error, not a signal. */
static void process_prepare(void) {
    limits_raise();
    signal(SIGPIPE, SIG_IGN);
}

/* Blocked in every thread; main waits for them. */
static sigset_t signals_block(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    return signals;
}

static bool threads_read(struct server *server) {
    const char *text = server->options->values[OPTION_THREADS];
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    server->net_options.threads = cores < 1                 ? 1
                                  : cores > THREADS_DEFAULT ? THREADS_DEFAULT
                                                            : (uint32_t)cores;
    if (text == NULL) {
        return true;
    }
    char *end;
    unsigned long count = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || count < 1 || count > LIMIT_THREADS) {
        fprintf(stderr, "raute: --threads is a number from 1 to %d.\n", LIMIT_THREADS);
        return false;
    }
    server->net_options.threads = (uint32_t)count;
    return true;
}

static bool io_uring_read(struct server *server) {
    const char *text = server->options->values[OPTION_IO_URING];
    server->net_options.io_uring = text == NULL || strcmp(text, "auto") == 0;
    if (!server->net_options.io_uring && strcmp(text, "off") != 0) {
        fprintf(stderr, "raute: --io-uring is auto or off.\n");
        return false;
    }
    return true;
}

/* What the bridge itself cannot see: it is off without a client id. */
static bool secret_check(const struct options *options) {
    if (options->values[OPTION_X_CLIENT_SECRET] != NULL &&
        options->values[OPTION_X_CLIENT_ID] == NULL) {
        fprintf(stderr, "raute: --x-client-secret needs --x-client-id.\n");
        return false;
    }
    return true;
}

static bool options_take(struct server *server) {
    const struct options *options = server->options;
    const char *listen = options->values[OPTION_LISTEN];
    server->data = data_folder(options);
    server->net_options.listen = listen == NULL ? LISTEN_DEFAULT : listen;
    server->net_options.proxy = options->values[OPTION_PROXY];
    server->net_options.tls_cert = options->values[OPTION_TLS_CERT];
    server->net_options.tls_key = options->values[OPTION_TLS_KEY];
    server->net_options.create_key = server->create_key;
    return threads_read(server) && io_uring_read(server) && secret_check(options) &&
           url_public(server->public_url, options, 0);
}

static int fail_data(const char *data, const char *what) {
    fprintf(stderr, "raute: %s %s: %s.\n", what, data,
            errno == 0 ? "it does not hold a key" : strerror(errno));
    return EXIT_FAILED;
}

static int data_open(struct server *server) {
    const char *why = NULL;
    switch (lock_take(server->data, &server->lock)) {
    case LOCK_TAKEN:
        break;
    case LOCK_HELD:
        fprintf(stderr, "raute: another raute uses the folder %s.\n", server->data);
        return EXIT_FAILED;
    case LOCK_FAILED:
        return fail_data(server->data, "cannot use the folder");
    }
    server->store = store_open(server->data, STORE_WRITE, &why);
    if (server->store == NULL) {
        return cli_fail(why);
    }
    if (!create_key_read(server->data, server->create_key)) {
        return fail_data(server->data, "cannot use the file create-key in");
    }
    if (store_bridge_key(server->store, server->bridge_key) != STORE_OK) {
        return fail_data(server->data, "cannot use the file bridge-key in");
    }
    server->journal = journal_new(server->store, &why);
    return server->journal == NULL ? cli_fail(why) : EXIT_DONE;
}

/* Wants the final public URL. */
static int bridge_make(struct server *server) {
    char why[WHY_BYTES] = "";
    const struct options *options = server->options;
    for (size_t i = 0; i < options->peer_count; i++) {
        server->peers[i] = options->peers[i];
    }
    const struct bridge_options wanted = {
        .public_url = server->public_url,
        .key = server->bridge_key,
        .peers = server->peers,
        .peer_count = options->peer_count,
        .ca_file = options->values[OPTION_CA_FILE],
        .plc_url = options->values[OPTION_PLC_URL],
        .dns = options->values[OPTION_DNS],
        .x_client_id = options->values[OPTION_X_CLIENT_ID],
        .x_client_secret = options->values[OPTION_X_CLIENT_SECRET],
        .x_url = options->values[OPTION_X_URL],
    };
    server->bridge = server->wire.bridge = bridge_new(server->journal, &wanted, why, sizeof why);
    return server->bridge == NULL ? cli_fail(why) : EXIT_DONE;
}

static int layers_wire(struct server *server) {
    char why[WHY_BYTES] = "";
    server->frames = frames_new();
    server->wire = (struct wire){
        .journal = server->journal,
        .frames = server->frames,
        .asks = buckets_new(LIMIT_BUCKETS, BUCKET_KEY_MINUTES * 60 * 1000),
        .cards = buckets_new(LIMIT_BUCKETS, BUCKET_KEY_MINUTES * 60 * 1000),
        .admissions = buckets_new(LIMIT_BUCKETS, BUCKET_KEY_MINUTES * 60 * 1000),
        .public_url = server->public_url,
        .plain_pages = server->options->peer_count > 0,
    };
    server->resources = resources_new(&server->wire);
    server->net = net_new(&server->net_options, &server->wire, server->resources, why, sizeof why);
    if (server->net == NULL) {
        return cli_fail(why);
    }
    /* Port 0 has become a number. */
    bool url = url_public(server->public_url, server->options, net_port(server->net));
    return url ? bridge_make(server) : EXIT_FAILED;
}

static int server_run(struct server *server) {
    journal_subscribe(server->journal, frames_subscriber(server->frames));
    journal_subscribe(server->journal, bridge_subscriber(server->bridge));
    bridge_start(server->bridge);
    journal_start(server->journal);
    net_start(server->net);
    server->maintenance = maintenance_start(server->store, server->net);
    server->control = control_socket_start(server->data, server->journal, server->public_url);
    return server->control == NULL ? fail_data(server->data, "cannot make the socket control in")
                                   : EXIT_DONE;
}

/* In this order: nobody new, no new work, nothing more to other servers, the last batch, its
 * answers and frames, goodbye. */
static void server_stop(struct server *server) {
    if (server->maintenance != NULL) {
        net_refuse(server->net);
        if (server->control != NULL) {
            control_socket_stop(server->control);
        }
        bridge_stop(server->bridge);
        journal_stop(server->journal);
        if (server->control != NULL) {
            control_socket_free(server->control);
        }
        maintenance_stop(server->maintenance);
        net_stop(server->net);
    }
    if (server->net != NULL) {
        net_free(server->net);
    }
    if (server->frames != NULL) {
        resources_free(server->resources);
        frames_free(server->frames);
        buckets_free(server->wire.asks);
        buckets_free(server->wire.cards);
        buckets_free(server->wire.admissions);
    }
    if (server->journal != NULL) {
        journal_free(server->journal);
    }
    if (server->bridge != NULL) {
        bridge_free(server->bridge);
    }
    if (server->store != NULL) {
        store_close(server->store);
    }
    if (server->lock >= 0) {
        lock_drop(server->lock);
    }
    sodium_memzero(server->create_key, sizeof server->create_key);
    sodium_memzero(server->bridge_key, sizeof server->bridge_key);
}

static void server_announce(struct server *server) {
    char here[URL_BYTES];
    bool local = url_here(here, server->options, net_port(server->net));
    log_line("serving on port %u, %u threads, %s", (unsigned)net_port(server->net),
             server->net_options.threads, net_ringed(server->net) ? "io_uring" : "plain sends");
    limits_check();
    banner_print(stdout, local ? here : NULL, server->public_url, server->create_key);
}

int serve(const struct options *options) {
    struct server server = {.options = options, .lock = -1};
    if (!options_take(&server)) {
        return EXIT_USAGE;
    }
    process_prepare();
    sigset_t signals = signals_block();
    wire_start();
    int outcome = data_open(&server);
    if (outcome == EXIT_DONE) {
        outcome = layers_wire(&server);
    }
    if (outcome == EXIT_DONE) {
        outcome = server_run(&server);
    }
    if (outcome == EXIT_DONE) {
        int signal = 0;
        server_announce(&server);
        sigwait(&signals, &signal);
        log_line("stopping");
    }
    server_stop(&server);
    wire_stop();
    if (outcome == EXIT_DONE) {
        log_line("stopped");
    }
    return outcome;
}
