/* The manual page, made from the tables. */
#include <string.h>

#include "main/options.h"

#define COLUMNS 78

/* Prints words, wrapped, each line behind `indent` spaces. */
static void text_print(FILE *out, int indent, const char *text) {
    int column = 0;
    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        if (column > 0 && column + 1 + (int)length > COLUMNS - indent) {
            fputc('\n', out);
            column = 0;
        }
        column += fprintf(out, "%*s%.*s", column == 0 ? indent : 1, "", (int)length, text) -
                  (column == 0 ? indent : 0);
        text += length;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

static void options_print(FILE *out, unsigned which) {
    for (int name = 0; name < OPTION_COUNT; name++) {
        const struct option_row *row = &option_rows[name];
        if ((which & OPTION_BIT(name)) == 0) {
            continue;
        }
        fprintf(out, "       %s%s%s", row->flag, row->value == NULL ? "" : " ",
                row->value == NULL ? "" : row->value);
        if (name != OPTION_HELP) {
            fprintf(out, "    (%s%s)", row->variable, row->value == NULL ? "=1" : "");
        }
        fputc('\n', out);
        text_print(out, 11, row->help);
        fputc('\n', out);
    }
}

static void synopsis_print(FILE *out, const struct command_row *command) {
    fprintf(out, "       raute %s%s%s", command->words, command->argument == NULL ? "" : " ",
            command->argument == NULL ? "" : command->argument);
    for (int name = 0; name < OPTION_COUNT; name++) {
        const struct option_row *row = &option_rows[name];
        const char *space = row->value == NULL ? "" : " ";
        const char *value = row->value == NULL ? "" : row->value;
        if ((command->needed & OPTION_BIT(name)) != 0) {
            fprintf(out, " %s%s%s", row->flag, space, value);
        }
    }
    fprintf(out, " [OPTIONS]\n");
}

static void command_print(FILE *out, const struct command_row *command) {
    fprintf(out, "NAME\n       raute %s\n\nSYNOPSIS\n", command->words);
    synopsis_print(out, command);
    fprintf(out, "\nDESCRIPTION\n");
    text_print(out, 7, command->help);
    fprintf(out, "\nOPTIONS\n");
    options_print(out, command->needed | command->taken | OPTION_BIT(OPTION_HELP));
}

static const char FILES[] =
    "FILES\n"
    "       DIR/raute.sqlite   the events (SQLite)\n"
    "       DIR/secrets/       an event's secret, one file each; in no backup unless asked\n"
    "       DIR/forgotten/     hashes of what was withdrawn, so that no backup brings it back\n"
    "       DIR/bridge-key     seals the log-ins of accounts; made at the first start; in no "
    "backup\n"
    "                          unless asked\n"
    "       DIR/create-key     the key in the link that creates events; made at the first start\n"
    "       DIR/lock           held by whoever writes\n"
    "       DIR/control        socket for the other commands, while `raute serve` runs\n\n";

static const char EXAMPLES[] =
    "EXAMPLES\n"
    "       raute serve\n"
    "           On a laptop in a hall: prints the address and a QR code to show.\n\n"
    "       raute serve --listen 127.0.0.1:7681 --proxy 127.0.0.1 \\\n"
    "                   --public-url https://ask.example.org\n"
    "           Behind a reverse proxy that ends TLS.\n\n"
    "       raute event create --title 'Netzwerken Rostock' --hashtag NetzwerkenHRO\n"
    "           Prints the links to hand out, beside a running server or without one.\n\n"
    "       raute export netzwerkenhro --format csv > questions.csv\n\n"
    "       raute export netzwerkenhro | raute verify -\n"
    "           Who asked what, where people said so, and whether it is true.\n\n"
    "       raute backup /var/backups/raute.sqlite\n\n";

void help_print(FILE *out, const struct command_row *command) {
    if (command != NULL) {
        command_print(out, command);
        return;
    }
    fprintf(out,
            "NAME\n       raute - anonymous questions at events, and the way to the hashtag\n\n"
            "SYNOPSIS\n");
    for (size_t i = 0; i < command_row_count; i++) {
        synopsis_print(out, &command_rows[i]);
    }
    fprintf(out, "       raute --help\n\nDESCRIPTION\n");
    text_print(out, 7,
               "Raute serves the pages where people at an event ask and vote, moderate and show. "
               "One binary, one folder of data, no other service. Nothing that it stores or logs "
               "tells who asked. The commands besides serve work beside a running server and "
               "without one: whoever holds DIR/lock writes; otherwise the command is handed to the "
               "server.");
    fprintf(out, "\nCOMMANDS\n");
    unsigned every = 0;
    for (size_t i = 0; i < command_row_count; i++) {
        const struct command_row *row = &command_rows[i];
        fprintf(out, "       %s%s%s\n", row->words, row->argument == NULL ? "" : " ",
                row->argument == NULL ? "" : row->argument);
        text_print(out, 11, row->help);
        fputc('\n', out);
        every |= row->needed | row->taken;
    }
    fprintf(out, "OPTIONS\n");
    text_print(out, 7, "The variable in brackets does the same; the command line wins.");
    fputc('\n', out);
    options_print(out, every | OPTION_BIT(OPTION_HELP));
    fprintf(out, "EXIT STATUS\n       0 done, 1 it could not be done, 2 not understood.\n\n");
    fputs(FILES, out);
    fputs(EXAMPLES, out);
}
