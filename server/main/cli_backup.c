/* raute backup. */
#include <stdio.h>

#include "main/cli.h"

int data_backup(const struct options *options) {
    const char *why = NULL;
    struct store *store = cli_read(options);
    if (store == NULL) {
        return EXIT_FAILED;
    }
    enum store_status status =
        store_backup(store, options->argument, options->values[OPTION_WITH_SECRETS] != NULL, &why);
    store_close(store);
    if (status != STORE_OK) {
        return cli_fail(why == NULL ? "The copy cannot be written." : why);
    }
    return EXIT_DONE;
}
