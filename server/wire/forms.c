#include "wire/forms.h"

#include <string.h>

#include "base/limits.h"

#define LABEL_BYTES  63
#define HOST_BYTES   253
#define PORT_CHARS   5
#define LETTERS      "abcdefghijklmnopqrstuvwxyz"
#define DIGITS       "0123456789"
#define OUTSIDE_URLS "\"<>\\^`{|}"

/* Length of the host name at the beginning of `text`, *dots in it; 0: there is none. */
static size_t host_span(const char *text, size_t *dots) {
    size_t length = strspn(text, LETTERS DIGITS "-."), label = 0;
    *dots = 0;
    for (size_t i = 0; i <= length; i++) {
        bool ends = i == length || text[i] == '.';
        if (ends ? label == 0 || label > LABEL_BYTES || text[i - 1] == '-'
                 : label == 0 && text[i] == '-') {
            return 0;
        }
        *dots += ends && i < length ? 1 : 0;
        label = ends ? 0 : label + 1;
    }
    return length <= HOST_BYTES ? length : 0;
}

/* Length of ":443", or 0. */
static size_t port_span(const char *text) {
    size_t digits = text[0] == ':' ? strspn(text + 1, DIGITS) : 0;
    return digits > 0 && digits <= PORT_CHARS ? digits + 1 : 0;
}

static bool handle_form(const char *text) {
    size_t dots, length = host_span(text, &dots);
    const char *top = strrchr(text, '.');
    return length > 0 && text[length] == '\0' && dots > 0 && strchr(DIGITS, top[1]) == NULL;
}

bool account_form(const char *text) {
    if (strlen(text) > LIMIT_CARD_ACCOUNT_BYTES) {
        return false;
    }
    size_t name = strspn(text, LETTERS DIGITS "_.-");
    if (text[name] != '@') {
        return handle_form(text);
    }
    const char *host = text + name + 1;
    size_t dots, length = host_span(host, &dots);
    length += length > 0 ? port_span(host + length) : 0;
    return name > 0 && length > 0 && host[length] == '\0';
}

bool web_form(const char *text) {
    size_t scheme = strncmp(text, "https://", 8) == 0  ? 8
                    : strncmp(text, "http://", 7) == 0 ? 7
                                                       : 0;
    size_t dots, length = scheme > 0 ? host_span(text + scheme, &dots) : 0;
    if (length == 0) {
        return false;
    }
    const char *at = text + scheme + length;
    at += port_span(at);
    if (*at != '\0' && strchr("/?#", *at) == NULL) {
        return false;
    }
    for (; *at != '\0'; at++) {
        if (*at <= ' ' || *at >= 0x7f || strchr(OUTSIDE_URLS, *at) != NULL) {
            return false;
        }
    }
    return true;
}
