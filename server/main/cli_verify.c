/* raute verify. */
#include <stdio.h>

#include "main/cli.h"
#include "wire/export.h"
#include "wire/object.h"
#include "wire/words.h"

static const int EXITS[] = {
    [EXPORT_GOOD] = EXIT_DONE, [EXPORT_WRONG] = EXIT_FAILED, [EXPORT_NOT_READ] = EXIT_USAGE};

int export_check(const struct options *options) {
    struct buffer bytes = buffer_make(LIMIT_CONTROL_BYTES);
    struct buffer sentences = buffer_make(LIMIT_CONTROL_BYTES);
    enum export_proof proof = EXPORT_NOT_READ;
    enum language language = cli_language();
    words_start();
    if (cli_file(options->argument, &bytes)) {
        json_t *object =
            bytes.length > 0 ? object_read(bytes.data, bytes.length, LIMIT_JSON_DEPTH) : NULL;
        proof = export_verify(&sentences, object, language);
        json_decref(object);
        if (proof == EXPORT_NOT_READ) {
            (void)cli_fail(words_get(language, "verify.unreadable"));
        }
    }
    bool written = sentences.length == 0 ||
                   (!sentences.overflow &&
                    fwrite(sentences.data, 1, sentences.length, stdout) == sentences.length &&
                    fflush(stdout) == 0);
    words_stop();
    buffer_clear(&bytes);
    buffer_clear(&sentences);
    return written ? EXITS[proof] : cli_fail("The findings cannot be written.");
}
