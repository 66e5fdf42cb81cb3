/* Which of an account's posts is the one that nobody has noted. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "bridge/html.h"
#include "bridge/x.h"

#define LINKS_MOST 16 /* of a post that are looked at */

static const json_t *post_urls(const json_t *post) {
    return json_object_get(json_object_get(post, "entities"), "urls");
}

static bool has_link(const json_t *post, const char *link) {
    const json_t *urls = post_urls(post);
    for (size_t i = 0; i < json_array_size(urls); i++) {
        const char *expanded = json_text(json_array_get(urls, i), "expanded_url");
        if (expanded != NULL && strcmp(expanded, link) == 0) {
            return true;
        }
    }
    return false;
}

/* The post that this one replies to; "" for none. */
static const char *parent_of(const json_t *post) {
    const json_t *list = json_object_get(post, "referenced_tweets");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *type = json_text(json_array_get(list, i), "type");
        const char *id = json_text(json_array_get(list, i), "id");
        if (type != NULL && id != NULL && strcmp(type, "replied_to") == 0) {
            return id;
        }
    }
    return "";
}

/* `text` with `new` for each `old`; frees it. */
static char *replaced(char *text, const char *old, const char *new) {
    struct buffer out = buffer_make(LIMIT_FAR_BYTES);
    const char *at = text;
    for (const char *next; (next = strstr(at, old)) != NULL; at = next + strlen(old)) {
        buffer_append(&out, at, (size_t)(next - at));
        buffer_text(&out, new);
    }
    buffer_text(&out, at);
    if (!out.overflow) {
        size_t length;
        free(text);
        text = (char *)buffer_take(&out, &length);
    }
    buffer_clear(&out);
    return text == NULL ? memory_text("") : text;
}

/* What the post says, with the links that were written instead of X's own. */
static char *words_of(const json_t *post) {
    const json_t *urls = post_urls(post);
    char *text = html_plain(json_text(post, "text")); /* has &amp; and the like */
    for (size_t i = 0; i < json_array_size(urls) && i < LINKS_MOST; i++) {
        const char *shown = json_text(json_array_get(urls, i), "url");
        const char *expanded = json_text(json_array_get(urls, i), "expanded_url");
        if (shown != NULL && *shown != '\0' && expanded != NULL) {
            text = replaced(text, shown, expanded);
        }
    }
    return text;
}

static bool is_found(const struct job *job, const json_t *post) {
    const char *parent = job->parent == NULL ? "" : job->parent;
    if (json_text(post, "text") == NULL || !has_link(post, job->link) ||
        strcmp(parent_of(post), parent) != 0) {
        return false;
    }
    char *words = words_of(post);
    bool found = post_seen(job->kind, job->text, words);
    free(words);
    return found;
}

bool x_id_sound(const char *id) {
    return id != NULL && *id != '\0' && strlen(id) <= X_ID_CHARS &&
           id[strspn(id, "0123456789")] == '\0';
}

const char *x_find(const struct job *job, const json_t *posts) {
    for (size_t i = 0; i < json_array_size(posts); i++) {
        const json_t *post = json_array_get(posts, i);
        const char *id = json_text(post, "id");
        if (x_id_sound(id) && strcmp(id, job->far) != 0 && is_found(job, post)) {
            return id;
        }
    }
    return NULL;
}
