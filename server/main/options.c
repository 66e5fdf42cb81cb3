#include "main/options.h"

#include <stdlib.h>
#include <string.h>

const struct option_row option_rows[OPTION_COUNT] = {
    [OPTION_DATA] = {"--data", "RAUTE_DATA", "DIR",
                     "Where everything is kept. Made when it is not there. Default: data, in the "
                     "current folder."},
    [OPTION_LISTEN] = {"--listen", "RAUTE_LISTEN", "ADDR:PORT",
                       "Address and port to serve on. Default: [::]:7681, every address of this "
                       "machine, IPv4 too. Port 0 takes a free one."},
    [OPTION_PUBLIC_URL] = {"--public-url", "RAUTE_PUBLIC_URL", "URL",
                           "What people type: used for every link and QR code, and its pages may "
                           "open sockets. Default: the first address on the local network. Needed "
                           "behind a reverse proxy."},
    [OPTION_PROXY] = {"--proxy", "RAUTE_PROXY", "ADDR",
                      "Address of the reverse proxy. From there, and only from there, the "
                      "right-most hop of X-Forwarded-For counts as the visitor's address."},
    [OPTION_THREADS] = {"--threads", "RAUTE_THREADS", "N",
                        "Network threads, sharing the port. Default: one per core, at most 4."},
    [OPTION_IO_URING] = {"--io-uring", "RAUTE_IO_URING", "auto|off",
                         "Sends to many phones in one system call: auto does so where the kernel "
                         "allows it and there is no --tls-cert; the line at start tells. Default: "
                         "auto."},
    [OPTION_TLS_CERT] = {"--tls-cert", "RAUTE_TLS_CERT", "FILE",
                         "Certificate chain in PEM: serves https instead of http. Needs "
                         "--tls-key."},
    [OPTION_TLS_KEY] = {"--tls-key", "RAUTE_TLS_KEY", "FILE", "Its private key in PEM."},
    [OPTION_ALLOW_PEER] =
        {"--allow-peer", "RAUTE_ALLOW_PEER", "HOST:PORT",
         "A server that posts may go to although its address is not public or it speaks http. May "
         "be given up to sixteen times; in the variable, with spaces in between. Without it posts "
         "and log-ins go to public https addresses only."},
    [OPTION_CA_FILE] = {"--ca-file", "RAUTE_CA_FILE", "FILE",
                        "Certificates in PEM to trust at other servers, besides the system's."},
    [OPTION_PLC_URL] = {"--plc-url", "RAUTE_PLC_URL", "URL",
                        "The directory of Bluesky's accounts. Default: https://plc.directory."},
    [OPTION_DNS] = {"--dns", "RAUTE_DNS", "ADDR:PORT",
                    "The name server that is asked for Bluesky's handles. Default: the system's."},
    [OPTION_X_CLIENT_ID] = {"--x-client-id", "RAUTE_X_CLIENT_ID", "ID",
                            "OAuth 2.0 client id of an app of yours at X. Without it organisers "
                            "cannot connect X, since posting there costs the operator money."},
    [OPTION_X_CLIENT_SECRET] =
        {"--x-client-secret", "RAUTE_X_CLIENT_SECRET", "S",
         "Its secret, for a confidential client. Better given as the variable: everybody on this "
         "machine can read a command line."},
    [OPTION_X_URL] = {"--x-url", "RAUTE_X_URL", "URL",
                      "Another address for both X and its API, for tests. Default: https://x.com "
                      "and https://api.x.com."},
    [OPTION_TITLE] = {"--title", "RAUTE_TITLE", "T", "The event's title."},
    [OPTION_HASHTAG] =
        {"--hashtag", "RAUTE_HASHTAG", "H",
         "The event's hashtag, with or without #. May be given up to five times; the "
         "first is the main one."},
    [OPTION_SLUG] = {"--slug", "RAUTE_SLUG", "S",
                     "The event's short address, 3 to 40 of a-z and 0-9. Default: the hashtag in "
                     "lower case, with a number when it is taken."},
    [OPTION_LANGUAGE] = {"--language", "RAUTE_LANGUAGE", "de|en",
                         "The event's language. Default: that of the environment."},
    [OPTION_FORMAT] = {"--format", "RAUTE_FORMAT", "json|csv|markdown",
                       "Form of the export. Default: json, which can be imported again."},
    [OPTION_WITH_SECRETS] =
        {"--with-secrets", "RAUTE_WITH_SECRETS", NULL,
         "Copies the events' secrets and the bridge's key too, to FILE.secrets/. After a restore "
         "without them voting starts afresh and accounts are to be connected again; with them the "
         "copy must be kept as safe as the server."},
    [OPTION_JSON] = {"--json", "RAUTE_JSON", NULL, "Prints JSON."},
    [OPTION_HELP] = {"--help", "RAUTE_HELP", NULL, "Prints this page."},
};

static void fault(const char *what, const char *which) {
    fprintf(stderr, "raute: %s%s\nTry: raute --help\n", what, which);
}

/* Length of the command's words when the arguments begin with them, else 0. */
static int words_match(const char *words, int argc, char **argv) {
    char text[64];
    int count = 0;
    snprintf(text, sizeof text, "%s", words);
    char *rest = NULL;
    for (char *word = strtok_r(text, " ", &rest); word != NULL;
         word = strtok_r(NULL, " ", &rest), count++) {
        if (count >= argc || strcmp(argv[count], word) != 0) {
            return 0;
        }
    }
    return count;
}

static const struct command_row *command_find(int argc, char **argv, int *words) {
    for (size_t i = 0; i < command_row_count; i++) {
        *words = words_match(command_rows[i].words, argc, argv);
        if (*words > 0) {
            return &command_rows[i];
        }
    }
    return NULL;
}

/* One peer, or several with spaces in between. */
static bool peers_add(struct options *options, const char *text) {
    text += strspn(text, " ");
    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        if (options->peer_count == BRIDGE_PEERS) {
            fault("at most sixteen times: ", "--allow-peer");
            return false;
        }
        if (length >= PEER_BYTES) {
            fault("too long: ", "--allow-peer");
            return false;
        }
        memcpy(options->peers[options->peer_count], text, length);
        options->peers[options->peer_count++][length] = '\0';
        text += length;
        text += strspn(text, " ");
    }
    return true;
}

static bool option_set(struct options *options, enum option_name name, const char *value) {
    if (name == OPTION_ALLOW_PEER && !peers_add(options, value)) {
        return false;
    }
    if (name == OPTION_HASHTAG) {
        if (options->hashtag_count == LIMIT_HASHTAGS) {
            fault("at most five times: ", "--hashtag");
            return false;
        }
        options->hashtags[options->hashtag_count++] = value;
    }
    options->values[name] = value;
    return true;
}

/* Which option `text` names, and its value behind '=', if any. */
static enum option_name option_find(const char *text, const char **value) {
    for (int name = 0; name < OPTION_COUNT; name++) {
        size_t length = strlen(option_rows[name].flag);
        if (strncmp(text, option_rows[name].flag, length) == 0 &&
            (text[length] == '\0' || text[length] == '=')) {
            *value = text[length] == '=' ? text + length + 1 : NULL;
            return (enum option_name)name;
        }
    }
    return OPTION_COUNT;
}

/* Reads argv[*at], and the next one when it is its value. */
static bool option_read(struct options *options, const struct command_row *command, int argc,
                        char **argv, int *at) {
    const char *value = NULL;
    enum option_name name = option_find(argv[*at], &value);
    unsigned taken = command->needed | command->taken | OPTION_BIT(OPTION_HELP);
    if (name == OPTION_COUNT || (taken & OPTION_BIT(name)) == 0) {
        fault("unknown option: ", argv[*at]);
        return false;
    }
    if (option_rows[name].value == NULL) {
        if (value != NULL) {
            fault("takes no value: ", option_rows[name].flag);
            return false;
        }
        return option_set(options, name, "1");
    }
    if (value == NULL) {
        if (*at + 1 >= argc) {
            fault("needs a value: ", option_rows[name].flag);
            return false;
        }
        value = argv[++*at];
    }
    return option_set(options, name, value);
}

static bool argument_read(struct options *options, const struct command_row *command,
                          const char *text) {
    if (command->argument == NULL || options->argument != NULL) {
        fault("one too many: ", text);
        return false;
    }
    options->argument = text;
    return true;
}

static bool environment_read(struct options *options, const struct command_row *command) {
    for (int name = 0; name < OPTION_COUNT; name++) {
        if (options->values[name] != NULL || name == OPTION_HELP ||
            ((command->needed | command->taken) & OPTION_BIT(name)) == 0) {
            continue;
        }
        const char *value = getenv(option_rows[name].variable);
        bool given = value != NULL && *value != '\0';
        if (given && (option_rows[name].value != NULL || strcmp(value, "0") != 0)) {
            if (!option_set(options, (enum option_name)name, value)) {
                return false;
            }
        }
    }
    return true;
}

static bool needs_check(const struct options *options, const struct command_row *command) {
    for (int name = 0; name < OPTION_COUNT; name++) {
        if ((command->needed & OPTION_BIT(name)) != 0 && options->values[name] == NULL) {
            fault("missing: ", option_rows[name].flag);
            return false;
        }
    }
    if (command->argument != NULL && options->argument == NULL) {
        fault("missing: ", command->argument);
        return false;
    }
    return true;
}

const struct command_row *options_read(struct options *options, int argc, char **argv) {
    int words = 0;
    bool rest_is_argument = false;
    const struct command_row *command = command_find(argc - 1, argv + 1, &words);
    *options = (struct options){0};
    if (command == NULL) {
        fault(argc < 2 ? "no command" : "unknown command: ", argc < 2 ? "" : argv[1]);
        return NULL;
    }
    for (int at = 1 + words; at < argc; at++) {
        bool flag = argv[at][0] == '-' && argv[at][1] != '\0' && !rest_is_argument;
        if (flag && strcmp(argv[at], "--") == 0) {
            rest_is_argument = true;
        } else if (flag ? !option_read(options, command, argc, argv, &at)
                        : !argument_read(options, command, argv[at])) {
            return NULL;
        }
    }
    if (!environment_read(options, command)) {
        return NULL;
    }
    if (options->values[OPTION_HELP] == NULL && !needs_check(options, command)) {
        return NULL;
    }
    return command;
}
