#include "main/banner.h"

#include <qrencode.h>
#include <stdbool.h>
#include <stddef.h>

#define QUIET 2 /* modules around the code */

static bool module_dark(const QRcode *code, int x, int y) {
    bool inside = x >= 0 && y >= 0 && x < code->width && y < code->width;
    return inside && (code->data[y * code->width + x] & 1) != 0;
}

/* Two rows of modules in one line of characters. The blocks are the light modules: most terminals
 * are dark, and phones read both ways round. */
static void code_print(FILE *out, const char *text) {
    static const char *const blocks[] = {"\u2588", "\u2584", "\u2580",
                                         " "}; /* both, lower, upper */
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L);
    if (code == NULL) {
        return; /* too long for a code: the text is there */
    }
    for (int y = -QUIET; y < code->width + QUIET; y += 2) {
        fputs("    ", out);
        for (int x = -QUIET; x < code->width + QUIET; x++) {
            bool upper = module_dark(code, x, y);
            bool lower = module_dark(code, x, y + 1);
            fputs(blocks[(upper ? 1 : 0) + (lower ? 2 : 0)], out);
        }
        fputc('\n', out);
    }
    QRcode_free(code);
}

void banner_print(FILE *out, const char *here, const char *public_url, const char *create_key) {
    fputs("\nRaute serves.\n\n", out);
    if (here != NULL) {
        fprintf(out, "    this machine      %s\n", here);
    }
    fprintf(out, "    local network     %s\n", public_url);
    fprintf(out, "    create an event   %s/#k=%s\n\n", public_url, create_key);
    code_print(out, public_url);
    fputs("\n", out);
    fflush(out);
}
