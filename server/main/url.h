/* What people type to get here. */
#ifndef RAUTE_MAIN_URL_H
#define RAUTE_MAIN_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "main/options.h"

#define URL_BYTES      256
#define LISTEN_DEFAULT "[::]:7681"

/* The public URL, without a final slash: --public-url, else the first address of the local network
 * (or the one that is listened on) and `port` (0: that of --listen). False: it is no http(s) URL;
 * said on standard error. */
bool url_public(char url[URL_BYTES], const struct options *options, uint16_t port);
/* "http://localhost:7681"; false: this machine is not listened on under that name. */
bool url_here(char url[URL_BYTES], const struct options *options, uint16_t port);

#endif
