#include "bridge/network.h"

#include "base/log.h"

const struct network_driver *network_driver(enum network network) {
    static const struct network_driver *const drivers[NETWORK_COUNT] = {
        [NETWORK_MASTODON] = &mastodon_driver,
        [NETWORK_BLUESKY] = &bluesky_driver,
        [NETWORK_X] = &x_driver,
    };
    INVARIANT(network < NETWORK_COUNT);
    return drivers[network];
}
