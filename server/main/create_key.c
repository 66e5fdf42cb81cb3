#include "main/create_key.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "base/random.h"

static bool key_make(int file, char key[CREATE_KEY_CHARS + 1]) {
    uint8_t bytes[CREATE_KEY_BYTES];
    random_fill(bytes, sizeof bytes);
    base64_encode(key, bytes, sizeof bytes);
    sodium_memzero(bytes, sizeof bytes);
    return write(file, key, CREATE_KEY_CHARS) == CREATE_KEY_CHARS && write(file, "\n", 1) == 1 &&
           fsync(file) == 0;
}

static bool key_read(int file, char key[CREATE_KEY_CHARS + 1]) {
    uint8_t bytes[CREATE_KEY_BYTES];
    ssize_t count = read(file, key, CREATE_KEY_CHARS);
    key[CREATE_KEY_CHARS] = '\0';
    errno = 0;
    bool good = count == CREATE_KEY_CHARS && base64_decode(bytes, sizeof bytes, key);
    sodium_memzero(bytes, sizeof bytes);
    return good;
}

bool create_key_read(const char *data, char key[CREATE_KEY_CHARS + 1]) {
    int folder = open(data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        return false;
    }
    bool good = false;
    int file = openat(folder, "create-key", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file >= 0) {
        good = key_make(file, key);
        if (!good) {
            unlinkat(folder, "create-key", 0);
        }
    } else if (errno == EEXIST) {
        file = openat(folder, "create-key", O_RDONLY | O_CLOEXEC);
        good = file >= 0 && key_read(file, key);
    }
    int trouble = errno;
    if (file >= 0) {
        close(file);
    }
    close(folder);
    errno = trouble;
    return good;
}
