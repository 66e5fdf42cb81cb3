/* The header part of every HTTP answer, security headers included. */
#ifndef RAUTE_NET_HEADERS_H
#define RAUTE_NET_HEADERS_H

#include "base/buffer.h"
#include "net/exchange.h"

#define HEADERS_BYTES 4096 /* more than any answer needs */

/* Status line to blank line. `secure`: tell browsers to come by https only. */
void headers_append(struct buffer *out, const struct exchange *exchange, bool secure);
/* "Not Found"; static text. */
const char *status_text(int status);

#endif
