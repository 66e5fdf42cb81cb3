#include "bridge/address.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

#define HOST_CHARS   253
#define PLACE_BYTES  (HOST_CHARS + 3) /* brackets of an IPv6 address included */
#define SCHEME_BYTES 6
#define PORT_BYTES   6

struct range {
    uint8_t prefix[16];
    unsigned bits;
};

static const struct range closed4[] = {
    {{0}, 8},
    {{10}, 8},
    {{100, 64}, 10},
    {{127}, 8},
    {{169, 254}, 16},
    {{172, 16}, 12},
    {{192, 0, 0}, 24},
    {{192, 0, 2}, 24},
    {{192, 88, 99}, 24},
    {{192, 168}, 16},
    {{198, 18}, 15},
    {{198, 51, 100}, 24},
    {{203, 0, 113}, 24},
    {{224}, 4},
    {{240}, 4},
};
static const struct range open6 = {{0x20}, 3}; /* global unicast; all else is refused */
static const struct range closed6[] = {
    {{0x20, 0x01, 0x00}, 23},       /* IETF: Teredo, benchmarking, ORCHID */
    {{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
    {{0x20, 0x02}, 16},             /* 6to4 */
    {{0x3f, 0xff}, 20},             /* documentation */
};
static const struct range mapped4 = {{[10] = 0xff, [11] = 0xff}, 96};

static bool range_has(const struct range *range, const uint8_t *address) {
    unsigned bytes = range->bits / 8, rest = range->bits % 8;
    if (memcmp(range->prefix, address, bytes) != 0) {
        return false;
    }
    unsigned mask = 0xffu << (8 - rest);
    return rest == 0 || ((range->prefix[bytes] ^ address[bytes]) & mask & 0xffu) == 0;
}

static bool ranges_have(const struct range *ranges, size_t count, const uint8_t *address) {
    for (size_t at = 0; at < count; at++) {
        if (range_has(&ranges[at], address)) {
            return true;
        }
    }
    return false;
}

static bool public4(const uint8_t *address) {
    return !ranges_have(closed4, sizeof closed4 / sizeof *closed4, address);
}

static bool public6(const uint8_t *address) {
    if (range_has(&mapped4, address)) {
        return public4(address + 12);
    }
    return range_has(&open6, address) &&
           !ranges_have(closed6, sizeof closed6 / sizeof *closed6, address);
}

bool address_public(const struct sockaddr *address) {
    if (address->sa_family == AF_INET) {
        struct sockaddr_in four;
        memcpy(&four, address, sizeof four);
        return public4((const uint8_t *)&four.sin_addr);
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 six;
        memcpy(&six, address, sizeof six);
        return public6(six.sin6_addr.s6_addr);
    }
    return false;
}

/* Where a URL leads: lower case; an IPv6 address in brackets. */
struct place {
    char scheme[SCHEME_BYTES];
    char host[PLACE_BYTES];
    char port[PORT_BYTES];
    bool port_default;
};

static bool part_copy(char *copy, size_t room, CURLU *url, CURLUPart part, unsigned flags) {
    char *value = NULL;
    if (curl_url_get(url, part, &value, flags) != CURLUE_OK) {
        return false;
    }
    size_t length = strlen(value);
    bool fits = length > 0 && length < room;
    for (size_t at = 0; fits && at <= length; at++) {
        copy[at] = value[at] >= 'A' && value[at] <= 'Z' ? (char)(value[at] + 32) : value[at];
    }
    curl_free(value);
    return fits;
}

static bool host_copy(char *copy, size_t room, CURLU *url) {
    return part_copy(copy, room, url, CURLUPART_HOST, 0) &&
           copy[strspn(copy, "abcdefghijklmnopqrstuvwxyz0123456789-._:[]")] == '\0';
}

static bool place_read(struct place *place, const char *text) {
    CURLU *url = curl_url();
    char port[PORT_BYTES];
    *place = (struct place){0};
    bool read = url != NULL &&
                curl_url_set(url, CURLUPART_URL, text, CURLU_DISALLOW_USER) == CURLUE_OK &&
                part_copy(place->scheme, sizeof place->scheme, url, CURLUPART_SCHEME, 0) &&
                host_copy(place->host, sizeof place->host, url) &&
                part_copy(place->port, sizeof place->port, url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    if (read) {
        place->port_default =
            !part_copy(port, sizeof port, url, CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
    }
    curl_url_cleanup(url);
    return read && (strcmp(place->scheme, "https") == 0 || strcmp(place->scheme, "http") == 0);
}

static bool place_is_peer(const struct place *place, const char *const *peers, size_t peer_count) {
    char name[PLACE_BYTES + PORT_BYTES];
    (void)snprintf(name, sizeof name, "%s:%s", place->host, place->port);
    for (size_t at = 0; at < peer_count; at++) {
        if (strcasecmp(name, peers[at]) == 0) {
            return true;
        }
    }
    return false;
}

/* Letters, digits and hyphens between dots; the last label is no number, so it is no address. */
static bool host_is_name(const char *host) {
    size_t label = 0, labels = 0;
    bool digits = true;
    for (const char *at = host;; at++) {
        if (*at == '.' || *at == '\0') {
            if (label == 0 || label > 63 || at[-1] == '-') {
                return false;
            }
            labels++;
            if (*at == '\0') {
                return labels > 1 && !digits;
            }
            label = 0;
            digits = true;
            continue;
        }
        if (strchr(":[]_", *at) != NULL || (*at == '-' && label == 0)) {
            return false;
        }
        digits = digits && *at >= '0' && *at <= '9';
        label++;
    }
}

bool origin_read(char *origin, size_t room, const char *text, const char *const *peers,
                 size_t peer_count) {
    char typed[1024];
    struct place place;
    int length =
        snprintf(typed, sizeof typed, "%s%s", strstr(text, "://") == NULL ? "https://" : "", text);
    if (length < 0 || (size_t)length >= sizeof typed || !place_read(&place, typed)) {
        return false;
    }
    bool peer = place_is_peer(&place, peers, peer_count);
    if (!peer && (strcmp(place.scheme, "https") != 0 || !host_is_name(place.host))) {
        return false;
    }
    length = snprintf(origin, room, "%s://%s%s%s", place.scheme, place.host,
                      place.port_default ? "" : ":", place.port_default ? "" : place.port);
    return length > 0 && (size_t)length < room;
}

bool peer_allowed(const char *url, const char *const *peers, size_t peer_count) {
    struct place place;
    return place_read(&place, url) && place_is_peer(&place, peers, peer_count);
}

bool url_allowed(const char *url, const char *const *peers, size_t peer_count) {
    struct place place;
    for (const char *at = url; *at != '\0'; at++) {
        if (*at <= ' ' || *at > '~') {
            return false;
        }
    }
    return place_read(&place, url) &&
           (strcmp(place.scheme, "https") == 0 || place_is_peer(&place, peers, peer_count));
}

bool origin_same(const char *one, const char *other) {
    struct place a, b;
    return place_read(&a, one) && place_read(&b, other) && strcmp(a.scheme, b.scheme) == 0 &&
           strcmp(a.host, b.host) == 0 && strcmp(a.port, b.port) == 0;
}

/* An owned copy of a part that a URL may lack: "" then. */
static char *part_take(CURLU *url, CURLUPart part) {
    char *value = NULL;
    char *copy = memory_text(curl_url_get(url, part, &value, 0) == CURLUE_OK ? value : "");
    curl_free(value);
    return copy;
}

/* Path without its final slash, and query. */
static char *page_take(const char *text) {
    CURLU *url = curl_url();
    if (url == NULL || curl_url_set(url, CURLUPART_URL, text, 0) != CURLUE_OK) {
        curl_url_cleanup(url);
        return memory_text("");
    }
    char *path = part_take(url, CURLUPART_PATH), *query = part_take(url, CURLUPART_QUERY);
    size_t length = strlen(path), room = length + strlen(query) + 2;
    char *page = memory_new(room);
    (void)snprintf(page, room, "%.*s?%s",
                   (int)(length > 0 && path[length - 1] == '/' ? length - 1 : length), path, query);
    free(path);
    free(query);
    curl_url_cleanup(url);
    return page;
}

bool url_same(const char *one, const char *other) {
    if (!origin_same(one, other)) {
        return false;
    }
    char *a = page_take(one), *b = page_take(other);
    bool same = strcmp(a, b) == 0;
    free(a);
    free(b);
    return same;
}

bool host_origin(char *origin, size_t room, const char *host, const char *const *peers,
                 size_t peer_count) {
    char url[PLACE_BYTES + PORT_BYTES + 10];
    if (strpbrk(host, "/?#@\\ ") != NULL) {
        return false;
    }
    int length = snprintf(url, sizeof url, "http://%s", host);
    bool peer = length > 0 && (size_t)length < sizeof url && peer_allowed(url, peers, peer_count);
    return origin_read(origin, room, peer ? url : host, peers, peer_count);
}
