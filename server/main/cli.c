/* What the subcommands share. */
#include "main/cli.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/log.h"
#include "main/control_socket.h"
#include "main/lock.h"
#include "main/url.h"
#include "wire/words.h"

#define TRIES  50 /* a server that is just starting or stopping */
#define TRY_NS 100000000

const char *data_folder(const struct options *options) {
    const char *data = options->values[OPTION_DATA];
    return data == NULL ? "data" : data;
}

int cli_fail(const char *why) {
    fprintf(stderr, "raute: %s\n", why);
    return EXIT_FAILED;
}

/* The same work as the server would do, in this process; the lock is held. */
static bool work_here(const struct options *options, const struct buffer *line,
                      struct buffer *answer) {
    const char *why = NULL;
    char url[URL_BYTES];
    struct control control;
    struct journal_request *request;
    struct store *store = store_open(data_folder(options), STORE_WRITE, &why);
    struct journal *journal = store == NULL ? NULL : journal_new(store, &why);
    bool ready = journal != NULL && url_public(url, options, 0);
    if (ready) {
        words_start();
        control_start(&control, journal, url, LANGUAGE_EN, line->data, line->length);
        while ((request = control_next(&control)) != NULL) {
            journal_run_one(journal, request);
            control_answered(&control, request);
        }
        control_finish(&control, answer);
        words_stop();
    } else if (why != NULL) {
        cli_fail(why);
    }
    if (journal != NULL) {
        journal_free(journal);
    }
    if (store != NULL) {
        store_close(store);
    }
    return ready;
}

/* Takes the lock, or finds the server; between the two it may take some tries. */
static bool work_somewhere(const struct options *options, const struct buffer *line,
                           struct buffer *answer) {
    const char *data = data_folder(options);
    for (int i = 0; i < TRIES; i++) {
        int lock;
        enum lock_status status = lock_take(data, &lock);
        if (status == LOCK_TAKEN) {
            bool done = work_here(options, line, answer);
            lock_drop(lock);
            return done;
        }
        if (status == LOCK_FAILED) {
            fprintf(stderr, "raute: cannot use the folder %s: %s.\n", data, strerror(errno));
            return false;
        }
        if (control_socket_ask(data, line, answer)) {
            return true;
        }
        nanosleep(&(struct timespec){.tv_nsec = TRY_NS}, NULL);
    }
    fprintf(stderr, "raute: another raute uses the folder %s and does not answer.\n", data);
    return false;
}

bool cli_ask(const struct options *options, const struct buffer *line,
             struct control_result *result) {
    struct buffer answer = buffer_make(LIMIT_CONTROL_BYTES);
    bool done = work_somewhere(options, line, &answer);
    if (done && !control_result_read(result, answer.data, answer.length)) {
        cli_fail("The server's answer is not understood; is it of another version?");
        done = false;
    }
    buffer_clear(&answer);
    return done;
}

static const struct {
    const char *name;
    enum role role;
} LINKS[] = {
    {"audience", ROLE_AUDIENCE},
    {"moderator", ROLE_MODERATOR},
    {"stage", ROLE_STAGE},
    {"organiser", ROLE_ORGANISER},
};

static void result_print_json(const struct control_result *result) {
    json_t *object = json_object();
    json_object_set_new(object, "slug", json_string(result->slug));
    for (size_t i = 0; i < sizeof LINKS / sizeof *LINKS; i++) {
        if (result->link[LINKS[i].role] != NULL) {
            json_object_set_new(object, LINKS[i].name, json_string(result->link[LINKS[i].role]));
        }
    }
    json_dumpf(object, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(object);
}

static void result_print(const struct control_result *result) {
    printf("%-10s %s\n", "slug", result->slug);
    for (size_t i = 0; i < sizeof LINKS / sizeof *LINKS; i++) {
        if (result->link[LINKS[i].role] != NULL) {
            printf("%-10s %s\n", LINKS[i].name, result->link[LINKS[i].role]);
        }
    }
}

int cli_say(const struct options *options, struct control_result *result) {
    int outcome = EXIT_DONE;
    if (!result->ok) {
        fprintf(stderr, "raute: %s (%s)\n", result->message, result->code);
        outcome = EXIT_FAILED;
    } else if (options->values[OPTION_JSON] != NULL) {
        result_print_json(result);
    } else {
        result_print(result);
    }
    control_result_clear(result);
    return outcome;
}

struct store *cli_read(const struct options *options) {
    const char *why = NULL;
    struct store *store = store_open(data_folder(options), STORE_READ, &why);
    if (store == NULL) {
        cli_fail(why);
    }
    return store;
}

bool cli_file(const char *name, struct buffer *bytes) {
    uint8_t piece[65536];
    FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");
    if (file == NULL) {
        fprintf(stderr, "raute: cannot read %s: %s.\n", name, strerror(errno));
        return false;
    }
    size_t count;
    while ((count = fread(piece, 1, sizeof piece, file)) > 0) {
        buffer_append(bytes, piece, count);
    }
    bool good = !ferror(file) && !bytes->overflow;
    if (!good) {
        fprintf(stderr, "raute: cannot read %s: %s.\n", name,
                bytes->overflow ? "it is too long" : strerror(errno));
    }
    if (file != stdin) {
        fclose(file);
    }
    return good;
}

enum language cli_language(void) {
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && *value != '\0') {
            return strncmp(value, "de", 2) == 0 ? LANGUAGE_DE : LANGUAGE_EN;
        }
    }
    return LANGUAGE_EN;
}
