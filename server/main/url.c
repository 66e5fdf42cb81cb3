#include "main/url.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOST_BYTES (INET6_ADDRSTRLEN + 2)

static const char *url_listen(const struct options *options) {
    const char *listen = options->values[OPTION_LISTEN];
    return listen == NULL ? LISTEN_DEFAULT : listen;
}

/* Splits ADDR:PORT; what it means is checked when it is listened on. */
static void listen_split(const struct options *options, char host[HOST_BYTES], uint16_t *port) {
    const char *listen = url_listen(options);
    const char *colon = strrchr(listen, ':');
    size_t length = colon == NULL ? 0 : (size_t)(colon - listen);
    snprintf(host, HOST_BYTES, "%.*s", (int)length, listen);
    if (*port == 0 && colon != NULL) {
        *port = (uint16_t)strtoul(colon + 1, NULL, 10);
    }
}

static bool host_any(const char *host) {
    return strcmp(host, "[::]") == 0 || strcmp(host, "0.0.0.0") == 0;
}

/* The first address of an interface that is up, of this family, loopback and link-local aside. */
static bool host_of_family(const struct ifaddrs *all, int family, char host[HOST_BYTES]) {
    for (const struct ifaddrs *one = all; one != NULL; one = one->ifa_next) {
        bool up = (one->ifa_flags & IFF_UP) != 0 && (one->ifa_flags & IFF_RUNNING) != 0;
        if (one->ifa_addr == NULL || one->ifa_addr->sa_family != family || !up ||
            (one->ifa_flags & IFF_LOOPBACK) != 0) {
            continue;
        }
        if (family == AF_INET) {
            const struct sockaddr_in *four = (const struct sockaddr_in *)one->ifa_addr;
            return inet_ntop(AF_INET, &four->sin_addr, host, HOST_BYTES) != NULL;
        }
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)one->ifa_addr;
        char text[INET6_ADDRSTRLEN];
        if (!IN6_IS_ADDR_LINKLOCAL(&six->sin6_addr) &&
            inet_ntop(AF_INET6, &six->sin6_addr, text, sizeof text) != NULL) {
            snprintf(host, HOST_BYTES, "[%s]", text);
            return true;
        }
    }
    return false;
}

static void host_local(char host[HOST_BYTES]) {
    struct ifaddrs *all = NULL;
    bool found = getifaddrs(&all) == 0 &&
                 (host_of_family(all, AF_INET, host) || host_of_family(all, AF_INET6, host));
    if (!found) {
        snprintf(host, HOST_BYTES, "localhost");
    }
    freeifaddrs(all);
}

static void url_write(char url[URL_BYTES], const struct options *options, const char *host,
                      uint16_t port) {
    bool tls = options->values[OPTION_TLS_CERT] != NULL;
    if (port == (tls ? 443 : 80)) {
        snprintf(url, URL_BYTES, "%s://%s", tls ? "https" : "http", host);
    } else {
        snprintf(url, URL_BYTES, "%s://%s:%u", tls ? "https" : "http", host, port);
    }
}

static bool url_given(char url[URL_BYTES], const char *given) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789.-_~:/[]%";
    size_t length = strlen(given);
    while (length > 0 && given[length - 1] == '/') {
        length--;
    }
    bool scheme = strncmp(given, "http://", 7) == 0 || strncmp(given, "https://", 8) == 0;
    if (!scheme || length < 8 || length >= URL_BYTES || given[strspn(given, plain)] != '\0') {
        fprintf(stderr, "raute: --public-url is not an http or https URL: %s\n", given);
        return false;
    }
    snprintf(url, URL_BYTES, "%.*s", (int)length, given);
    return true;
}

bool url_public(char url[URL_BYTES], const struct options *options, uint16_t port) {
    char host[HOST_BYTES];
    if (options->values[OPTION_PUBLIC_URL] != NULL) {
        return url_given(url, options->values[OPTION_PUBLIC_URL]);
    }
    listen_split(options, host, &port);
    if (host_any(host)) {
        host_local(host);
    }
    url_write(url, options, host, port);
    return true;
}

bool url_here(char url[URL_BYTES], const struct options *options, uint16_t port) {
    char host[HOST_BYTES];
    listen_split(options, host, &port);
    bool here = host_any(host) || strcmp(host, "[::1]") == 0 || strncmp(host, "127.", 4) == 0;
    url_write(url, options, "localhost", port);
    return here;
}
