#include "net/limits_check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/limits.h"
#include "base/log.h"
#include "net/listen.h"

#define PHONES            INT64_C(10000)
#define OTHER_DESCRIPTORS INT64_C(1000) /* pages being fetched, files, far servers */
#define PHONE_PAGES       INT64_C(2)    /* of kernel memory: one frame on its way */
#define SENTENCES_BYTES   4096
#define SETTING_BYTES     128

void limits_raise(void) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max < LIMIT_DESCRIPTORS ? files.rlim_max : LIMIT_DESCRIPTORS;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

/* The number at this place (from 0) of a file below /proc/sys. */
static int64_t setting_read(const char *path, int place) {
    char text[SETTING_BYTES];
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return -1;
    }
    char *at = fgets(text, sizeof text, file);
    fclose(file);
    int64_t value = -1;
    for (int i = 0; i <= place && at != NULL; i++) {
        char *end;
        value = strtoll(at, &end, 10);
        if (end == at) {
            return -1;
        }
        at = end;
    }
    return value;
}

struct machine limits_read(void) {
    struct rlimit files;
    bool known = getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur <= INT64_MAX;
    return (struct machine){
        .descriptors = known ? (int64_t)files.rlim_cur : -1,
        .accept_queue = setting_read("/proc/sys/net/core/somaxconn", 0),
        .send_buffer = setting_read("/proc/sys/net/core/wmem_max", 0),
        .tcp_memory_pages = setting_read("/proc/sys/net/ipv4/tcp_mem", 2),
    };
}

static bool too_small(int64_t value, int64_t needed) {
    return value >= 0 && value < needed;
}

void limits_judge(struct buffer *sentences, const struct machine *machine) {
    if (too_small(machine->descriptors, PHONES + OTHER_DESCRIPTORS)) {
        int64_t phones = machine->descriptors - OTHER_DESCRIPTORS;
        buffer_format(sentences,
                      "%" PRId64 " descriptors are allowed, enough for about %" PRId64
                      " phones: for more set LimitNOFILE=%d in the systemd unit, or call "
                      "`ulimit -n %d` before.\n",
                      machine->descriptors, phones < 0 ? 0 : phones, LIMIT_DESCRIPTORS,
                      LIMIT_DESCRIPTORS);
    }
    if (too_small(machine->accept_queue, LISTEN_QUEUE)) {
        buffer_format(sentences,
                      "net.core.somaxconn is %" PRId64
                      ": when a hall connects at once, some phones wait for seconds; call "
                      "`sysctl -w net.core.somaxconn=%d`.\n",
                      machine->accept_queue, LISTEN_QUEUE);
    }
    if (too_small(machine->send_buffer, SEND_BUFFER_BYTES)) {
        buffer_format(sentences,
                      "net.core.wmem_max is %" PRId64
                      ": larger updates reach phones in more pieces; call "
                      "`sysctl -w net.core.wmem_max=%d`.\n",
                      machine->send_buffer, SEND_BUFFER_BYTES);
    }
    if (too_small(machine->tcp_memory_pages, PHONES * PHONE_PAGES)) {
        int64_t pages = PHONES * PHONE_PAGES;
        buffer_format(sentences,
                      "net.ipv4.tcp_mem ends with %" PRId64 " pages, too few for %" PRId64
                      " phones; call "
                      "`sysctl -w net.ipv4.tcp_mem=\"%" PRId64 " %" PRId64 " %" PRId64 "\"`.\n",
                      machine->tcp_memory_pages, PHONES, pages / 2, pages * 3 / 4, pages);
    }
}

void limits_check(void) {
    struct buffer sentences = buffer_make(SENTENCES_BYTES);
    struct machine machine = limits_read();
    limits_judge(&sentences, &machine);
    char *line = (char *)sentences.data;
    for (char *end; line != NULL && (end = strchr(line, '\n')) != NULL; line = end + 1) {
        log_line("%.*s", (int)(end - line), line);
    }
    buffer_clear(&sentences);
}
