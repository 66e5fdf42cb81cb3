/* raute import. */
#include "main/cli.h"

int event_import(const struct options *options) {
    struct buffer bytes = buffer_make(LIMIT_CONTROL_BYTES);
    struct buffer line = buffer_make(LIMIT_CONTROL_BYTES);
    struct control_result result;
    bool read = cli_file(options->argument, &bytes);
    bool understood = read && bytes.length > 0 &&
                      control_ask_import(&line, bytes.data, bytes.length) && !line.overflow;
    if (read && !understood) {
        cli_fail("This is not a JSON export of Raute.");
    }
    bool done = understood && cli_ask(options, &line, &result);
    buffer_clear(&bytes);
    buffer_clear(&line);
    return done ? cli_say(options, &result) : EXIT_FAILED;
}
