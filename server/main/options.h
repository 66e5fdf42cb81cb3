/* The command line: one table of options, one of commands; --help is made from both. Every option
 * can also be given as a variable of the environment; the command line wins. */
#ifndef RAUTE_MAIN_OPTIONS_H
#define RAUTE_MAIN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/limits.h"
#include "bridge/bridge.h"

enum {
    EXIT_DONE = 0,
    EXIT_FAILED = 1, /* it could not be done; why was said */
    EXIT_USAGE = 2,  /* it was not understood */
};

enum option_name {
    OPTION_DATA,
    OPTION_LISTEN,
    OPTION_PUBLIC_URL,
    OPTION_PROXY,
    OPTION_THREADS,
    OPTION_IO_URING,
    OPTION_TLS_CERT,
    OPTION_TLS_KEY,
    OPTION_ALLOW_PEER,
    OPTION_CA_FILE,
    OPTION_PLC_URL,
    OPTION_DNS,
    OPTION_X_CLIENT_ID,
    OPTION_X_CLIENT_SECRET,
    OPTION_X_URL,
    OPTION_TITLE,
    OPTION_HASHTAG,
    OPTION_SLUG,
    OPTION_LANGUAGE,
    OPTION_FORMAT,
    OPTION_WITH_SECRETS,
    OPTION_JSON,
    OPTION_HELP,
    OPTION_COUNT
};

#define OPTION_BIT(name) (1u << (name))
#define PEER_BYTES       300 /* HOST:PORT */

struct option_row {
    const char *flag;     /* "--listen" */
    const char *variable; /* "RAUTE_LISTEN" */
    const char *value;    /* what it takes, "ADDR:PORT"; NULL: nothing */
    const char *help;     /* sentences */
};

/* What the command line and the environment say. */
struct options {
    const char *values[OPTION_COUNT]; /* NULL: not given; "1" for one that takes nothing */
    const char *hashtags[LIMIT_HASHTAGS];
    size_t hashtag_count;
    char peers[BRIDGE_PEERS][PEER_BYTES];
    size_t peer_count;
    const char *argument; /* SLUG or FILE */
};

struct command_row {
    const char *words;    /* "event create" */
    const char *argument; /* "SLUG", "FILE"; NULL: takes none */
    const char *help;
    unsigned needed, taken; /* options, by OPTION_BIT */
    int (*run)(const struct options *options);
};

extern const struct option_row option_rows[OPTION_COUNT];
extern const struct command_row command_rows[];
extern const size_t command_row_count;

/* Finds the command and reads its options. NULL: said why on standard error. */
const struct command_row *options_read(struct options *options, int argc, char **argv);

/* The manual page; of one command when it is not NULL. */
void help_print(FILE *out, const struct command_row *command);

#endif
