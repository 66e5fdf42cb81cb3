#include "bridge/home.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

#define KEY_TEXT  2048
#define URL_BYTES 4096
#define URLS_MOST (LIMIT_REPLY_BYTES - 256) /* bytes, with what stands around them */

/* ---- keys */

static void key_make(char rkey[LIMIT_POST_TOKEN_BYTES + 1], const uint8_t event[EVENT_ID_BYTES],
                     const char *what, const char *whose, uint32_t talk, uint32_t part) {
    uint8_t hash[crypto_generichash_BYTES];
    struct buffer text = buffer_make(KEY_TEXT);
    uint64_t value = 0;
    buffer_append(&text, event, EVENT_ID_BYTES);
    buffer_format(&text, "%s %s %u %u", what, whose, talk, part);
    INVARIANT(!text.overflow);
    (void)crypto_generichash(hash, sizeof hash, text.data, text.length, NULL, 0);
    for (int at = 0; at < 8; at++) {
        value = value << 8 | hash[at];
    }
    bluesky_key(rkey, value >> 1);
    buffer_clear(&text);
}

static void item_key(char rkey[LIMIT_POST_TOKEN_BYTES + 1], const struct home_plan *plan,
                     const char *list, const char *did) {
    struct buffer whose = buffer_make(KEY_TEXT / 2);
    buffer_format(&whose, "%s %s", list, did);
    key_make(rkey, plan->event, "item", whose.overflow ? "" : (const char *)whose.data, 0, 0);
    buffer_clear(&whose);
}

/* ---- the plan */

static int by_talk(const void *a, const void *b) {
    const struct peek_person *one = *(const struct peek_person *const *)a;
    const struct peek_person *other = *(const struct peek_person *const *)b;
    if (one->talk != other->talk) {
        return one->talk < other->talk ? -1 : 1;
    }
    return strcmp(one->did, other->did);
}

static int by_did(const void *a, const void *b) {
    const struct peek_person *one = *(const struct peek_person *const *)a;
    const struct peek_person *other = *(const struct peek_person *const *)b;
    int order = strcmp(one->did, other->did);
    return order != 0 ? order : by_talk(a, b);
}

static const char *title_of(const struct peek *peek, uint32_t talk) {
    for (uint32_t at = 0; at < peek->talk_count && talk != 0; at++) {
        if (peek->talks[at].id == talk) {
            return peek->talks[at].title;
        }
    }
    return peek->settings.title;
}

/* Cut where a letter ends. */
static void name_make(char name[HOME_NAME + 1], const char *title, uint32_t part) {
    char end[16] = "";
    if (part > 0) {
        (void)snprintf(end, sizeof end, " %u", part + 1);
    }
    size_t graphemes = HOME_NAME;
    while (text_cut(title, graphemes) > HOME_NAME - strlen(end)) {
        graphemes--;
    }
    (void)snprintf(name, HOME_NAME + 1, "%.*s%s", (int)text_cut(title, graphemes), title, end);
}

static void list_add(struct home_plan *plan, const struct peek *peek, const char *did,
                     uint32_t talk, uint32_t part) {
    struct home_list *list = &plan->lists[plan->list_count++];
    *list = (struct home_list){.talk = talk, .part = part};
    key_make(list->rkey, plan->event, "list", "", talk, part);
    (void)snprintf(list->uri, sizeof list->uri, "at://%s/" HOME_LISTS "/%s", did, list->rkey);
    name_make(list->name, title_of(peek, talk), part);
}

/* Everybody once, in a talk's part when there are too many for one list. */
static uint32_t people_sort(const struct peek_person **sorted, const struct peek *peek) {
    uint32_t count = 0;
    for (uint32_t at = 0; at < peek->person_count; at++) {
        sorted[at] = &peek->people[at];
    }
    qsort(sorted, peek->person_count, sizeof(struct peek_person *), by_did);
    for (uint32_t at = 0; at < peek->person_count; at++) {
        if (count == 0 || strcmp(sorted[count - 1]->did, sorted[at]->did) != 0) {
            sorted[count++] = sorted[at];
        }
    }
    if (count > HOME_LIST) {
        qsort(sorted, count, sizeof(struct peek_person *), by_talk);
    }
    return count;
}

void home_plan_make(struct home_plan *plan, const struct peek *peek, const char *did) {
    const struct peek_person **sorted =
        memory_new((peek->person_count + 1) * sizeof(struct peek_person *));
    uint32_t count = people_sort(sorted, peek), in_list = 0;
    *plan = (struct home_plan){.gone = json_array()};
    memcpy(plan->event, peek->event, sizeof plan->event);
    plan->people = memory_new((count + 1) * sizeof *plan->people);
    plan->lists = memory_new((count + 1) * sizeof *plan->lists);
    for (uint32_t at = 0; at < count; at++) {
        uint32_t talk = count > HOME_LIST ? sorted[at]->talk : 0;
        bool first = plan->list_count == 0;
        const struct home_list *last = &plan->lists[first ? 0 : plan->list_count - 1];
        bool same = !first && last->talk == talk;
        if (!same || in_list == HOME_LIST) {
            list_add(plan, peek, did, talk, same ? last->part + 1 : 0);
            in_list = 0;
        }
        struct home_person *person = &plan->people[plan->person_count++];
        person->did = sorted[at]->did;
        person->list = plan->list_count - 1;
        item_key(person->rkey, plan, plan->lists[person->list].uri, person->did);
        in_list++;
    }
    free(sorted);
}

void home_plan_clear(struct home_plan *plan) {
    for (uint32_t at = 0; at < plan->list_count; at++) {
        json_decref(plan->lists[at].old);
    }
    free(plan->lists);
    free(plan->people);
    json_decref(plan->gone);
    *plan = (struct home_plan){0};
}

/* ---- what is there */

static const char *rkey_of(const json_t *record) {
    const char *uri = json_text(record, "uri");
    const char *slash = uri == NULL ? NULL : strrchr(uri, '/');
    return slash == NULL ? "" : slash + 1;
}

void home_plan_list(struct home_plan *plan, const json_t *record) {
    const json_t *value = json_object_get(record, "value");
    const char *rkey = rkey_of(record), *name = json_text(value, "name");
    for (uint32_t at = 0; at < plan->list_count; at++) {
        struct home_list *list = &plan->lists[at];
        if (strcmp(list->rkey, rkey) == 0) {
            list->there = name != NULL && strcmp(name, list->name) == 0;
            json_decref(list->old);
            list->old = json_deep_copy(value);
        }
    }
}

void home_plan_item(struct home_plan *plan, const json_t *record) {
    const json_t *value = json_object_get(record, "value");
    const char *list = json_text(value, "list"), *did = json_text(value, "subject");
    const char *rkey = rkey_of(record);
    char ours[LIMIT_POST_TOKEN_BYTES + 1];
    if (list == NULL || did == NULL) {
        return;
    }
    item_key(ours, plan, list, did);
    if (strcmp(ours, rkey) != 0) {
        return; /* of the account's own lists, or another event's */
    }
    for (uint32_t at = 0; at < plan->person_count; at++) {
        if (strcmp(plan->people[at].rkey, rkey) == 0) {
            plan->people[at].there = true;
            return;
        }
    }
    INVARIANT(json_array_append_new(plan->gone, json_string(rkey)) == 0);
}

/* ---- where they are for people */

json_t *home_plan_urls(const struct home_plan *plan, const char *did) {
    json_t *urls = json_array();
    size_t bytes = 0;
    for (uint32_t at = 0; at < plan->list_count; at++) {
        struct buffer url = buffer_make(URL_BYTES);
        buffer_format(&url, "%s/profile/%s/lists/%s", BLUESKY_APP, did, plan->lists[at].rkey);
        bytes += url.length + strlen("\"\",");
        if (bytes <= URLS_MOST) {
            INVARIANT(json_array_append_new(urls, json_string((const char *)url.data)) == 0);
        }
        buffer_clear(&url);
    }
    return urls;
}

/* ---- what is to be written */

static void write_add(json_t *writes, const char *act, const char *collection, const char *rkey,
                      json_t *value) {
    char type[64];
    (void)snprintf(type, sizeof type, "com.atproto.repo.applyWrites#%s", act);
    json_t *write =
        json_pack("{s:s,s:s,s:s}", "$type", type, "collection", collection, "rkey", rkey);
    INVARIANT(write != NULL);
    if (value != NULL) {
        INVARIANT(json_object_set_new(write, "value", value) == 0);
    }
    INVARIANT(json_array_append_new(writes, write) == 0);
}

static void list_write(json_t *writes, const struct home_list *list, const char *now) {
    json_t *value =
        json_pack("{s:s,s:s,s:s,s:s}", "$type", HOME_LISTS, "purpose",
                  "app.bsky.graph.defs#curatelist", "name", list->name, "createdAt", now);
    if (list->old != NULL) { /* what the organiser wrote there stays */
        json_decref(value);
        value = json_deep_copy(list->old);
        (void)json_object_set_new(value, "name", json_string(list->name));
    }
    INVARIANT(value != NULL);
    write_add(writes, list->old == NULL ? "create" : "update", HOME_LISTS, list->rkey, value);
}

json_t *home_plan_writes(const struct home_plan *plan, int64_t now_unix_ms) {
    char now[BLUESKY_TIME_BYTES];
    json_t *writes = json_array();
    bluesky_time(now, now_unix_ms);
    for (size_t at = 0; at < json_array_size(plan->gone); at++) {
        const char *rkey = json_string_value(json_array_get(plan->gone, at));
        write_add(writes, "delete", HOME_LISTITEMS, rkey, NULL);
    }
    for (uint32_t at = 0; at < plan->list_count; at++) {
        if (!plan->lists[at].there) {
            list_write(writes, &plan->lists[at], now);
        }
    }
    for (uint32_t at = 0; at < plan->person_count; at++) {
        const struct home_person *person = &plan->people[at];
        if (!person->there) {
            write_add(writes, "create", HOME_LISTITEMS, person->rkey,
                      json_pack("{s:s,s:s,s:s,s:s}", "$type", HOME_LISTITEMS, "subject",
                                person->did, "list", plan->lists[person->list].uri, "createdAt",
                                now));
        }
    }
    return writes;
}
