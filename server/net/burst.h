/* Ready bytes onto many descriptors at once: with io_uring one system call for up to BURST_MAX of
 * them, else one send() each. Which one is decided at start, by trying; should the ring ever fail,
 * plain sends take over in the midst of a burst. Nothing is under way between two calls: neither
 * bytes nor descriptors need to be held longer than the call. One thread at a time. Whether a
 * descriptor may be written to at all is not known here: see send.h. */
#ifndef RAUTE_NET_BURST_H
#define RAUTE_NET_BURST_H

#include <liburing.h>
#include <stdbool.h>
#include <stdint.h>

#define BURST_MAX 512

struct burst_item {
    const uint8_t *bytes;
    uint32_t length;
    int fd;
    int sent; /* the outcome: how many bytes the kernel took, or −errno */
};

struct burst {
    bool ringed; /* io_uring is in use */
    struct io_uring ring;
};

/* `ringed`: use io_uring if this kernel lets us. Containers and sysctl often do not. */
void burst_open(struct burst *burst, bool ringed);
void burst_close(struct burst *burst);
/* Sends without waiting; the descriptors differ. Sets each item's `sent`. */
void burst_send(struct burst *burst, struct burst_item *items, uint32_t count);

#endif
