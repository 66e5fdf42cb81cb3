#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#define TEXT_MAX INET6_ADDRSTRLEN

static bool port_parse(const char *text, uint16_t *port) {
    uint32_t value = 0;
    if (*text == '\0' || strlen(text) > 5) {
        return false;
    }
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9') {
            return false;
        }
        value = value * 10 + (uint32_t)(*text - '0');
    }
    *port = (uint16_t)value;
    return value <= UINT16_MAX;
}

bool address_listen(const char *text, struct sockaddr_storage *address, socklen_t *length) {
    char host[TEXT_MAX];
    uint16_t port;
    const char *colon = strrchr(text, ':');
    if (colon == NULL || colon == text || !port_parse(colon + 1, &port)) {
        return false;
    }
    bool brackets = text[0] == '[' && colon[-1] == ']';
    const char *start = brackets ? text + 1 : text;
    size_t count = (size_t)(colon - start) - (brackets ? 1 : 0);
    if (count >= sizeof host) {
        return false;
    }
    memcpy(host, start, count);
    host[count] = '\0';
    memset(address, 0, sizeof *address);
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)address;
    struct sockaddr_in *four = (struct sockaddr_in *)address;
    if (brackets && inet_pton(AF_INET6, host, &six->sin6_addr) == 1) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(port);
        *length = sizeof *six;
        return true;
    }
    if (!brackets && inet_pton(AF_INET, host, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons(port);
        *length = sizeof *four;
        return true;
    }
    return false;
}

static const uint8_t MAPPED[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static void address_from_four(uint8_t address[ADDRESS_BYTES], const void *four) {
    memcpy(address, MAPPED, sizeof MAPPED);
    memcpy(address + sizeof MAPPED, four, 4);
}

static void address_from_six(uint8_t address[ADDRESS_BYTES], const void *six) {
    memcpy(address, six, ADDRESS_BYTES);
    if (memcmp(address, MAPPED, sizeof MAPPED) != 0) {
        memset(address + 8, 0, 8);
    }
}

bool address_parse(uint8_t address[ADDRESS_BYTES], const char *text) {
    struct in6_addr six;
    struct in_addr four;
    if (inet_pton(AF_INET, text, &four) == 1) {
        address_from_four(address, &four);
        return true;
    }
    if (inet_pton(AF_INET6, text, &six) == 1) {
        address_from_six(address, &six);
        return true;
    }
    return false;
}

bool address_of(uint8_t address[ADDRESS_BYTES], const struct sockaddr_storage *peer) {
    if (peer->ss_family == AF_INET6) {
        address_from_six(address, &((const struct sockaddr_in6 *)peer)->sin6_addr);
        return true;
    }
    if (peer->ss_family == AF_INET) {
        address_from_four(address, &((const struct sockaddr_in *)peer)->sin_addr);
        return true;
    }
    return false;
}

/* A hop may be 1.2.3.4, 1.2.3.4:567, 2001:db8::1, [2001:db8::1] or [2001:db8::1]:567. */
bool address_forwarded(uint8_t address[ADDRESS_BYTES], const char *header) {
    char hop[TEXT_MAX + 8];
    const char *comma = strrchr(header, ',');
    const char *start = comma == NULL ? header : comma + 1;
    start += strspn(start, " \t");
    size_t count = strcspn(start, " \t");
    if (count >= sizeof hop || start[count + strspn(start + count, " \t")] != '\0') {
        return false;
    }
    memcpy(hop, start, count);
    hop[count] = '\0';
    if (hop[0] == '[') {
        char *end = strchr(hop, ']');
        if (end == NULL || (end[1] != '\0' && end[1] != ':')) {
            return false;
        }
        *end = '\0';
        return address_parse(address, hop + 1);
    }
    char *colon = strchr(hop, ':');
    if (colon != NULL && strchr(colon + 1, ':') == NULL) {
        *colon = '\0';
    }
    return address_parse(address, hop);
}
