/* DATA/create-key: whoever has it may create events over HTTP. */
#ifndef RAUTE_MAIN_CREATE_KEY_H
#define RAUTE_MAIN_CREATE_KEY_H

#include <stdbool.h>

#include "base/encode.h"

#define CREATE_KEY_BYTES 16
#define CREATE_KEY_CHARS BASE64_CHARS(CREATE_KEY_BYTES)

/* Reads the key, or makes the file (0600). False: errno says why; 0: the file holds no key. */
bool create_key_read(const char *data, char key[CREATE_KEY_CHARS + 1]);

#endif
