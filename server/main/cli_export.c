/* raute export. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "main/cli.h"
#include "main/url.h"
#include "wire/export.h"
#include "wire/words.h"

/* The event with this slug; NULL: *good says whether there is none, or reading failed. */
static struct event *event_by_slug(struct store *store, const char *slug, bool *good) {
    uint8_t(*ids)[EVENT_ID_BYTES] = NULL;
    size_t count = 0;
    struct event *found = NULL;
    *good = store_list(store, &ids, &count) == STORE_OK;
    for (size_t i = 0; i < count && *good && found == NULL; i++) {
        struct event *event = NULL;
        enum store_status status = store_load(store, ids[i], &event, NULL);
        *good = status == STORE_OK || status == STORE_NONE;
        if (status == STORE_OK && strcmp(event->slug, slug) == 0) {
            found = event;
        } else if (status == STORE_OK) {
            event_free(event);
        }
    }
    free(ids);
    return found;
}

static bool export_write(const struct event *event, const char *format, const char *url) {
    struct buffer text = buffer_make(LIMIT_SNAPSHOT_BYTES);
    if (strcmp(format, "json") == 0) {
        export_json(&text, event);
        buffer_text(&text, "\n");
    } else if (strcmp(format, "csv") == 0) {
        export_csv(&text, event);
    } else {
        export_markdown(&text, event, url);
    }
    bool written = !text.overflow && fwrite(text.data, 1, text.length, stdout) == text.length &&
                   fflush(stdout) == 0;
    buffer_clear(&text);
    return written;
}

int event_export(const struct options *options) {
    const char *format = options->values[OPTION_FORMAT];
    char url[URL_BYTES];
    bool good = false;
    format = format == NULL ? "json" : format;
    if (strcmp(format, "json") != 0 && strcmp(format, "csv") != 0 &&
        strcmp(format, "markdown") != 0) {
        fprintf(stderr, "raute: --format is json, csv or markdown.\n");
        return EXIT_USAGE;
    }
    if (!url_public(url, options, 0)) {
        return EXIT_USAGE;
    }
    struct store *store = cli_read(options);
    if (store == NULL) {
        return EXIT_FAILED;
    }
    struct event *event = event_by_slug(store, options->argument, &good);
    store_close(store);
    if (event == NULL) {
        return cli_fail(good ? "There is no event with this slug. (unknown)"
                             : "The database cannot be read.");
    }
    words_start();
    bool written = export_write(event, format, url);
    words_stop();
    event_free(event);
    return written ? EXIT_DONE : cli_fail("The export cannot be written.");
}
