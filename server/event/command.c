#include "event/command.h"

#include <stdlib.h>

#include "event/event.h"

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
    default: /* owns at most its text */
        break;
    }
    free(command->text);
    *command = (struct command){0};
}
