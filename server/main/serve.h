/* `raute serve`: wires the layers together and keeps them running. */
#ifndef RAUTE_MAIN_SERVE_H
#define RAUTE_MAIN_SERVE_H

#include "main/options.h"

int serve(const struct options *options);

#endif
