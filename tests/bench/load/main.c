/* load: phones for a server of any kind. Commands come on stdin, one a line, and each is answered
 * by one line of JSON. */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/load/ask.h"
#include "bench/load/broadcast.h"
#include "bench/load/common.h"
#include "bench/load/crowd.h"
#include "bench/load/kind.h"
#include "bench/load/raute.h"
#include "bench/load/rename.h"
#include "bench/load/vote.h"

#define LIMIT_WORDS    7
#define DRIVER_SECONDS 10

static const char usage[] =
    "usage: load raute|plain|nchan|mqtt ADDR:PORT [--path PATH] [--pid PID]... "
    "[--tls]\n";

/* ---- commands: words[0] is the command's name; false: trouble */

static double word_number(const char *word) {
    return strtod(word, NULL);
}

static unsigned word_count(const char *word) {
    return (unsigned)strtoul(word, NULL, 10);
}

static bool done_ok(void) {
    puts("{\"ok\":true}");
    return true;
}

static bool driver_ready(void) {
    return phone_step(&driver) == STEP_DRIVE && !driver.connecting;
}

static bool driver_command(char **words) {
    bool raute_kind = options.kind == &kind_raute;
    rename_key(words[1]);
    phone_close(&driver);
    return (!raute_kind || raute_fetch()) && phone_begin(&driver, options.kind->driver, 0) &&
           crowd_until(driver_ready, DRIVER_SECONDS, "the driver") && done_ok();
}

/* Text of any kind as what may stand between quotes. */
static void print_plain(const char *text) {
    for (; *text != '\0'; text++) {
        putchar(*text == '"' || *text == '\\' || *text < ' ' || *text > '~' ? '_' : *text);
    }
}

static bool phones_open(unsigned count, const uint8_t *script) {
    phase_begin();
    if (!crowd_open(count, script)) {
        return false;
    }
    phase_end();
    unsigned opened = count - crowd.failed;
    printf("{\"phones\":%u,\"failed\":%u,\"ms\":%.3f,\"per_second\":%.3f,", crowd.live,
           crowd.failed, phase.seconds * 1e3, opened / phase.seconds);
    if (crowd.failed > 0) {
        fputs("\"reason\":\"", stdout);
        print_plain(trouble_text() == NULL ? "closed" : trouble_text());
        fputs("\",", stdout);
    }
    phase_print();
    return true;
}

static bool open_command(char **words) {
    return (options.kind != &kind_raute || raute_fetch()) &&
           phones_open(word_count(words[1]), options.kind->script);
}

static bool storm_command(char **words) {
    return raute_visit() && phones_open(word_count(words[1]), raute_storm);
}

static bool close_command(char **words) {
    (void)words;
    crowd_close();
    return trouble_text() == NULL && done_ok();
}

static bool mute_command(char **words) {
    crowd_mute(word_count(words[1]));
    return done_ok();
}

static bool broadcast_command(char **words) {
    double rate = word_number(words[2]);
    if (!(rate > 0)) {
        trouble("broadcast: out of range");
        return false;
    }
    return broadcast_run(word_count(words[1]), rate, word_number(words[3]));
}

static bool watch_command(char **words) {
    return watch_run(word_number(words[1]));
}

static bool votes_command(char **words) {
    struct vote_plan plan = {
        .rate = word_number(words[1]),
        .seconds = word_number(words[2]),
        .questions = word_count(words[3]),
        .voters = words[4] == NULL ? 200 : word_count(words[4]),
        .window = words[4] == NULL || words[5] == NULL ? 8 : word_count(words[5]),
    };
    if (plan.questions == 0 || plan.questions >= LIMIT_NUMBERS || plan.voters == 0 ||
        plan.window == 0 || plan.window > VOTE_WINDOW_MOST) {
        trouble("votes: out of range");
        return false;
    }
    return vote_run(&plan);
}

static bool ask_command(char **words) {
    return ask_run(word_count(words[1]), word_count(words[2]));
}

static const struct command {
    const char *name;
    bool (*run)(char **words);
    int least; /* words behind the name */
    bool raute_only;
} commands[] = {
    {"driver", driver_command, 1, false},
    {"open", open_command, 1, false},
    {"close", close_command, 0, false},
    {"mute", mute_command, 1, false},
    {"broadcast", broadcast_command, 3, false},
    {"watch", watch_command, 1, false},
    {"votes", votes_command, 3, true},
    {"storm", storm_command, 1, true},
    {"ask", ask_command, 2, true},
};

static bool command_run(char *line) {
    char *words[LIMIT_WORDS + 1] = {0}, *rest = NULL;
    int count = 0;
    for (char *word = strtok_r(line, " \n", &rest); word != NULL && count < LIMIT_WORDS;
         word = strtok_r(NULL, " \n", &rest)) {
        words[count++] = word;
    }
    for (size_t i = 0; count > 0 && i < sizeof commands / sizeof commands[0]; i++) {
        const struct command *command = &commands[i];
        if (strcmp(command->name, words[0]) == 0 && count > command->least &&
            (!command->raute_only || options.kind == &kind_raute)) {
            return command->run(words);
        }
    }
    trouble("no such command");
    return false;
}

static void trouble_print(void) {
    fputs("{\"error\":\"", stdout);
    print_plain(trouble_text() == NULL ? "unknown" : trouble_text());
    puts("\"}");
}

/* ---- the command line */

static bool address_read(const char *text) {
    char host[64];
    const char *colon = strrchr(text, ':');
    if (colon == NULL || (size_t)(colon - text) >= sizeof host) {
        return false;
    }
    snprintf(host, sizeof host, "%.*s", (int)(colon - text), text);
    options.host = text;
    options.server.sin_family = AF_INET;
    options.server.sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
    return inet_pton(AF_INET, host, &options.server.sin_addr) == 1;
}

static bool option_read(int argc, char **argv, int *at) {
    const char *name = argv[*at];
    if (strcmp(name, "--tls") == 0) {
        options.tls = true;
        return true;
    }
    if (*at + 1 >= argc) {
        return false;
    }
    const char *value = argv[++*at];
    if (strcmp(name, "--path") == 0) {
        options.path = value;
    } else if (strcmp(name, "--pid") == 0 && options.pid_count < LIMIT_PIDS) {
        options.pids[options.pid_count++] = (int)word_count(value);
    } else {
        return false;
    }
    return true;
}

static bool options_read(int argc, char **argv) {
    if (argc < 3 || (options.kind = kind_find(argv[1])) == NULL || !address_read(argv[2])) {
        return false;
    }
    options.path = options.kind->path;
    for (int at = 3; at < argc; at++) {
        if (!option_read(argc, argv, &at)) {
            return false;
        }
    }
    return true;
}

/* Until the next line, or the end of input, the phones go on answering pings. */
static bool line_read(char *line, int room) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    while (poll(&input, 1, 0) == 0) {
        crowd_turn(now_ns() + SECOND / 50);
    }
    return fgets(line, room, stdin) != NULL && strncmp(line, "quit", 4) != 0;
}

int main(int argc, char **argv) {
    if (!options_read(argc, argv)) {
        fputs(usage, stderr);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    setvbuf(stdout, NULL, _IOLBF, 0);
    setvbuf(stdin, NULL, _IONBF, 0); /* what is not read yet stays where poll sees it */
    crowd_start();
    if (options.kind == &kind_raute) {
        raute_start();
    }
    if (trouble_text() != NULL) {
        trouble_print();
        return 2;
    }
    char line[256];
    while (line_read(line, sizeof line)) {
        trouble_forget();
        if (!command_run(line)) {
            trouble_print();
        }
    }
    return 0;
}
