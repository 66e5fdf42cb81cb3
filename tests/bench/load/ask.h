/* Questions of made-up askers, validly signed. */
#ifndef RAUTE_BENCH_ASK_H
#define RAUTE_BENCH_ASK_H

#include "bench/load/phone.h"

/* Asks, prints the answer; false: trouble. */
bool ask_run(unsigned count, size_t bytes);

/* STEP_ASK */
bool ask_enter(struct phone *phone);
step_receive ask_receive;

#endif
