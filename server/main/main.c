/* raute: the table of commands. */
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/random.h"
#include "main/cli.h"
#include "main/options.h"
#include "main/serve.h"

#define DATA OPTION_BIT(OPTION_DATA)
#define JSON OPTION_BIT(OPTION_JSON)
/* What links are made of. */
#define ADDRESS                                                                                    \
    (OPTION_BIT(OPTION_LISTEN) | OPTION_BIT(OPTION_PUBLIC_URL) | OPTION_BIT(OPTION_TLS_CERT))

/* How other servers are reached. */
#define BRIDGE                                                                                     \
    (OPTION_BIT(OPTION_ALLOW_PEER) | OPTION_BIT(OPTION_CA_FILE) | OPTION_BIT(OPTION_PLC_URL) |     \
     OPTION_BIT(OPTION_DNS) | OPTION_BIT(OPTION_X_CLIENT_ID) |                                     \
     OPTION_BIT(OPTION_X_CLIENT_SECRET) | OPTION_BIT(OPTION_X_URL))

const struct command_row command_rows[] = {
    {.words = "serve",
     .help = "Serves until SIGTERM or SIGINT. Prints the addresses, a QR code, and the link to "
             "create an event.",
     .taken = DATA | ADDRESS | OPTION_BIT(OPTION_PROXY) | OPTION_BIT(OPTION_THREADS) |
              OPTION_BIT(OPTION_IO_URING) | OPTION_BIT(OPTION_TLS_KEY) | BRIDGE,
     .run = serve},
    {.words = "event create",
     .help = "Makes an event and prints its slug and its four links: audience, moderator, stage, "
             "organiser. The links are shown this once; of the keys in them only hashes are kept.",
     .needed = OPTION_BIT(OPTION_TITLE) | OPTION_BIT(OPTION_HASHTAG),
     .taken = DATA | ADDRESS | JSON | OPTION_BIT(OPTION_SLUG) | OPTION_BIT(OPTION_LANGUAGE),
     .run = event_create},
    {.words = "event list",
     .help = "Lists the events: slug, title, end, number of questions.",
     .taken = DATA | JSON,
     .run = event_list},
    {.words = "event delete",
     .argument = "SLUG",
     .help = "Deletes an event with all that belongs to it, at once and for good.",
     .taken = DATA | JSON,
     .run = event_delete},
    {.words = "event links",
     .argument = "SLUG",
     .help = "Makes new links for moderator, stage and organiser, ends the old ones, and prints "
             "the new.",
     .taken = DATA | ADDRESS | JSON,
     .run = event_links},
    {.words = "export",
     .argument = "SLUG",
     .help = "Writes an event's questions to standard output.",
     .taken = DATA | ADDRESS | OPTION_BIT(OPTION_FORMAT),
     .run = event_export},
    {.words = "import",
     .argument = "FILE",
     .help =
         "Takes a JSON export (- for standard input): keeps the event's id, leaves out what was "
         "withdrawn since, makes new links and prints them. The event counts as ended. Refused "
         "when the event is here already.",
     .taken = DATA | ADDRESS | JSON,
     .run = event_import},
    {.words = "verify",
     .argument = "FILE",
     .help = "Checks every card and every claim of a JSON export (- for standard input) by its "
             "signatures, and says of each in a sentence what was found; in German where LANG says "
             "so. Needs no server and no data. Exit status 1 when something is wrong, 2 when it "
             "cannot be read.",
     .run = export_check},
    {.words = "backup",
     .argument = "FILE",
     .help = "Writes a clean copy of the database to FILE, which must not exist. To restore, put "
             "it in an empty folder as raute.sqlite.",
     .taken = DATA | OPTION_BIT(OPTION_WITH_SECRETS),
     .run = data_backup},
};
const size_t command_row_count = sizeof command_rows / sizeof *command_rows;

/* Every command handles secrets: none of them is to lie in a core file, or in one of another user.
 */
static void process_harden(void) {
    const struct rlimit none = {0, 0};
    umask(077);
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
}

int main(int argc, char **argv) {
    struct options options;
    process_harden();
    bool group = argc == 3 && strcmp(argv[1], "event") == 0 && strcmp(argv[2], "--help") == 0;
    if (group || (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0))) {
        help_print(stdout, NULL);
        return EXIT_DONE;
    }
    const struct command_row *command = options_read(&options, argc, argv);
    if (command == NULL) {
        return EXIT_USAGE;
    }
    if (options.values[OPTION_HELP] != NULL) {
        help_print(stdout, command);
        return EXIT_DONE;
    }
    random_start();
    return command->run(&options);
}
