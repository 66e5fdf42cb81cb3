#include "bridge/handle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "bridge/address.h"
#include "bridge/lookup.h"
#include "bridge/network.h"

#define PLC_DEFAULT  "https://plc.directory"
#define LABEL_BYTES  63
#define DID_BYTES    300
#define NAMES_LOOKED 16 /* of alsoKnownAs, of the document's services */
#define SMALL_BYTES  2048

/* Given a handle: handle → DID → document, which must name the handle. Given a DID: document →
 * its handle → DID, which must be the same, else the handle is not shown. */
struct resolution {
    struct reach *reach;
    void (*done)(void *context, enum refusal refusal, const struct identity *identity);
    void *context;
    bool by_did, dns_silent;
    char handle[HANDLE_BYTES + 1];
    char did[DID_BYTES + 1];
    char found[DID_BYTES + 1]; /* where the handle leads */
    char pds[LIMIT_ORIGIN_BYTES + 1];
};

static void resolution_end(struct resolution *resolution, enum refusal refusal) {
    struct identity identity = {
        .did = resolution->did, .handle = resolution->handle, .pds = resolution->pds};
    resolution->done(resolution->context, refusal, refusal == REFUSAL_OK ? &identity : NULL);
    free(resolution);
}

bool handle_read(char handle[HANDLE_BYTES + 1], const char *text) {
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-.";
    if (strncmp(text, "at://", 5) == 0) {
        text += 5;
    }
    text += *text == '@' ? 1 : 0;
    size_t length = strlen(text), label = 0, labels = 1;
    if (length == 0 || length > HANDLE_BYTES) {
        return false;
    }
    for (size_t i = 0; i <= length; i++) {
        char c = text[i];
        c = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        handle[i] = c;
        if (c == '\0' || c == '.') {
            if (label == 0 || label > LABEL_BYTES || text[i - 1] == '-') {
                return false;
            }
            labels += c == '.' ? 1 : 0;
            label = 0;
        } else if (strchr(allowed, c) == NULL || (label == 0 && c == '-')) {
            return false;
        } else {
            label++;
        }
    }
    const char *top = strrchr(handle, '.');
    return labels > 1 && (top[1] < '0' || top[1] > '9'); /* an IPv4 address is none */
}

bool did_valid(const char *did) {
    static const char base32[] = "abcdefghijklmnopqrstuvwxyz234567";
    char host[HANDLE_BYTES + 1];
    size_t length = strlen(did);
    if (strncmp(did, "did:plc:", 8) == 0) {
        return length == 8 + 24 && strspn(did + 8, base32) == 24;
    }
    return strncmp(did, "did:web:", 8) == 0 && handle_read(host, did + 8) &&
           strcmp(host, did + 8) == 0;
}

/* ---- the handle */

static void handle_found(struct resolution *resolution, enum refusal refusal);

static void well_known_answered(void *context, const struct http_answer *answer) {
    struct resolution *resolution = context;
    char did[DID_BYTES + 1];
    size_t length = answer->length;
    if (answer->trouble == TROUBLE_UNREACHABLE && resolution->dns_silent) {
        handle_found(resolution, REFUSAL_UNREACHABLE);
        return;
    }
    bool good = answer->trouble == TROUBLE_NONE && answer->status >= 200 && answer->status < 300;
    while (good && length > 0 && strchr(" \t\r\n", answer->body[length - 1]) != NULL) {
        length--;
    }
    if (good && length <= DID_BYTES && memchr(answer->body, '\0', length) == NULL) {
        (void)snprintf(did, sizeof did, "%.*s", (int)length, answer->body);
        if (did_valid(did)) {
            memcpy(resolution->found, did, sizeof did);
            handle_found(resolution, REFUSAL_OK);
            return;
        }
    }
    bool nobody = is_missing(answer) && !resolution->dns_silent;
    handle_found(resolution, nobody ? REFUSAL_BAD_ACCOUNT : REFUSAL_BAD_SERVER);
}

static void well_known_ask(struct resolution *resolution) {
    char url[HANDLE_BYTES + 64];
    (void)snprintf(url, sizeof url, "https://%s/.well-known/atproto-did", resolution->handle);
    struct http_request *request = http_request_new("GET", url);
    http_follow(request);
    http_limit(request, SMALL_BYTES);
    http_send(resolution->reach->http, request, well_known_answered, resolution);
}

/* Several different answers contradict each other, and none counts. */
static void txt_answered(void *context, enum refusal refusal, const char *const *records,
                         size_t count) {
    struct resolution *resolution = context;
    resolution->dns_silent = refusal != REFUSAL_OK;
    for (size_t i = 0; i < count; i++) {
        const char *did = strncmp(records[i], "did=", 4) == 0 ? records[i] + 4 : "";
        if (strlen(did) > DID_BYTES || !did_valid(did)) {
            continue;
        }
        if (resolution->found[0] != '\0' && strcmp(resolution->found, did) != 0) {
            handle_found(resolution, REFUSAL_BAD_SERVER);
            return;
        }
        (void)snprintf(resolution->found, sizeof resolution->found, "%s", did);
    }
    if (resolution->found[0] != '\0') {
        handle_found(resolution, REFUSAL_OK);
    } else {
        well_known_ask(resolution);
    }
}

static void handle_ask(struct resolution *resolution) {
    char name[HANDLE_BYTES + 16];
    (void)snprintf(name, sizeof name, "_atproto.%s", resolution->handle);
    lookup_txt(resolution->reach->lookup, name, txt_answered, resolution);
}

/* ---- the document */

static bool document_names(const json_t *document, const char *handle) {
    const json_t *names = json_object_get(document, "alsoKnownAs");
    for (size_t i = 0; i < json_array_size(names) && i < NAMES_LOOKED; i++) {
        const char *name = json_string_value(json_array_get(names, i));
        char read[HANDLE_BYTES + 1];
        if (name != NULL && strncmp(name, "at://", 5) == 0 && handle_read(read, name) &&
            strcmp(read, handle) == 0) {
            return true;
        }
    }
    return false;
}

static void document_handle(const json_t *document, char handle[HANDLE_BYTES + 1]) {
    const json_t *names = json_object_get(document, "alsoKnownAs");
    handle[0] = '\0';
    for (size_t i = 0; i < json_array_size(names) && i < NAMES_LOOKED; i++) {
        const char *name = json_string_value(json_array_get(names, i));
        if (name != NULL && strncmp(name, "at://", 5) == 0 && handle_read(handle, name)) {
            return;
        }
        handle[0] = '\0';
    }
}

static bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

static bool document_pds(const json_t *document, struct resolution *resolution) {
    const struct bridge_options *options = resolution->reach->options;
    const json_t *services = json_object_get(document, "service");
    for (size_t i = 0; i < json_array_size(services) && i < NAMES_LOOKED; i++) {
        const json_t *service = json_array_get(services, i);
        const char *id = json_text(service, "id"), *type = json_text(service, "type");
        const char *endpoint = json_text(service, "serviceEndpoint");
        if (id != NULL && type != NULL && ends_with(id, "#atproto_pds") &&
            strcmp(type, "AtprotoPersonalDataServer") == 0) {
            return endpoint != NULL && origin_read(resolution->pds, sizeof resolution->pds,
                                                   endpoint, options->peers, options->peer_count);
        }
    }
    return false;
}

static void document_answered(void *context, const struct http_answer *answer) {
    struct resolution *resolution = context;
    if (refusal_of(answer) == REFUSAL_UNREACHABLE) {
        resolution_end(resolution, REFUSAL_UNREACHABLE);
        return;
    }
    const char *id = answer->status == 200 ? json_text(answer->json, "id") : NULL;
    bool known = answer->trouble == TROUBLE_NONE && id != NULL && strcmp(id, resolution->did) == 0;
    if (is_missing(answer) ||
        (known && !resolution->by_did && !document_names(answer->json, resolution->handle))) {
        resolution_end(resolution, REFUSAL_BAD_ACCOUNT);
        return;
    }
    if (!known || !document_pds(answer->json, resolution)) {
        resolution_end(resolution, REFUSAL_BAD_SERVER);
        return;
    }
    if (resolution->by_did) {
        document_handle(answer->json, resolution->handle);
        if (resolution->handle[0] != '\0') {
            handle_ask(resolution);
            return;
        }
    }
    resolution_end(resolution, REFUSAL_OK);
}

static void document_ask(struct resolution *resolution) {
    const char *plc = resolution->reach->options->plc_url;
    char url[LIMIT_URL_BYTES];
    if (strncmp(resolution->did, "did:plc:", 8) == 0) {
        (void)snprintf(url, sizeof url, "%s/%s", plc == NULL ? PLC_DEFAULT : plc, resolution->did);
    } else {
        (void)snprintf(url, sizeof url, "https://%s/.well-known/did.json", resolution->did + 8);
    }
    http_send(resolution->reach->http, http_request_new("GET", url), document_answered, resolution);
}

static void handle_found(struct resolution *resolution, enum refusal refusal) {
    if (resolution->by_did) {
        if (refusal != REFUSAL_OK || strcmp(resolution->found, resolution->did) != 0) {
            resolution->handle[0] = '\0';
        }
        resolution_end(resolution, REFUSAL_OK);
    } else if (refusal != REFUSAL_OK) {
        resolution_end(resolution, refusal);
    } else {
        memcpy(resolution->did, resolution->found, sizeof resolution->did);
        document_ask(resolution);
    }
}

static void name_wrong(void *context, const struct http_answer *answer) {
    (void)answer;
    resolution_end(context, REFUSAL_BAD_SERVER);
}

void identity_resolve(struct reach *reach, const char *name,
                      void (*done)(void *context, enum refusal refusal,
                                   const struct identity *identity),
                      void *context) {
    struct resolution *resolution = memory_new(sizeof *resolution);
    resolution->reach = reach;
    resolution->done = done;
    resolution->context = context;
    if (strlen(name) <= DID_BYTES && did_valid(name)) {
        resolution->by_did = true;
        (void)snprintf(resolution->did, sizeof resolution->did, "%s", name);
        document_ask(resolution);
    } else if (handle_read(resolution->handle, name)) {
        handle_ask(resolution);
    } else {
        /* Asks nobody, and answers never within this call. */
        http_send(reach->http, http_request_new("GET", ""), name_wrong, resolution);
    }
}
