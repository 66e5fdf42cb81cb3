/* Addresses: where to listen, who is there. */
#ifndef RAUTE_NET_ADDRESS_H
#define RAUTE_NET_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define ADDRESS_BYTES 16

/* Parses "ADDR:PORT": "[::]:7681", "127.0.0.1:0". No names. */
bool address_listen(const char *text, struct sockaddr_storage *address, socklen_t *length);

/* Who is there, as 16 bytes: IPv4 mapped into IPv6; of IPv6 the first 64 bits, since whoever has
 * one address of a network has them all. */
bool address_parse(uint8_t address[ADDRESS_BYTES], const char *text); /* no port, no brackets */
bool address_of(uint8_t address[ADDRESS_BYTES], const struct sockaddr_storage *peer);

/* The right-most hop of X-Forwarded-For: the one that our own proxy added. False: none is readable.
 */
bool address_forwarded(uint8_t address[ADDRESS_BYTES], const char *header);

#endif
