/* Ready WebSocket messages: one unmasked text frame, header included, as the same bytes for all. */
#ifndef RAUTE_WIRE_WEBSOCKET_H
#define RAUTE_WIRE_WEBSOCKET_H

#include <stddef.h>

#include "base/buffer.h"
#include "base/shared.h"

/* A buffer for a payload of at most `maximum` bytes, with room for the header before it. */
struct buffer websocket_begin(size_t maximum);
/* Puts the header before what was appended; NULL when it was too much. Empties the buffer. */
struct shared *websocket_end(struct buffer *buffer);

#endif
