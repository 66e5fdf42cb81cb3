#include "net/route.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "wire/encode_people.h"

/* `*` stands for a slug, `#` for the number of a question or an account, `@` for a card's tag. */
static const struct {
    const char *pattern;
    enum route_name name;
    enum method method;
} ROUTES[] = {
    {"/", ROUTE_START, METHOD_GET},
    {"/healthz", ROUTE_HEALTH, METHOD_GET},
    {"/privacy", ROUTE_PRIVACY, METHOD_GET},
    {"/events", ROUTE_EVENTS, METHOD_POST},
    {"/oauth/callback", ROUTE_CALLBACK, METHOD_GET},
    {"/oauth/client.json", ROUTE_CLIENT, METHOD_GET},
    {"/e/*", ROUTE_AUDIENCE, METHOD_GET},
    {"/e/*/moderator", ROUTE_MODERATOR, METHOD_GET},
    {"/e/*/stage", ROUTE_STAGE, METHOD_GET},
    {"/e/*/organiser", ROUTE_ORGANISER, METHOD_GET},
    {"/e/*/q/#", ROUTE_QUESTION, METHOD_GET},
    {"/e/*/snapshot", ROUTE_SNAPSHOT, METHOD_GET},
    {"/e/*/keys", ROUTE_KEYS, METHOD_GET},
    {"/e/*/people", ROUTE_PEOPLE, METHOD_GET},
    {"/e/*/people.json", ROUTE_PEOPLE_JSON, METHOD_GET},
    {"/e/*/people/@", ROUTE_CARD, METHOD_GET},
    {"/e/*/follow", ROUTE_FOLLOW, METHOD_GET},
    {"/e/*/export", ROUTE_EXPORT, METHOD_GET},
    {"/e/*/accounts/#/avatar", ROUTE_AVATAR, METHOD_GET},
    {"/e/*/live", ROUTE_LIVE, METHOD_GET},
    {"/e/*/commands", ROUTE_COMMANDS, METHOD_POST},
    {"/*", ROUTE_SHORT, METHOD_GET},
    {"/*/", ROUTE_SHORT, METHOD_GET},
    {"/e/*/", ROUTE_SHORT, METHOD_GET},
};

/* Reads a slug, upper case forgiven: people type it. */
static const char *slug_read(const char *path, char slug[LIMIT_SLUG_CHARS + 1]) {
    size_t count = 0;
    for (; *path != '\0' && *path != '/'; path++, count++) {
        char c = *path;
        if (c >= 'A' && c <= 'Z') {
            c = (char)(c - 'A' + 'a');
        }
        bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!fits || count == LIMIT_SLUG_CHARS) {
            return NULL;
        }
        slug[count] = c;
    }
    slug[count] = '\0';
    return count >= LIMIT_SLUG_CHARS_MIN ? path : NULL;
}

static const char *number_read(const char *path, uint32_t *number) {
    uint64_t value = 0;
    if (*path < '1' || *path > '9') {
        return NULL;
    }
    for (; *path >= '0' && *path <= '9'; path++) {
        value = value * 10 + (uint64_t)(*path - '0');
        if (value > UINT32_MAX) {
            return NULL;
        }
    }
    *number = (uint32_t)value;
    return path;
}

static const char *tag_read(const char *path, uint64_t *tag) {
    char text[CARD_TAG_CHARS + 1] = "";
    uint8_t bytes[CARD_TAG_BYTES];
    memcpy(text, path, strnlen(path, CARD_TAG_CHARS));
    if (!base64_decode(bytes, sizeof bytes, text)) {
        return NULL;
    }
    *tag = card_tag(bytes);
    return path + CARD_TAG_CHARS;
}

static bool route_matches(const char *pattern, const char *path, struct route *route) {
    for (; *pattern != '\0' && path != NULL; pattern++) {
        if (*pattern == '*') {
            path = slug_read(path, route->slug);
        } else if (*pattern == '#') {
            path = number_read(path, &route->number);
        } else if (*pattern == '@') {
            path = tag_read(path, &route->tag);
        } else if (*path == *pattern) {
            path++;
        } else {
            return false;
        }
    }
    return path != NULL && *path == '\0';
}

struct route route_find(const char *path) {
    for (size_t i = 0; i < sizeof ROUTES / sizeof *ROUTES; i++) {
        struct route route = {.name = ROUTES[i].name, .method = ROUTES[i].method};
        if (route_matches(ROUTES[i].pattern, path, &route)) {
            return route;
        }
    }
    return (struct route){.name = ROUTE_ASSET, .method = METHOD_GET};
}
