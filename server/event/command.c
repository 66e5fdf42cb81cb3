#include "event/command.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "event/rules.h"

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

static void own_free(struct command *command) {
    secret_free(command->as.own.url);
    secret_free(command->as.own.state);
    secret_free(command->as.own.code);
    secret_free(command->as.own.issuer);
    secret_free(command->as.own.verifier);
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
    case COMMAND_CARD:
        card_free(command->as.card.card);
        break;
    case COMMAND_TICKETS:
        free(command->as.tickets.hashes);
        break;
    case COMMAND_PASS:
        free(command->as.pass.elements);
        break;
    case COMMAND_PROOF:
    case COMMAND_PROOF_LOST:
        proof_clear(&command->as.proof.proof);
        break;
    case COMMAND_OWN_LOGIN:
    case COMMAND_OWN_FINISH:
    case COMMAND_PROVE:
        own_free(command);
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
