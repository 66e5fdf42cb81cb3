/* What the terminal shows at the start: addresses, a QR code, the link to create an event. */
#ifndef RAUTE_MAIN_BANNER_H
#define RAUTE_MAIN_BANNER_H

#include <stdio.h>

/* `here` may be NULL: not served under localhost. */
void banner_print(FILE *out, const char *here, const char *public_url, const char *create_key);

#endif
