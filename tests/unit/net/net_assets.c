/* In place of the web build: no page is asked for here. */
#include "wire/asset.h"

const struct asset assets[] = {{.path = "none"}};
const size_t asset_count = 0;
