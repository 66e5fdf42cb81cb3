/* raute import. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "main/cli.h"

static bool file_read(const char *name, struct buffer *bytes) {
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

int event_import(const struct options *options) {
    struct buffer bytes = buffer_make(LIMIT_CONTROL_BYTES);
    struct buffer line = buffer_make(LIMIT_CONTROL_BYTES);
    struct control_result result;
    bool read = file_read(options->argument, &bytes);
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
