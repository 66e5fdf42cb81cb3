/* The kinds of server: how a phone gets live there, how a broadcast is made, what a frame is. */
#ifndef RAUTE_BENCH_KIND_H
#define RAUTE_BENCH_KIND_H

#include "bench/load/frames.h"
#include "bench/load/phone.h"

struct kind {
    const char *name, *path, *driver_path, *protocol;
    uint8_t opcode;                     /* of what is broadcast */
    const uint8_t *script;              /* of a phone: enum step, to STEP_LIVE */
    const uint8_t *driver;              /* of the driver: to STEP_DRIVE */
    bool (*parse)(struct frame *frame); /* fills from, seq, stamp; false: not a frame */
    /* A live phone's message that is no frame; NULL: there are none. */
    bool (*message)(struct phone *phone, const struct message *message, int64_t now);
    step_receive *driver_receive;  /* NULL: nothing but pings is expected */
    bool (*prepare)(size_t bytes); /* for broadcasts of about so many bytes */
    bool (*broadcast)(int64_t stamp);
};

extern const struct kind kind_raute, kind_plain, kind_nchan, kind_mqtt;
const struct kind *kind_find(const char *name);

/* The text of a broadcast: a stamp and its filling, `bytes` in all. */
const char *broadcast_text(int64_t stamp, size_t bytes);

#endif
