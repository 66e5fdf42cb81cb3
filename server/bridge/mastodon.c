#include "bridge/mastodon.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "bridge/address.h"

#define APPS_MOST 256

const struct network_driver mastodon_driver = {
    .begin = mastodon_begin,
    .finish = mastodon_finish,
    .token = mastodon_token,
    .post = mastodon_post,
    .revoke = mastodon_revoke,
};

struct apps {
    struct app *first; /* the newest */
};

struct apps *apps_new(void) {
    return memory_new(sizeof(struct apps));
}

void app_clear(struct app *app) {
    login_set(&app->origin, NULL);
    login_set(&app->id, NULL);
    login_set(&app->secret, NULL);
    login_set(&app->scopes, NULL);
}

static void apps_cut(struct apps *apps, size_t kept) {
    struct app **at = &apps->first;
    while (*at != NULL && kept > 0) {
        at = &(*at)->next;
        kept--;
    }
    while (*at != NULL) {
        struct app *app = *at;
        *at = app->next;
        app_clear(app);
        free(app);
    }
}

void apps_free(struct apps *apps) {
    if (apps != NULL) {
        apps_cut(apps, 0);
        free(apps);
    }
}

bool app_take(struct apps *apps, const char *origin, const char *scopes, struct app *taken) {
    struct app **at = &apps->first;
    while (*at != NULL &&
           (strcmp((*at)->origin, origin) != 0 || strcmp((*at)->scopes, scopes) != 0)) {
        at = &(*at)->next;
    }
    struct app *app = *at;
    if (app == NULL) {
        return false;
    }
    *at = app->next;
    *taken = *app;
    taken->next = NULL;
    free(app); /* its texts are with `taken` now */
    return true;
}

void app_add(struct apps *apps, const char *origin, const char *id, const char *secret,
             const char *scopes) {
    struct app *app = memory_new(sizeof *app);
    login_set(&app->origin, origin);
    login_set(&app->id, id);
    login_set(&app->secret, secret);
    login_set(&app->scopes, scopes);
    app->next = apps->first;
    apps->first = app;
    apps_cut(apps, APPS_MOST);
}

bool word_sound(const char *word, size_t most) {
    if (word == NULL || *word == '\0' || strlen(word) > most) {
        return false;
    }
    while (*word > ' ' && *word <= '~' && *word != '"' && *word != '\\') {
        word++;
    }
    return *word == '\0';
}

bool link_sound(const char *url, const char *server, const struct bridge_options *options) {
    char origin[LIMIT_ORIGIN_BYTES + 1];
    return word_sound(url, LIMIT_URL_BYTES) && strstr(url, "://") != NULL &&
           (origin_same(url, server) ||
            origin_read(origin, sizeof origin, url, options->peers, options->peer_count));
}
