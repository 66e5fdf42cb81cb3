#include <stdlib.h>
#include <string.h>

#include "lib/fastpath/client.h"

#define CLOSE_CODE  1000
#define EXCERPT_MAX 160

void client_fault(struct client *client, const char *what, const char *detail) {
    if (!client->broken) {
        client->broken = true;
        run_fault(client->run, client->who, "%s%s%.*s (seq %lu, %s)", what,
                  detail[0] != '\0' ? ": " : "", EXCERPT_MAX, detail,
                  (unsigned long)client->state.seq,
                  client->view == VIEW_STAFF ? "staff" : "public");
    }
}

/* The chain has no gap: after the first frame, which may overlap the snapshot, each begins where
 * the last one ended; late totals stand where it ended. */
static const char *chain_check(const struct client *client, uint64_t from, uint64_t seq) {
    uint64_t own = client->state.seq;
    if (client->joining != JOIN_JOINED) {
        return "a frame for somebody who has not joined";
    }
    if (from > seq) {
        return "a frame that ends before it begins";
    }
    if (from > own) {
        return "a frame is missing";
    }
    if (from == seq ? seq != own : seq <= own) {
        return "a frame that tells what is known";
    }
    return from < own && !client->fresh ? "a frame overlaps the one before" : NULL;
}

static void hear_frame(struct client *client, const json_t *frame, const char *text,
                       size_t length) {
    const json_t *from = json_object_get(frame, "from"), *seq = json_object_get(frame, "seq");
    const json_t *present = json_object_get(frame, "present");
    if (!json_is_integer(from) || !json_is_integer(seq) ||
        !json_is_array(json_object_get(frame, "changes")) ||
        (present != NULL && !json_is_integer(present))) {
        client_fault(client, "a frame of another form", text);
        return;
    }
    uint64_t first = (uint64_t)json_integer_value(from), last = (uint64_t)json_integer_value(seq);
    const char *why = chain_check(client, first, last);
    if (why == NULL) {
        run_frame(client->run, client->who, client->view, first, last, text, length);
        why = state_apply(&client->state, frame);
    }
    if (why != NULL) {
        client_fault(client, why, text);
    }
    client->fresh = false;
    atomic_fetch_add(&client->run->figures.frames, 1);
    atomic_fetch_add(&client->run->figures.bytes, length);
    if (first == last) {
        atomic_fetch_add(&client->run->figures.late, 1);
    }
}

static void hear_joined(struct client *client, const json_t *answer, const char *text) {
    const json_t *ok = json_object_get(answer, "ok");
    const char *member = json_string_value(json_object_get(ok, "member"));
    const json_t *seq = json_object_get(ok, "seq");
    bool resync = json_is_true(json_object_get(ok, "resync"));
    if (client->joining != JOIN_SENT || !json_is_integer(seq) ||
        (uint64_t)json_integer_value(seq) != (resync ? 0 : client->since)) {
        client_fault(client, "joining is answered in another form", text);
        return;
    }
    if (member != NULL && strlen(member) < sizeof client->member) {
        memcpy(client->member, member, strlen(member) + 1);
    }
    client->joining = resync ? JOIN_REFUSED : JOIN_JOINED;
    if (resync) {
        atomic_fetch_add(&client->run->figures.refused, 1);
    }
}

static void hear_answer(struct client *client, const json_t *answer, const char *text) {
    uint32_t id = (uint32_t)json_integer_value(json_object_get(answer, "id"));
    if (id != 0 && id == client->join_id) {
        client->join_id = 0;
        hear_joined(client, answer, text);
        return;
    }
    for (size_t i = 0; i < WAITING_MAX; i++) {
        if (id != 0 && client->waiting[i] == id) {
            client->waiting[i] = 0;
            atomic_fetch_add(&client->run->figures.answers, 1);
            if (json_object_get(answer, "error") != NULL) {
                atomic_fetch_add(&client->run->figures.refusals, 1);
            } else if (json_object_get(answer, "ok") == NULL) {
                client_fault(client, "an answer that is neither ok nor error", text);
            }
            return;
        }
    }
    client_fault(client, "an answer to nothing", text);
}

static void hear_resync(struct client *client) {
    if (client->joining != JOIN_JOINED) {
        client_fault(client, "told to resync without having joined", "");
        return;
    }
    if (client->habit->prompt && run_now() < client->run->calm) {
        client_fault(client, "told to resync, but it was never slow", "");
    }
    client->joining = JOIN_RESYNC;
    client->stale = true;
    atomic_fetch_add(&client->run->figures.resyncs, 1);
}

static void hear_text(struct client *client, const char *text, size_t length) {
    json_error_t error;
    json_t *message = text_read(text, length, &error);
    if (!json_is_object(message)) {
        client_fault(client, message == NULL ? error.text : "no object", text);
    } else if (json_object_get(message, "id") != NULL) {
        hear_answer(client, message, text);
    } else if (json_object_get(message, "changes") != NULL) {
        hear_frame(client, message, text, length);
    } else if (json_is_true(json_object_get(message, "resync"))) {
        hear_resync(client);
    } else {
        client_fault(client, "a message that nobody expects", text);
    }
    json_decref(message);
}

static void hear_pong(struct client *client, const char *payload, size_t length) {
    if (client->ping_length != length || memcmp(client->ping, payload, length) != 0) {
        client_fault(client, "a pong to something else", "");
    }
    client->ping_length = 0;
    atomic_fetch_add(&client->run->figures.pongs, 1);
}

static void hear_close(struct client *client, const char *payload, size_t length) {
    unsigned code = length < 2 ? 0 : (unsigned)(uint8_t)payload[0] << 8 | (uint8_t)payload[1];
    uint8_t more;
    if (!client->closing || code != CLOSE_CODE) {
        client_fault(client, "closed by the server", length > 2 ? payload + 2 : "");
        return;
    }
    ssize_t got;
    int64_t end = run_now() + 5000;
    do {
        got = link_read(&client->link, &more, 1, 1000);
    } while (got == LINK_NOTHING && run_now() < end);
    if (got != 0) {
        client_fault(client, got > 0 ? "bytes behind the close" : "no end behind the close", "");
    }
    link_close(&client->link, false);
    client_forget(client);
    atomic_fetch_add(&client->run->figures.closes, 1);
}

void client_hear(struct client *client) {
    const char *payload = client->parser.payload;
    size_t length = client->parser.length;
    switch (parser_opcode(&client->parser)) {
    case OPCODE_TEXT:
        hear_text(client, payload, length);
        break;
    case OPCODE_PING:
        (void)client_send(client, OPCODE_PONG, payload, length);
        break;
    case OPCODE_PONG:
        hear_pong(client, payload, length);
        break;
    case OPCODE_CLOSE:
        hear_close(client, payload, length);
        break;
    }
}
