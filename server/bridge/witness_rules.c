/* What a post must say and be, in each of the forms that servers give it. */
#include <stdlib.h>
#include <string.h>

#include "bridge/bluesky.h"
#include "bridge/html.h"
#include "bridge/proof.h"

#define PUBLIC       "https://www.w3.org/ns/activitystreams#Public"
#define NAMES_LOOKED 32 /* of a list */
#define FACETS_MOST  64

static bool is(const char *text, const char *other) {
    return text != NULL && other != NULL && strcmp(text, other) == 0;
}

static bool is_author(const char *name, const struct witness_rule *rule) {
    return is(name, rule->actor) || is(name, rule->profile);
}

/* A text, or a list of texts, with one that is wanted. */
static bool names(const json_t *value, bool (*wanted)(const char *name, const void *context),
                  const void *context) {
    if (json_is_string(value)) {
        return wanted(json_string_value(value), context);
    }
    for (size_t at = 0; at < json_array_size(value) && at < NAMES_LOOKED; at++) {
        const char *name = json_string_value(json_array_get(value, at));
        if (name != NULL && wanted(name, context)) {
            return true;
        }
    }
    return false;
}

static bool name_is_author(const char *name, const void *context) {
    return is_author(name, context);
}

static bool name_is_public(const char *name, const void *context) {
    (void)context;
    return is(name, PUBLIC) || is(name, "as:Public") || is(name, "Public");
}

static bool time_fits(const char *made, const struct witness_rule *rule) {
    if (rule->not_before == 0 && rule->not_after == 0) {
        return true;
    }
    int64_t at = made == NULL ? -1 : http_time(made);
    return at >= rule->not_before && at <= rule->not_after;
}

/* People may leave out the scheme, as posts on
 * Bluesky do; a longer code is another one. */
static bool has_wanted(const char *text, const struct witness_rule *rule) {
    if (rule->wanted == NULL) {
        return true;
    }
    const char *scheme = strstr(rule->wanted, "://");
    const char *wanted = scheme == NULL ? rule->wanted : scheme + 3;
    size_t length = strlen(wanted);
    for (const char *at = text; at != NULL && (at = strstr(at, wanted)) != NULL; at += length) {
        char next = at[length];
        bool longer = (next >= '0' && next <= '9') || (next >= 'A' && next <= 'Z') ||
                      (next >= 'a' && next <= 'z') || next == '-' || next == '_';
        if (!longer) {
            return true;
        }
    }
    return false;
}

static bool link_wanted(void *context, const char *rel, const char *href) {
    (void)rel;
    return has_wanted(href, context);
}

/* Servers may write any character of a link as entity, and show it cut short. */
static bool html_wanted(const char *html, const struct witness_rule *rule) {
    struct witness_rule copy = *rule;
    if (rule->wanted == NULL) {
        return true;
    }
    if (html == NULL) {
        return false;
    }
    char *plain = html_plain(html);
    bool found = has_wanted(plain, rule) || html_links(html, strlen(html), link_wanted, &copy);
    free(plain);
    return found;
}

enum refusal witness_note(const json_t *note, const struct witness_rule *rule) {
    if (!names(json_object_get(note, "attributedTo"), name_is_author, rule)) {
        return REFUSAL_BAD_ACCOUNT;
    }
    bool open = names(json_object_get(note, "to"), name_is_public, NULL) ||
                names(json_object_get(note, "cc"), name_is_public, NULL);
    bool fits = open && time_fits(json_text(note, "published"), rule) &&
                html_wanted(json_text(note, "content"), rule);
    return fits ? REFUSAL_OK : REFUSAL_BAD_CODE;
}

enum refusal witness_status(const json_t *status, const struct witness_rule *rule) {
    const json_t *account = json_object_get(status, "account");
    const char *visibility = json_text(status, "visibility");
    if (!is_author(json_text(account, "uri"), rule) &&
        !is_author(json_text(account, "url"), rule)) {
        return REFUSAL_BAD_ACCOUNT;
    }
    bool own = !json_is_object(json_object_get(status, "reblog"));
    bool open = is(visibility, "public") || is(visibility, "unlisted");
    bool fits = own && open && time_fits(json_text(status, "created_at"), rule) &&
                html_wanted(json_text(status, "content"), rule);
    return fits ? REFUSAL_OK : REFUSAL_BAD_CODE;
}

/* A record stands in its author's own repository. */
enum refusal witness_record(const json_t *record, const struct witness_rule *rule) {
    const json_t *card = json_object_get(json_object_get(record, "embed"), "external");
    const json_t *facets = json_object_get(record, "facets");
    bool said =
        has_wanted(json_text(record, "text"), rule) || has_wanted(json_text(card, "uri"), rule);
    for (size_t at = 0; !said && at < json_array_size(facets) && at < FACETS_MOST; at++) {
        const json_t *features = json_object_get(json_array_get(facets, at), "features");
        for (size_t i = 0; !said && i < json_array_size(features) && i < NAMES_LOOKED; i++) {
            said = has_wanted(json_text(json_array_get(features, i), "uri"), rule);
        }
    }
    bool fits = is(json_text(record, "$type"), BLUESKY_COLLECTION) &&
                time_fits(json_text(record, "createdAt"), rule) && said;
    return fits ? REFUSAL_OK : REFUSAL_BAD_CODE;
}
