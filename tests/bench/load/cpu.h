/* CPU time of the measured processes, from the kernel's accounting of each thread in ns. */
#ifndef RAUTE_BENCH_CPU_H
#define RAUTE_BENCH_CPU_H

#include <stdint.h>

#define CPU_NAMES 32

struct cpu {
    struct cpu_name {
        char name[16]; /* of a thread, without its number */
        int64_t ns;
    } names[CPU_NAMES];
    unsigned count;
    int64_t client; /* of this program */
};

/* What the threads of all --pid have used so far. */
void cpu_sample(struct cpu *cpu);
/* Prints {"total":s,"NAME":s,…} of what was used since. */
void cpu_print(const struct cpu *since, const struct cpu *until);

#endif
