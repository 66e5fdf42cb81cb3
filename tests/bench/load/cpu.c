#include "bench/load/cpu.h"

#include <ctype.h>
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bench/load/common.h"

/* The first line of a file of a thread, without its end; false: the thread is gone. */
static bool thread_read(int pid, const char *thread, const char *file, char *line, int size) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task/%.12s/%s", pid, thread, file);
    FILE *in = fopen(path, "r");
    if (in == NULL) {
        return false;
    }
    bool read = fgets(line, size, in) != NULL;
    fclose(in);
    line[read ? strcspn(line, "\n") : 0] = '\0';
    return read;
}

static void name_add(struct cpu *cpu, const char *name, int64_t ns) {
    unsigned at = 0;
    while (at < cpu->count && strcmp(cpu->names[at].name, name) != 0) {
        at++;
    }
    if (at == CPU_NAMES) {
        trouble("threads with more than %d names", CPU_NAMES);
        return;
    }
    if (at == cpu->count) {
        snprintf(cpu->names[cpu->count++].name, sizeof cpu->names[0].name, "%s", name);
    }
    cpu->names[at].ns += ns;
}

/* net-0 and net-1 are both net; nothing in a name breaks the JSON. */
static void name_clean(char *name) {
    size_t length = strlen(name);
    while (length > 0 && isdigit((unsigned char)name[length - 1])) {
        length--;
    }
    if (length > 1 && name[length - 1] == '-') {
        name[length - 1] = '\0';
    }
    for (char *at = name; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\' || (unsigned char)*at < ' ') {
            *at = '_';
        }
    }
}

static void process_sample(struct cpu *cpu, int pid) {
    char path[32], name[16], spent[64];
    snprintf(path, sizeof path, "/proc/%d/task", pid);
    DIR *threads = opendir(path);
    if (threads == NULL) {
        trouble("process %d is gone", pid);
        return;
    }
    for (struct dirent *entry; (entry = readdir(threads)) != NULL;) {
        int64_t ns;
        if (entry->d_name[0] != '.' && thread_read(pid, entry->d_name, "comm", name, sizeof name) &&
            thread_read(pid, entry->d_name, "schedstat", spent, sizeof spent) &&
            sscanf(spent, "%" SCNd64, &ns) == 1) {
            name_clean(name);
            name_add(cpu, name, ns);
        }
    }
    closedir(threads);
}

void cpu_sample(struct cpu *cpu) {
    *cpu = (struct cpu){0};
    for (unsigned i = 0; i < options.pid_count; i++) {
        process_sample(cpu, options.pids[i]);
    }
    struct timespec own;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own);
    cpu->client = own.tv_sec * SECOND + own.tv_nsec;
}

static int64_t name_ns(const struct cpu *cpu, const char *name) {
    for (unsigned i = 0; i < cpu->count; i++) {
        if (strcmp(cpu->names[i].name, name) == 0) {
            return cpu->names[i].ns;
        }
    }
    return 0;
}

void cpu_print(const struct cpu *since, const struct cpu *until) {
    int64_t total = 0;
    for (unsigned i = 0; i < until->count; i++) {
        total += until->names[i].ns - name_ns(since, until->names[i].name);
    }
    printf("\"cpu\":{\"total\":%.6f", (double)total / 1e9);
    for (unsigned i = 0; i < until->count; i++) {
        const struct cpu_name *name = &until->names[i];
        printf(",\"%s\":%.6f", name->name, (double)(name->ns - name_ns(since, name->name)) / 1e9);
    }
    printf("},\"client_cpu\":%.6f", (double)(until->client - since->client) / 1e9);
}
