#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fastpath/client.h"

static const uint8_t CLOSE_NORMAL[] = {0x03, 0xe8, 'e', 'n', 'o', 'u', 'g', 'h'};

bool client_send(struct client *client, enum opcode opcode, const void *payload, size_t length) {
    uint8_t frame[FRAME_MAKE_MAX];
    uint32_t mask = (uint32_t)dice(&client->dice, UINT32_MAX);
    size_t bytes = frame_make(frame, opcode, payload, length, mask);
    if (!link_write(&client->link, frame, bytes)) {
        client_fault(client, "the server does not take what is sent", "");
        return false;
    }
    return true;
}

bool client_join(struct client *client) {
    char text[512];
    struct run *run = client->run;
    client->join_id = ++client->next_id;
    client->since = client->state.seq;
    client->joining = JOIN_SENT;
    client->fresh = true;
    const char *role = client->view == VIEW_STAFF ? ",\"role\":\"moderator\",\"key\":\"" : "";
    const char *key = client->view == VIEW_STAFF ? run->key : "";
    const char *member = client->member[0] != '\0' ? ",\"member\":\"" : "";
    int length = snprintf(text, sizeof text,
                          "{\"cmd\":\"join\",\"id\":%u,\"since\":%lu%s%s%s%s%s%s}", client->join_id,
                          (unsigned long)client->since, role, key, role[0] != '\0' ? "\"" : "",
                          member, client->member, member[0] != '\0' ? "\"" : "");
    atomic_fetch_add(&run->figures.joins, 1);
    return client_send(client, OPCODE_TEXT, text, (size_t)length);
}

/* A number that a question may have. */
static int number_choose(struct client *client) {
    size_t count = json_object_size(client->state.questions);
    if (count == 0) {
        return 1;
    }
    uint64_t chosen = dice(&client->dice, count);
    void *at = json_object_iter(client->state.questions);
    while (chosen-- > 0) {
        at = json_object_iter_next(client->state.questions, at);
    }
    return (int)strtol(json_object_iter_key(at), NULL, 10);
}

void client_command(struct client *client) {
    char text[256];
    size_t free_place = 0;
    while (free_place < WAITING_MAX && client->waiting[free_place] != 0) {
        free_place++;
    }
    if (free_place == WAITING_MAX) {
        return;
    }
    uint32_t id = ++client->next_id;
    int length, n = number_choose(client);
    if (chance(&client->dice, 30)) { /* answered by the network thread, at once */
        length = snprintf(text, sizeof text, "{\"cmd\":\"nonsense\",\"id\":%u}", id);
    } else if (client->view == VIEW_STAFF) {
        length = snprintf(text, sizeof text, "{\"cmd\":\"pin\",\"id\":%u,\"n\":%d,\"on\":%s}", id,
                          n, chance(&client->dice, 50) ? "true" : "false");
    } else {
        length = snprintf(text, sizeof text, "{\"cmd\":\"%s\",\"id\":%u,\"n\":%d}",
                          chance(&client->dice, 70) ? "vote" : "unvote", id, n);
    }
    if (client_send(client, OPCODE_TEXT, text, (size_t)length)) {
        client->waiting[free_place] = id;
    }
}

void client_ping(struct client *client) {
    if (client->ping_length == 0) {
        client->ping_length = 1 + (size_t)dice(&client->dice, sizeof client->ping);
        RAND_bytes(client->ping, (int)client->ping_length);
        (void)client_send(client, OPCODE_PING, client->ping, client->ping_length);
    }
}

void client_part(struct client *client) {
    client->closing = client_send(client, OPCODE_CLOSE, CLOSE_NORMAL, sizeof CLOSE_NORMAL);
}

void client_forget(struct client *client) {
    memset(client->waiting, 0, sizeof client->waiting);
    client->ping_length = 0;
    client->joining = JOIN_NONE;
    client->closing = client->cutting = false;
    parser_clear(&client->parser);
}
