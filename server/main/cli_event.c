/* raute event create, list, delete, links. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "main/cli.h"
#include "wire/words.h"

static int ask_and_say(const struct options *options, struct buffer *line) {
    struct control_result result;
    bool done = cli_ask(options, line, &result);
    buffer_clear(line);
    return done ? cli_say(options, &result) : EXIT_FAILED;
}

int event_create(const struct options *options) {
    const char *hashtags[LIMIT_HASHTAGS];
    struct buffer line = buffer_make(LIMIT_CONTROL_BYTES);
    int language = (int)cli_language();
    if (options->values[OPTION_LANGUAGE] != NULL) {
        language = language_find(options->values[OPTION_LANGUAGE]);
    }
    if (language < 0) {
        fprintf(stderr, "raute: --language is de or en.\n");
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < options->hashtag_count; i++) {
        hashtags[i] = options->hashtags[i] + (options->hashtags[i][0] == '#' ? 1 : 0);
    }
    control_ask_create(&line, options->values[OPTION_TITLE], hashtags, options->hashtag_count,
                       options->values[OPTION_SLUG], (enum language)language);
    return ask_and_say(options, &line);
}

int event_delete(const struct options *options) {
    struct buffer line = buffer_make(LIMIT_CONTROL_BYTES);
    control_ask_delete(&line, options->argument);
    return ask_and_say(options, &line);
}

int event_links(const struct options *options) {
    struct buffer line = buffer_make(LIMIT_CONTROL_BYTES);
    control_ask_links(&line, options->argument);
    return ask_and_say(options, &line);
}

static void minute_write(char text[32], uint32_t minute) {
    time_t seconds = (time_t)minute * 60;
    struct tm local;
    localtime_r(&seconds, &local);
    strftime(text, 32, "%Y-%m-%d %H:%M", &local);
}

static json_t *event_object(const struct event *event) {
    json_t *hashtags = json_array();
    for (uint32_t i = 0; i < event->settings.hashtag_count; i++) {
        json_array_append_new(hashtags, json_string(event->settings.hashtags[i]));
    }
    return json_pack("{s:s, s:s, s:o, s:I, s:I, s:I}", "slug", event->slug, "title",
                     event->settings.title, "hashtags", hashtags, "start",
                     (json_int_t)event->settings.start, "end", (json_int_t)event->settings.end,
                     "questions", (json_int_t)event->question_count);
}

static void event_line(const struct event *event) {
    char end[32];
    minute_write(end, event->settings.end);
    printf("%-20s  until %s  %6u questions  %s\n", event->slug, end, event->question_count,
           event->settings.title);
}

static int events_by_slug(const void *left, const void *right) {
    const struct event *const *a = left;
    const struct event *const *b = right;
    return strcmp((*a)->slug, (*b)->slug);
}

static void events_print(const struct options *options, struct event **events, size_t count) {
    json_t *list = json_array();
    qsort(events, count, sizeof(struct event *), events_by_slug);
    for (size_t i = 0; i < count; i++) {
        if (options->values[OPTION_JSON] != NULL) {
            json_array_append_new(list, event_object(events[i]));
        } else {
            event_line(events[i]);
        }
    }
    if (options->values[OPTION_JSON] != NULL) {
        json_dumpf(list, stdout, JSON_COMPACT);
        putchar('\n');
    }
    json_decref(list);
}

int event_list(const struct options *options) {
    uint8_t(*ids)[EVENT_ID_BYTES] = NULL;
    size_t count = 0, loaded = 0;
    struct store *store = cli_read(options);
    if (store == NULL) {
        return EXIT_FAILED;
    }
    bool good = store_list(store, &ids, &count) == STORE_OK;
    struct event **events = memory_new((count + 1) * sizeof(struct event *));
    for (size_t i = 0; i < count && good; i++) {
        enum store_status status = store_load(store, ids[i], &events[loaded], NULL);
        loaded += status == STORE_OK ? 1 : 0;
        good = status == STORE_OK || status == STORE_NONE; /* NONE: deleted meanwhile */
    }
    if (good) {
        events_print(options, events, loaded);
    }
    for (size_t i = 0; i < loaded; i++) {
        event_free(events[i]);
    }
    free(events);
    free(ids);
    store_close(store);
    return good ? EXIT_DONE : cli_fail("The database cannot be read.");
}
