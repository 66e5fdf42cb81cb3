#include "event/command.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "event/event.h"

static void secret_free(char *secret) {
    if (secret != NULL) {
        sodium_memzero(secret, strlen(secret));
        free(secret);
    }
}

static void connect_free(struct command *command) {
    free(command->as.connect.server);
    free(command->as.connect.issuer);
    secret_free(command->as.connect.password);
    secret_free(command->as.connect.state);
    secret_free(command->as.connect.code);
    secret_free(command->as.connect.verifier);
}

void command_clear(struct command *command) {
    switch (command->kind) {
    case COMMAND_CREATE:
        free(command->as.create.settings);
        break;
    case COMMAND_IMPORT:
        event_free(command->as.import.event);
        break;
    case COMMAND_SETTINGS:
        free(command->as.settings.settings);
        break;
    case COMMAND_TALK_ORDER:
        free(command->as.talk.order);
        break;
    case COMMAND_ACCOUNT_PUT:
        account_free(command->as.account.account);
        break;
    case COMMAND_CONNECT:
    case COMMAND_CONNECT_FINISH:
    case COMMAND_CONNECT_PASSWORD:
    case COMMAND_ACCOUNT_TEST:
        connect_free(command);
        break;
    default: /* owns at most its text */
        break;
    }
    free(command->text);
    sodium_memzero(command, sizeof *command);
}
