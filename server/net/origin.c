#include "net/origin.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

/* What follows the scheme of an http(s) URL; NULL for other schemes. */
static const char *url_host(const char *url) {
    if (strncasecmp(url, "http://", 7) == 0) {
        return url + 7;
    }
    if (strncasecmp(url, "https://", 8) == 0) {
        return url + 8;
    }
    return NULL;
}

/* An origin has a scheme and an authority, nothing behind. */
static bool origin_of_url(const char *origin, const char *url) {
    const char *authority = url_host(url);
    if (authority == NULL) {
        return false;
    }
    size_t length = (size_t)(authority - url) + strcspn(authority, "/?#");
    return strlen(origin) == length && strncasecmp(origin, url, length) == 0;
}

bool origin_allowed(const char *origin, const char *host, const char *public_url) {
    if (origin == NULL) {
        return true;
    }
    const char *authority = url_host(origin);
    if (authority == NULL || *authority == '\0') {
        return false;
    }
    if (host != NULL && strcasecmp(authority, host) == 0) {
        return true;
    }
    return origin_of_url(origin, public_url);
}

bool host_clean(const char *host) {
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789.-_:[]";
    return *host != '\0' && host[strspn(host, allowed)] == '\0';
}
