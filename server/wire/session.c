#include "wire/session.h"

#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/log.h"
#include "wire/answers.h"
#include "wire/commands.h"
#include "wire/decode.h"
#include "wire/encode.h"
#include "wire/html.h"
#include "wire/links.h"
#include "wire/words.h"

#define ADMISSIONS_REFILL_MS (10 * 60 * 1000 / LIMIT_ADMISSIONS_PER_ADDRESS)

static const struct member JOIN_MEMBERS[] = {
    {"role", MEMBER_WORD, true, 0, 0},
    {"key", MEMBER_BYTES, true, ROLE_KEY_BYTES, 0},
    {"member", MEMBER_BYTES, true, MEMBER_TOKEN_BYTES, 0},
    {"nonce", MEMBER_BYTES, true, PASS_NONCE_BYTES, 0},
    {"output", MEMBER_BYTES, true, VOPRF_OUTPUT_BYTES, 0},
    {"language", MEMBER_WORD, true, 0, 0},
    {"since", MEMBER_BIG, true, 0, 0},
    {0},
};

void wire_start(void) {
    json_object_seed(0); /* from the system's randomness, before there are threads */
    words_start();
    html_start();
}

void wire_stop(void) {
    html_stop();
    words_stop();
}

void session_start(struct session *session, struct wire *wire, struct door *door) {
    *session = (struct session){.wire = wire, .door = door, .language = door->language};
}

void session_end(struct session *session) {
    door_release(session->door);
    sodium_memzero(session, sizeof *session);
}

static bool member_admit(struct session *session, const uint8_t token[MEMBER_TOKEN_BYTES]) {
    const struct door *door = session->door;
    if (door->closed) {
        return false;
    }
    session->member = member_token_check(session->member_id, token, door->keys, door->event);
    return session->member;
}

static bool role_admit(struct session *session, enum role role, const uint8_t key[ROLE_KEY_BYTES]) {
    if (!door_admits(session->door, role, key)) {
        return false;
    }
    session->role = role;
    memcpy(session->role_hash, session->door->role_hash[role - 1], ROLE_HASH_BYTES);
    return true;
}

bool session_newcomer(const struct session *session) {
    return buckets_take(session->wire->admissions, session->address, sizeof session->address,
                        LIMIT_ADMISSIONS_PER_ADDRESS, ADMISSIONS_REFILL_MS, clock_monotonic_ms());
}

/* Somebody new, with a pass where the object has one; the token is written and *made true when they
 * are a member. A gated event lets others watch. */
static enum refusal newcomer_admit(struct session *session, const json_t *object,
                                   uint8_t token[MEMBER_TOKEN_BYTES], bool *made) {
    const struct door *door = session->door;
    bool pass = object_has(object, "nonce");
    if (pass != object_has(object, "output")) {
        return REFUSAL_BAD_MESSAGE;
    }
    if (door->gated && !pass) {
        return REFUSAL_OK;
    }
    if (!session_newcomer(session)) {
        return REFUSAL_TOO_OFTEN;
    }
    if (pass) {
        uint8_t nonce[PASS_NONCE_BYTES], output[VOPRF_OUTPUT_BYTES];
        object_bytes(nonce, sizeof nonce, object, "nonce");
        object_bytes(output, sizeof output, object, "output");
        session->member = door->pass != NULL &&
                          pass_redeem(session->member_id, nonce, output, door->pass, door->event);
        sodium_memzero(nonce, sizeof nonce);
        sodium_memzero(output, sizeof output);
        if (!session->member) {
            return REFUSAL_BAD_PASS;
        }
        member_token_make(token, session->member_id, door->keys, door->event);
    } else {
        member_token_new(token, session->member_id, door->keys, door->event);
        session->member = true;
    }
    *made = true;
    return REFUSAL_OK;
}

/* What joining says about who comes. A new member's token is written to `token`, *made is true
 * then. In a closed event nobody is a member any more. */
static enum refusal join_admit(struct session *session, const json_t *object,
                               uint8_t token[MEMBER_TOKEN_BYTES], bool *made) {
    const char *role_text = object_text(object, "role");
    int role = role_text == NULL ? ROLE_AUDIENCE : role_find(role_text);
    if (role < 0) {
        return REFUSAL_BAD_VALUE;
    }
    if (role != ROLE_AUDIENCE) {
        uint8_t key[ROLE_KEY_BYTES] = {0};
        if (object_has(object, "key")) {
            object_bytes(key, sizeof key, object, "key");
        }
        bool admitted = object_has(object, "key") && role_admit(session, (enum role)role, key);
        sodium_memzero(key, sizeof key);
        return admitted ? REFUSAL_OK : REFUSAL_FORBIDDEN;
    }
    session->role = ROLE_AUDIENCE;
    if (session->door->closed) {
        return REFUSAL_OK;
    }
    if (object_has(object, "member")) {
        object_bytes(token, MEMBER_TOKEN_BYTES, object, "member");
        return member_admit(session, token) ? REFUSAL_OK : REFUSAL_FORBIDDEN;
    }
    return newcomer_admit(session, object, token, made);
}

/* Decides where the frames go on for this session. */
static void join_since(struct session *session, const json_t *object) {
    struct wire *wire = session->wire;
    enum view view = session_view(session);
    session->seq = 0;
    session->resync = true;
    if (object_has(object, "since")) {
        uint64_t since = object_big(object, "since");
        session->resync = frames_since(wire->frames, session->door->event, view, since, NULL, 0,
                                       &session->seq) < 0;
        session->seq = session->resync ? 0 : since;
    }
    if (session->resync) {
        /* The next one, after its snapshot, shall find the rings open. */
        journal_read(wire->journal, session->door->event, frames_open, wire->frames);
    }
}

/* Ten thousand of these leave at once after a restart: no formatting. */
static void join_answer(struct buffer *answer, const struct session *session, uint32_t id,
                        const uint8_t *token) {
    buffer_text(answer, "{\"id\":");
    buffer_number(answer, id);
    buffer_text(answer, ",\"ok\":{");
    if (token != NULL) {
        buffer_text(answer, "\"member\":");
        encode_bytes(answer, token, MEMBER_TOKEN_BYTES);
        buffer_text(answer, ",");
    }
    buffer_text(answer, "\"minute\":");
    buffer_number(answer, (uint64_t)(clock_unix_ms() / 60000));
    if (session->door->pass != NULL) {
        buffer_text(answer, ",\"pass_key\":");
        encode_bytes(answer, session->door->pass->pass.public, VOPRF_ELEMENT_BYTES);
    }
    buffer_text(answer, ",\"seq\":");
    buffer_number(answer, session->seq);
    buffer_text(answer, session->resync ? ",\"resync\":true}}" : "}}");
}

static enum refusal session_join(struct session *session, uint32_t id, const json_t *object,
                                 struct buffer *answer) {
    enum refusal refusal = object_check_shape(object, JOIN_MEMBERS);
    if (refusal == REFUSAL_OK) {
        refusal = object_check_encoding(object, JOIN_MEMBERS);
    }
    const char *language = object_text(object, "language");
    if (refusal == REFUSAL_OK && language != NULL && language_find(language) < 0) {
        refusal = REFUSAL_BAD_VALUE;
    }
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    if (language != NULL) {
        session->language = (enum language)language_find(language);
    }
    uint8_t token[MEMBER_TOKEN_BYTES];
    bool made = false;
    session->joined = session->member = false;
    refusal = join_admit(session, object, token, &made);
    if (refusal == REFUSAL_OK) {
        session->joined = true;
        join_since(session, object);
        join_answer(answer, session, id, made ? token : NULL);
    }
    sodium_memzero(token, sizeof token);
    return refusal;
}

static enum refusal session_command(struct session *session, const char *name, uint32_t id,
                                    const json_t *object) {
    const struct command_row *row = command_find(name);
    if (row == NULL) {
        return REFUSAL_UNKNOWN_COMMAND;
    }
    struct journal_request *request = NULL;
    enum refusal refusal = command_make(row, object, session, &request);
    if (refusal == REFUSAL_OK) {
        request->id = id;
        request->reply = session->replies;
        request->handle = session->handle;
        session->waiting++;
        if ((row->flags & ROW_BRIDGE) != 0) {
            bridge_submit(session->wire->bridge, request);
        } else {
            journal_submit(session->wire->journal, request);
        }
    }
    return refusal;
}

/* The door as it is now. An event that was deleted has none, or another event has its slug. */
static enum refusal door_renew(struct session *session) {
    struct door *door = journal_door(session->wire->journal, session->door->slug);
    if (door == NULL || memcmp(door->event, session->door->event, EVENT_ID_BYTES) != 0) {
        door_release(door);
        return REFUSAL_GONE;
    }
    door_release(session->door);
    session->door = door;
    return REFUSAL_OK;
}

/* Takes `id` out of the object; false when it is missing or none. */
static bool id_take(json_t *object, uint32_t *id) {
    const json_t *value = json_object_get(object, "id");
    json_int_t number = json_is_integer(value) ? json_integer_value(value) : -1;
    bool good = number >= 0 && number <= UINT32_MAX;
    *id = good ? (uint32_t)number : 0;
    (void)json_object_del(object, "id");
    return good;
}

static enum refusal message_dispatch(struct session *session, json_t *object, uint32_t id,
                                     struct buffer *answer) {
    const char *name = object_text(object, "cmd");
    if (name == NULL) {
        return REFUSAL_BAD_MESSAGE;
    }
    enum refusal refusal = door_renew(session);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    json_t *command = json_incref(json_object_get(object, "cmd"));
    (void)json_object_del(object, "cmd");
    name = json_string_value(command);
    refusal = strcmp(name, "join") == 0 ? session_join(session, id, object, answer)
                                        : session_command(session, name, id, object);
    json_decref(command);
    return refusal;
}

enum refusal session_message(struct session *session, const uint8_t *bytes, size_t length,
                             struct buffer *answer) {
    if (length > LIMIT_MESSAGE_BYTES) {
        answer_error(answer, NULL, REFUSAL_TOO_LONG, session->language);
        return REFUSAL_TOO_LONG;
    }
    uint32_t id = 0;
    json_t *object = object_read(bytes, length, LIMIT_JSON_DEPTH);
    bool has_id = object != NULL && id_take(object, &id);
    enum refusal refusal =
        has_id ? message_dispatch(session, object, id, answer) : REFUSAL_BAD_MESSAGE;
    json_decref(object);
    if (refusal != REFUSAL_OK) {
        answer_error(answer, has_id ? &id : NULL, refusal, session->language);
    }
    return refusal;
}

static void ok_start(struct buffer *answer, uint32_t id) {
    buffer_format(answer, "{\"id\":%u,\"ok\":", id);
}

/* The journal has taken the ticket: now its passes are signed. */
static void pass_answer(const struct session *session, const struct journal_request *request,
                        struct buffer *answer) {
    size_t before = answer->length;
    ok_start(answer, request->id);
    if (pass_encode(answer, &request->command, session->door)) {
        buffer_text(answer, "}");
    } else {
        answer->length = before;
        answer_error(answer, &request->id, REFUSAL_CLOSED, session->language);
    }
}

void session_answer(struct session *session, const struct journal_request *request,
                    struct buffer *answer) {
    INVARIANT(session->waiting > 0);
    session->waiting--;
    if (request->refusal != REFUSAL_OK) {
        answer_error(answer, &request->id, request->refusal, session->language);
    } else if (request->answer != NULL) {
        ok_start(answer, request->id);
        buffer_text(answer, request->answer);
        buffer_text(answer, "}");
    } else if (request->command.kind == COMMAND_PASS) {
        pass_answer(session, request, answer);
    } else if (request->command.kind == COMMAND_TALK_ADD) {
        buffer_format(answer, "{\"id\":%u,\"ok\":{\"talk\":%u}}", request->id, request->result);
    } else if (request->command.kind == COMMAND_LINK) {
        const struct link_keys *keys = request->context;
        enum role role = request->command.as.link.role;
        struct buffer link = buffer_make(LIMIT_HEADER_BYTES);
        link_append(&link, session->wire->public_url, session->door->slug, role,
                    keys->key[role - 1]);
        buffer_format(answer, "{\"id\":%u,\"ok\":{\"link\":", request->id);
        encode_text(answer, (const char *)link.data);
        buffer_text(answer, "}}");
        buffer_clear(&link);
    } else {
        answer_ok(answer, request->id);
    }
    if (answer->overflow) {
        buffer_reset(answer);
        answer_error(answer, &request->id, REFUSAL_FULL, session->language);
    }
}

bool session_bearer(struct session *session, const char *bearer) {
    uint8_t key[ROLE_KEY_BYTES], token[MEMBER_TOKEN_BYTES];
    session->joined = false;
    if (bearer == NULL) {
        session->role = ROLE_AUDIENCE;
        session->joined = session->door->closed;
    } else if (base64_decode(key, sizeof key, bearer)) {
        for (int role = ROLE_ORGANISER; role <= ROLE_STAGE && !session->joined; role++) {
            session->joined = role_admit(session, (enum role)role, key);
        }
    } else if (base64_decode(token, sizeof token, bearer)) {
        session->role = ROLE_AUDIENCE;
        session->joined = session->door->closed || member_admit(session, token);
    }
    sodium_memzero(key, sizeof key);
    sodium_memzero(token, sizeof token);
    return session->joined;
}
