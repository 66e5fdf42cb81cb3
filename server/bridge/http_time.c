#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bridge/http_request.h"

#define AHEAD_MS     INT64_C(86400000)
#define DIGITS_MAX   15
#define EPOCH_MS_MIN INT64_C(10000000000) /* more seconds than this are milliseconds */

/* −1: not a number. */
static int64_t digits_read(const char *text) {
    size_t length = strspn(text, "0123456789");
    size_t rest = strspn(text + length, " .0123456789"); /* "12.5" seconds are 12 */
    if (length == 0 || length > DIGITS_MAX || text[length + rest] != '\0') {
        return -1;
    }
    return strtoll(text, NULL, 10);
}

int64_t http_time(const char *iso) {
    struct tm utc = {0}, offset = {0};
    const char *zone = strptime(iso, "%Y-%m-%dT%H:%M:%S", &utc);
    if (zone == NULL) {
        return -1;
    }
    char part = zone[strspn(zone, ".0")];
    zone += strspn(zone, ".0123456789");
    bool ahead = *zone == '+';
    if ((ahead || *zone == '-') && strptime(zone + 1, "%H:%M", &offset) == NULL) {
        return -1;
    }
    int64_t seconds = (int64_t)offset.tm_hour * 3600 + offset.tm_min * 60;
    /* A part of a second is a whole one: whoever asks before is refused again. */
    return ((int64_t)timegm(&utc) + (ahead ? -seconds : seconds) + (part >= '1' && part <= '9')) *
           1000;
}

static int64_t limited(int64_t at, int64_t now) {
    if (at <= now) {
        return 0;
    }
    return at - now > AHEAD_MS ? now + AHEAD_MS : at;
}

int64_t http_retry_at(const char *retry_after, const char *reset, int64_t now) {
    if (retry_after != NULL) {
        int64_t seconds = digits_read(retry_after);
        time_t date = seconds < 0 ? curl_getdate(retry_after, NULL) : -1;
        if (seconds >= 0 || date >= 0) {
            return limited(seconds >= 0 ? now + seconds * 1000 : (int64_t)date * 1000, now);
        }
    }
    if (reset != NULL) {
        int64_t seconds = digits_read(reset);
        if (seconds >= 0) {
            return limited(seconds > EPOCH_MS_MIN ? seconds : seconds * 1000, now);
        }
        return limited(http_time(reset), now);
    }
    return 0;
}
