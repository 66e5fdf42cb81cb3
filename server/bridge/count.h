/* How long a text is to a network: grapheme clusters on Mastodon and Bluesky, weighted characters
 * on X. Where two servers count differently, the larger number: a post that is too long is refused.
 */
#ifndef RAUTE_BRIDGE_COUNT_H
#define RAUTE_BRIDGE_COUNT_H

#include <stddef.h>
#include <stdint.h>

#include "event/outgoing.h"

#define LINK_LENGTH_AT_X 23

/* Length of `text`. `link_length` is what a link counts on Mastodon (0: what it is); on X it is
 * LINK_LENGTH_AT_X, on Bluesky a link has no length of its own.
 *
 * A link begins with http:// or https:// and has a domain name; it ends before white space, what
 * its address cannot contain, and final punctuation. Another address after http:// (a number, a
 * name without a dot) counts what it is, but at least as much as a link, since servers differ
 * there. X makes links of bare domain names too: each counts at least as much as a link. */
size_t post_count(enum network network, const char *text, uint32_t link_length);

#endif
