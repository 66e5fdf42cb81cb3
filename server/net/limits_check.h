/* Does the machine allow what a full hall needs? Looked at once at start; nothing is changed but
 * the process's own descriptor limit. */
#ifndef RAUTE_NET_LIMITS_CHECK_H
#define RAUTE_NET_LIMITS_CHECK_H

#include <stdint.h>

#include "base/buffer.h"

/* −1: could not be read, then nothing is said about it. */
struct machine {
    int64_t descriptors;      /* of this process */
    int64_t accept_queue;     /* net.core.somaxconn */
    int64_t send_buffer;      /* net.core.wmem_max, bytes */
    int64_t tcp_memory_pages; /* net.ipv4.tcp_mem, its third number */
};

/* Sets the soft limit of descriptors to the hard one, or to LIMIT_DESCRIPTORS if that is less: a
 * connection is a descriptor, and libwebsockets walks all of the limit at each close. */
void limits_raise(void);
struct machine limits_read(void);
/* Appends a sentence, ending in a line break, for each that is too small for 10,000 phones. */
void limits_judge(struct buffer *sentences, const struct machine *machine);
/* Reads, judges, and logs the sentences. */
void limits_check(void);

#endif
