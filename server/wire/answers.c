#include "wire/answers.h"

#include "wire/encode.h"
#include "wire/words.h"

int refusal_status(enum refusal refusal) {
    switch (refusal) {
    case REFUSAL_OK:
        return 200;
    case REFUSAL_TOO_LONG:
        return 413;
    case REFUSAL_FORBIDDEN:
    case REFUSAL_MEMBERS_ONLY:
    case REFUSAL_REFUSED:
        return 403;
    case REFUSAL_UNKNOWN:
        return 404;
    case REFUSAL_GONE:
    case REFUSAL_EXPIRED:
        return 410;
    case REFUSAL_STALE:
    case REFUSAL_SLUG_TAKEN:
    case REFUSAL_PRESENT:
    case REFUSAL_CLOSED:
    case REFUSAL_ALREADY_CLAIMED:
    case REFUSAL_TICKET_USED:
        return 409;
    case REFUSAL_TOO_OFTEN:
        return 429;
    case REFUSAL_NOT_CONFIGURED:
        return 501;
    case REFUSAL_UNREACHABLE:
        return 502;
    case REFUSAL_FULL:
    case REFUSAL_BUSY:
        return 503;
    case REFUSAL_STORAGE:
        return 507;
    case REFUSAL_BAD_MESSAGE:
    case REFUSAL_UNKNOWN_COMMAND:
    case REFUSAL_BAD_ENCODING:
    case REFUSAL_BAD_TEXT:
    case REFUSAL_BAD_KEY:
    case REFUSAL_BAD_SIGNATURE:
    case REFUSAL_BAD_VALUE:
    case REFUSAL_BAD_SLUG:
    case REFUSAL_BAD_HASHTAG:
    case REFUSAL_BAD_SERVER:
    case REFUSAL_BAD_TIME:
    case REFUSAL_BAD_ACCOUNT:
    case REFUSAL_BAD_CODE:
    case REFUSAL_BAD_TICKET:
    case REFUSAL_BAD_PASS:
    case REFUSAL_NOT_JOINED:
    case REFUSAL_COUNT:
        break;
    }
    return 400;
}

static void error_append(struct buffer *out, enum refusal refusal, enum language language) {
    buffer_format(out, "\"error\":{\"code\":\"%s\",\"message\":", refusal_code(refusal));
    encode_text(out, words_refusal(language, refusal));
    buffer_text(out, "}}");
}

void answer_error(struct buffer *out, const uint32_t *id, enum refusal refusal,
                  enum language language) {
    if (id == NULL) {
        buffer_text(out, "{\"id\":null,");
    } else {
        buffer_format(out, "{\"id\":%u,", *id);
    }
    error_append(out, refusal, language);
}

void answer_ok(struct buffer *out, uint32_t id) {
    buffer_format(out, "{\"id\":%u,\"ok\":{}}", id);
}

void answer_problem(struct buffer *out, enum refusal refusal, enum language language) {
    buffer_text(out, "{");
    error_append(out, refusal, language);
}
