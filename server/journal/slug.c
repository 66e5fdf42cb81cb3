#include "journal/slug.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"

static const char *const reserved[] = {
    "about",    "accounts", "admin",     "api",       "app",      "assets",    "audience",
    "backup",   "bridge",   "card",      "cards",     "code",     "codes",     "control",
    "create",   "css",      "de",        "docs",      "download", "e",         "en",
    "error",    "event",    "events",    "export",    "favicon",  "feed",      "fonts",
    "healthz",  "help",     "home",      "icons",     "img",      "import",    "impressum",
    "imprint",  "inbox",    "index",     "js",        "keys",     "known",     "legal",
    "live",     "login",    "logout",    "manifest",  "metrics",  "moderator", "new",
    "nodeinfo", "null",     "oauth",     "organiser", "outbox",   "people",    "post",
    "posts",    "privacy",  "q",         "questions", "raute",    "robots",    "search",
    "service",  "settings", "sitemap",   "snapshot",  "stage",    "start",     "static",
    "status",   "tickets",  "undefined", "users",     "wall",     "webfinger", "well",
    "words",    "worker",
};

bool slug_valid(const char *slug) {
    size_t length = strlen(slug);
    return length >= LIMIT_SLUG_CHARS_MIN && length <= LIMIT_SLUG_CHARS &&
           strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789") == length;
}

bool slug_reserved(const char *slug) {
    for (size_t at = 0; at < sizeof reserved / sizeof reserved[0]; at++) {
        if (strcmp(slug, reserved[at]) == 0) {
            return true;
        }
    }
    return false;
}

enum refusal slug_settle(char slug[LIMIT_SLUG_CHARS + 1], const char *hashtag, bool exact,
                         bool (*taken)(void *context, const char *slug), void *context) {
    if (slug[0] == '\0') {
        exact = false;
        text_slug(slug, hashtag);
        size_t length = strlen(slug);
        if (length < LIMIT_SLUG_CHARS_MIN) {
            memcpy(slug + length, "event", sizeof "event");
        }
    }
    if (!slug_valid(slug)) {
        return REFUSAL_BAD_SLUG;
    }
    if (exact) {
        return slug_reserved(slug) || taken(context, slug) ? REFUSAL_SLUG_TAKEN : REFUSAL_OK;
    }
    size_t length = strlen(slug);
    for (unsigned number = 2; slug_reserved(slug) || taken(context, slug); number++) {
        char digits[12];
        int count = snprintf(digits, sizeof digits, "%u", number);
        INVARIANT(count > 0 && number < 10 * LIMIT_EVENTS);
        size_t kept = LIMIT_SLUG_CHARS - (size_t)count;
        kept = kept < length ? kept : length;
        memcpy(slug + kept, digits, (size_t)count + 1);
    }
    return REFUSAL_OK;
}
