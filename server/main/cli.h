/* The subcommands besides serve. Each prints its result, or why not, and returns the exit code. */
#ifndef RAUTE_MAIN_CLI_H
#define RAUTE_MAIN_CLI_H

#include <stdbool.h>

#include "base/buffer.h"
#include "event/event.h"
#include "main/options.h"
#include "store/store.h"
#include "wire/control.h"

int event_create(const struct options *options);
int event_list(const struct options *options);
int event_delete(const struct options *options);
int event_links(const struct options *options);
int event_export(const struct options *options);
int event_import(const struct options *options);
int export_check(const struct options *options);
int data_backup(const struct options *options);

/* Shared by them. Failures have been said on standard error. */

const char *data_folder(const struct options *options);
/* Hands a line to the running server, or does its work here when there is none. */
bool cli_ask(const struct options *options, const struct buffer *line,
             struct control_result *result);
/* Prints slug and links, or the error; clears the result. Returns the exit code. */
int cli_say(const struct options *options, struct control_result *result);
/* A read-only store of the data folder. */
struct store *cli_read(const struct options *options);
int cli_fail(const char *why); /* EXIT_FAILED */
/* A whole file, "-" for standard input, into a buffer with a maximum. */
bool cli_file(const char *name, struct buffer *bytes);
/* From LC_ALL, LC_MESSAGES or LANG: German where it says so. */
enum language cli_language(void);

#endif
