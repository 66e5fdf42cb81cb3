/* The files of the web build, embedded in the binary. The build generates build/gen/assets.c with
 * `assets`, sorted by path (strcmp). Files of the pages have paths like "/assets/audience-AB12.js"
 * (their name says their content, so they may be cached for ever); page shells, which are never
 * given out as they are, "shell/audience.html", "shell/question.html", "shell/start.html",
 * "shell/moderator.html", "shell/stage.html", "shell/organiser.html", "shell/callback.html",
 * "shell/missing.html", "shell/privacy.html", and the long texts "shell/privacy.de.html" and
 * "shell/privacy.en.html". */
#ifndef RAUTE_WIRE_ASSET_H
#define RAUTE_WIRE_ASSET_H

#include <stddef.h>

struct asset {
    const char *path;
    const char *type;                           /* content type */
    const unsigned char *plain, *gzip, *brotli; /* gzip, brotli: NULL when not worth it */
    size_t plain_length, gzip_length, brotli_length;
    const char *etag; /* quoted */
};

extern const struct asset assets[];
extern const size_t asset_count;

/* By binary search; NULL: there is none. Any thread. */
const struct asset *asset_find(const char *path);

#endif
