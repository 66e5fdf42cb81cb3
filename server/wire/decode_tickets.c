#include <sodium.h>
#include <string.h>

#include "base/encode.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/random.h"
#include "wire/decode.h"
#include "wire/encode.h"

#define GROUP_CHARS 4 /* of a code, between hyphens */

const struct member TICKETS_MEMBERS[] = {
    {"count", MEMBER_NUMBER, false, 0, 0},
    {"seats", MEMBER_NUMBER, false, 0, 0},
    {0},
};

const struct member PASS_MEMBERS[] = {
    {"code", MEMBER_WORD, false, 0, 0},
    {"elements", MEMBER_LIST, false, 0, 0},
    {0},
};

enum refusal decode_tickets(const json_t *object, struct command *command) {
    uint32_t count = object_number(object, "count"), seats = object_number(object, "seats");
    if (count == 0 || count > LIMIT_TICKETS_AT_ONCE || seats == 0 || seats > PASS_SEATS_MAX) {
        return REFUSAL_BAD_VALUE;
    }
    command->as.tickets.count = count;
    command->as.tickets.seats = (uint8_t)seats;
    return REFUSAL_OK;
}

static void code_append(struct buffer *out, const char code[TICKET_CHARS + 1]) {
    buffer_text(out, "\"");
    for (size_t at = 0; at < TICKET_CHARS; at += GROUP_CHARS) {
        buffer_text(out, at > 0 ? "-" : "");
        buffer_append(out, code + at, GROUP_CHARS);
    }
    buffer_text(out, "\"");
}

/* The codes stay here, in the answer; the journal gets their hashes. */
enum refusal complete_tickets(const json_t *object, const struct session *session,
                              struct journal_request *request) {
    (void)object;
    const struct pass_keys *keys = session->door->pass;
    if (keys == NULL) {
        return session->door->closed ? REFUSAL_CLOSED : REFUSAL_BAD_VALUE;
    }
    uint32_t count = request->command.as.tickets.count;
    uint8_t(*hashes)[TICKET_HASH_BYTES] = memory_resize(NULL, count, sizeof *hashes);
    struct buffer out = buffer_make(LIMIT_REPLY_BYTES);
    buffer_text(&out, "{\"codes\":[");
    for (uint32_t i = 0; i < count; i++) {
        char code[TICKET_CHARS + 1];
        ticket_new(code);
        ticket_hash(hashes[i], code, keys);
        buffer_text(&out, i > 0 ? "," : "");
        code_append(&out, code);
        sodium_memzero(code, sizeof code);
    }
    buffer_text(&out, "]}");
    size_t length;
    request->command.as.tickets.hashes = hashes;
    request->answer = (char *)buffer_take(&out, &length);
    return REFUSAL_OK;
}

enum refusal decode_pass(const json_t *object, struct command *command) {
    const json_t *list = json_object_get(object, "elements");
    size_t count = json_array_size(list);
    if (count == 0 || count > PASS_SEATS_MAX) {
        return count == 0 ? REFUSAL_BAD_VALUE : REFUSAL_TOO_LONG;
    }
    uint8_t(*elements)[VOPRF_ELEMENT_BYTES] = memory_resize(NULL, count, sizeof *elements);
    command->as.pass.elements = elements;
    command->as.pass.count = (uint8_t)count;
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (text == NULL) {
            return REFUSAL_BAD_MESSAGE;
        }
        if (!base64_decode(elements[i], VOPRF_ELEMENT_BYTES, text)) {
            return REFUSAL_BAD_ENCODING;
        }
    }
    return REFUSAL_OK;
}

enum refusal verify_pass(const json_t *object, const struct command *command) {
    (void)object;
    for (size_t i = 0; i < command->as.pass.count; i++) {
        if (!voprf_element_valid(command->as.pass.elements[i])) {
            return REFUSAL_BAD_ENCODING;
        }
    }
    return REFUSAL_OK;
}

enum refusal complete_pass(const json_t *object, const struct session *session,
                           struct journal_request *request) {
    struct command *command = &request->command;
    const struct pass_keys *keys = session->door->pass; /* of a gated event alone */
    char code[TICKET_CHARS + 1];
    if (keys == NULL) {
        return session->door->closed ? REFUSAL_CLOSED : REFUSAL_BAD_TICKET;
    }
    bool read = ticket_read(code, object_text(object, "code"));
    if (read) {
        ticket_hash(command->as.pass.hash, code, keys);
        ticket_request_hash(command->as.pass.request,
                            (const uint8_t(*)[VOPRF_ELEMENT_BYTES])command->as.pass.elements,
                            command->as.pass.count, keys);
    }
    sodium_memzero(code, sizeof code);
    return read ? REFUSAL_OK : REFUSAL_BAD_TICKET;
}

bool pass_encode(struct buffer *out, const struct command *command, const struct door *door) {
    uint8_t evaluated[PASS_SEATS_MAX][VOPRF_ELEMENT_BYTES], proof[VOPRF_PROOF_BYTES];
    uint8_t random[VOPRF_RANDOM_BYTES];
    if (door->pass == NULL) {
        return false;
    }
    random_fill(random, sizeof random);
    bool good = voprf_evaluate(evaluated, proof,
                               (const uint8_t(*)[VOPRF_ELEMENT_BYTES])command->as.pass.elements,
                               command->as.pass.count, &door->pass->pass, random);
    sodium_memzero(random, sizeof random);
    if (!good) {
        return false;
    }
    buffer_text(out, "{\"elements\":[");
    for (size_t i = 0; i < command->as.pass.count; i++) {
        buffer_text(out, i > 0 ? "," : "");
        encode_bytes(out, evaluated[i], VOPRF_ELEMENT_BYTES);
    }
    buffer_text(out, "],\"proof\":");
    encode_bytes(out, proof, sizeof proof);
    buffer_text(out, "}");
    return true;
}
