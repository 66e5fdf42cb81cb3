#include "lib/fastpath/client.h"

#include <stdlib.h>
#include <string.h>

#define READ_MAX       65536
#define READ_WAIT_MS   50
#define STALL_MS_MAX   1500
#define SETTLE_MS      30000 /* to become equal */
#define CLOSE_MS       10000
#define AGAIN_MS       1000 /* after a second refusal: snapshots may be as old */
#define BUFFER_MIN     2048
#define BUFFER_BELOW   8193
#define LAGGARD_MS     30000 /* who reads nothing for so long is hung up on */
#define EXCERPT_BEFORE 60

static const struct habit SETTLED = {.prompt = false};

static int buffer_choose(struct client *client) {
    return client->habit->prompt ? 0
                                 : BUFFER_MIN + (int)dice(&client->dice, BUFFER_BELOW - BUFFER_MIN);
}

static void snapshot_take(struct client *client) {
    size_t length = 0;
    json_error_t error;
    char *text = link_snapshot(client->run, client->view, &length);
    if (text == NULL) {
        client_fault(client, "no snapshot", "");
        return;
    }
    json_t *snapshot = text_read(text, length, &error);
    const char *why = snapshot == NULL ? error.text : state_take(&client->state, snapshot);
    if (why != NULL) {
        client_fault(client, why, text);
    }
    client->stale = false;
    json_decref(snapshot);
    free(text);
}

/* A connection, a snapshot where it needs one, and a join. */
static void client_enter(struct client *client) {
    bool again = client->joining == JOIN_REFUSED;
    if (client->stale || again || client->state.whole == NULL) {
        snapshot_take(client);
    }
    if (client->link.fd < 0 && !client->broken &&
        !link_upgrade(&client->link, client->run, buffer_choose(client))) {
        client_fault(client, "the server does not let it in", "");
    }
    if (!client->broken) {
        client->entered = run_now();
        (void)client_join(client);
    }
}

static void client_cut(struct client *client) {
    link_close(&client->link, chance(&client->dice, 50));
    client_forget(client);
    client->stale = chance(&client->dice, 20);
    atomic_fetch_add(&client->run->figures.cuts, 1);
}

/* A close that arrives while a frame is half out makes the library end the connection at once,
 * without the rest and without an answer: nobody reads on behind a close. With TLS what is torn is
 * a record, of which nothing can be seen. */
static void client_hang_up(struct client *client) {
    link_close(&client->link, false);
    client_forget(client);
    atomic_fetch_add(&client->run->figures.unanswered, 1);
}

static size_t read_room(struct client *client) {
    if (!chance(&client->dice, client->habit->crumbs)) {
        return READ_MAX;
    }
    return chance(&client->dice, 50) ? 1 : 1 + (size_t)dice(&client->dice, 200);
}

/* One read, and all frames that are whole with it. */
static void client_read(struct client *client, int wait_ms) {
    static _Thread_local uint8_t bytes[READ_MAX];
    ssize_t got = link_read(&client->link, bytes, read_room(client), wait_ms);
    if (got == LINK_NOTHING) {
        return;
    }
    bool answerless =
        client->closing && (client->link.ssl != NULL || parser_within(&client->parser));
    bool too_deaf = client->habit == &SETTLED && run_now() - client->entered >= LAGGARD_MS;
    if (got <= 0 && (answerless || too_deaf)) {
        client_hang_up(client);
        return;
    }
    if (got <= 0) {
        client_fault(client, got == 0 ? "the connection ends" : "the connection is lost",
                     parser_within(&client->parser) ? "within a frame"
                     : client->closing              ? "behind its close"
                                                    : "");
        return;
    }
    for (size_t at = 0, used = 0; at < (size_t)got && !client->broken && client->link.fd >= 0;
         at += used) {
        enum parse parse = parser_take(&client->parser, bytes + at, (size_t)got - at, &used);
        if (parse == PARSE_BAD) {
            client_fault(client, client->parser.why, "");
        } else if (parse == PARSE_FRAME) {
            client_hear(client);
            if (client->link.fd < 0 && at + used < (size_t)got) {
                client_fault(client, "bytes behind the close", "");
            }
        }
    }
    if (parser_within(&client->parser)) {
        atomic_fetch_add(&client->run->figures.broken, 1);
        if (client->cutting) {
            client_cut(client);
        }
    }
}

static bool client_waits(const struct client *client) {
    return client->joining == JOIN_NONE || client->joining == JOIN_RESYNC ||
           client->joining == JOIN_REFUSED;
}

static void client_turn(struct client *client) {
    const struct habit *habit = client->habit;
    uint64_t *state = &client->dice;
    if (client_waits(client) && !client->closing) {
        if (client->joining == JOIN_REFUSED) {
            run_sleep(client->run, AGAIN_MS);
        }
        client_enter(client);
    } else if (chance(state, habit->stall)) {
        run_sleep(client->run, (int64_t)dice(state, STALL_MS_MAX));
    } else if (!client->closing) {
        if (chance(state, habit->say) && client->joining == JOIN_JOINED) {
            client_command(client);
        }
        if (chance(state, habit->ping)) {
            client_ping(client);
        }
        client->cutting = client->cutting || chance(state, habit->cut);
        if (chance(state, habit->part) && !client->broken) {
            client_part(client);
        }
    }
    if (!client->broken) {
        client_read(client, READ_WAIT_MS);
    }
}

static bool answers_wait(const struct client *client) {
    for (size_t i = 0; i < WAITING_MAX; i++) {
        if (client->waiting[i] != 0) {
            return true;
        }
    }
    return client->ping_length > 0;
}

/* Where two texts begin to differ. */
static void client_differs(struct client *client, const char *own, const char *settled) {
    size_t at = 0;
    while (own[at] != '\0' && own[at] == settled[at]) {
        at++;
    }
    at -= at < EXCERPT_BEFORE ? at : EXCERPT_BEFORE;
    client_fault(client, "in the end its state is not the snapshot; own", own + at);
    run_fault(client->run, client->who, "the snapshot: %.160s", settled + at);
}

/* Reads until its state is equal to the newest snapshot. */
static void client_settle(struct client *client) {
    int64_t end = run_now() + SETTLE_MS;
    unsigned version = 0, changes = 0;
    char *settled = NULL, *own = NULL;
    bool equal = false;
    while (!equal && !client->broken && run_now() < end) {
        client_turn(client);
        char *newer = run_settled(client->run, client->view, &version);
        if (newer == NULL &&
            (settled == NULL || (own != NULL && changes == client->state.changes))) {
            continue;
        }
        if (newer != NULL) {
            free(settled);
            settled = newer;
        }
        free(own);
        own = state_text(&client->state);
        changes = client->state.changes;
        equal = strcmp(own, settled) == 0 && client->joining == JOIN_JOINED;
    }
    while (!client->broken && answers_wait(client) && run_now() < end) {
        client_turn(client);
    }
    if (!equal && !client->broken) {
        client_differs(client, own == NULL ? "" : own, settled == NULL ? "" : settled);
    } else if (!client->broken && answers_wait(client)) {
        client_fault(client, "an answer or a pong is missing", "");
    } else if (!client->broken) {
        atomic_fetch_add(&client->run->figures.equal, 1);
    }
    free(own);
    free(settled);
}

/* A closing handshake for the end: every client answers for every byte up to the last. */
static void client_leave(struct client *client) {
    int64_t end = run_now() + CLOSE_MS;
    if (!client->broken && client->link.fd >= 0 && !client->closing) {
        client_part(client);
    }
    while (!client->broken && client->closing && run_now() < end) {
        client_read(client, READ_WAIT_MS);
    }
    if (!client->broken && client->closing) {
        client_fault(client, "its close is not answered", "");
    }
}

static void client_run(struct client *client) {
    client_enter(client);
    while (!client->broken && atomic_load(&client->run->stage) == STAGE_RUN) {
        if (client->habit->deaf) {
            run_sleep(client->run, INT32_MAX);
        } else {
            client_turn(client);
        }
    }
}

void *client_main(void *argument) {
    struct client *client = argument;
    client->link.fd = -1;
    client_run(client);
    client->habit = &SETTLED;
    client->cutting = false;
    if (client->link.fd >= 0) {
        link_widen(&client->link);
    }
    client_settle(client);
    client_leave(client);
    link_close(&client->link, true);
    parser_clear(&client->parser);
    state_clear(&client->state);
    return NULL;
}
