/* The one table of addresses. */
#ifndef RAUTE_NET_ROUTE_H
#define RAUTE_NET_ROUTE_H

#include <stdint.h>

#include "base/limits.h"

enum method { METHOD_GET, METHOD_POST, METHOD_OTHER }; /* HEAD is a GET without a body */

enum route_name {
    ROUTE_START,
    ROUTE_HEALTH,
    ROUTE_PRIVACY,
    ROUTE_EVENTS,
    ROUTE_CALLBACK,
    ROUTE_CLIENT,
    ROUTE_AUDIENCE,
    ROUTE_MODERATOR,
    ROUTE_STAGE,
    ROUTE_ORGANISER,
    ROUTE_QUESTION,
    ROUTE_SNAPSHOT,
    ROUTE_KEYS,
    ROUTE_PEOPLE, /* the page of all cards, what it is made of, the page of one */
    ROUTE_PEOPLE_JSON,
    ROUTE_CARD,
    ROUTE_FOLLOW,
    ROUTE_EXPORT,
    ROUTE_AVATAR,
    ROUTE_LIVE,
    ROUTE_COMMANDS,
    ROUTE_SHORT, /* /SLUG */
    ROUTE_ASSET, /* anything else: perhaps a file of the web build */
};

/* What the address says besides. */
struct route {
    enum route_name name;
    enum method method; /* that the address takes */
    char slug[LIMIT_SLUG_CHARS + 1];
    uint32_t number;
    uint64_t tag; /* of a card (wire/encode_people.h) */
};

struct route route_find(const char *path);

#endif
