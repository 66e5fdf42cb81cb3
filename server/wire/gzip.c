#include "wire/gzip.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/encode.h"
#include "base/log.h"
#include "base/memory.h"

#define WORTH_BYTES  512
#define LEVEL        5 /* half the time of 6 for 5 % more bytes: a network thread waits for it */
#define WINDOW_GZIP  (15 + 16)
#define MEMORY_LEVEL 8
#define ETAG_BYTES   16

struct shared *gzip_make(const struct shared *plain) {
    if (plain->length < WORTH_BYTES || plain->length > UINT32_MAX) {
        return NULL;
    }
    z_stream stream = {0};
    INVARIANT(deflateInit2(&stream, LEVEL, Z_DEFLATED, WINDOW_GZIP, MEMORY_LEVEL,
                           Z_DEFAULT_STRATEGY) == Z_OK);
    size_t room = plain->length / 10 * 9;
    uint8_t *bytes = memory_new(room);
    stream.next_in = (z_const Bytef *)plain->bytes;
    stream.avail_in = (uInt)plain->length;
    stream.next_out = bytes;
    stream.avail_out = (uInt)room;
    int status = deflate(&stream, Z_FINISH);
    struct shared *gzip = status == Z_STREAM_END ? shared_new(bytes, stream.total_out) : NULL;
    (void)deflateEnd(&stream);
    free(bytes);
    return gzip;
}

void etag_make(char etag[ETAG_ROOM], const struct shared *plain) {
    uint8_t hash[ETAG_BYTES];
    char text[BASE64_CHARS(ETAG_BYTES) + 1];
    (void)crypto_generichash(hash, sizeof hash, plain->bytes, plain->length, NULL, 0);
    base64_encode(text, hash, sizeof hash);
    (void)snprintf(etag, ETAG_ROOM, "\"%s\"", text);
}
