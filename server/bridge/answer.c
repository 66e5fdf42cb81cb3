/* What a far server's answer means when it is not what was asked for. */
#include "bridge/network.h"

#define UNAUTHORIZED 401
#define FORBIDDEN    403
#define NOT_FOUND    404
#define TIMEOUT      408
#define GONE         410
#define TOO_MANY     429
#define LATE         504 /* says a proxy of a server that may still be at it */

bool is_missing(const struct http_answer *answer) {
    return answer->trouble == TROUBLE_NONE &&
           (answer->status == NOT_FOUND || answer->status == GONE);
}

enum refusal refusal_of(const struct http_answer *answer) {
    if (answer->trouble != TROUBLE_NONE) {
        bool silent =
            answer->trouble == TROUBLE_UNREACHABLE || answer->trouble == TROUBLE_CERTIFICATE;
        return silent ? REFUSAL_UNREACHABLE : REFUSAL_BAD_SERVER;
    }
    switch (answer->status) {
    case NOT_FOUND:
    case GONE:
        return REFUSAL_BAD_SERVER;
    case TIMEOUT:
    case TOO_MANY:
        return REFUSAL_UNREACHABLE;
    default:
        if (answer->status >= 500) {
            return REFUSAL_UNREACHABLE;
        }
        return answer->status >= 400 ? REFUSAL_REFUSED : REFUSAL_BAD_SERVER;
    }
}

enum refusal trouble_refusal(enum post_trouble trouble) {
    switch (trouble) {
    case TROUBLE_NONE:
        return REFUSAL_OK;
    case TROUBLE_LOGIN:
    case TROUBLE_FORBIDDEN:
    case TROUBLE_REJECTED:
        return REFUSAL_REFUSED;
    case TROUBLE_ADDRESS:
    case TROUBLE_ANSWER:
    case TROUBLE_MISSING:
        return REFUSAL_BAD_SERVER;
    default:
        return REFUSAL_UNREACHABLE;
    }
}

struct job_result result_of(const struct http_answer *answer) {
    struct job_result result = {
        .trouble = answer->trouble, .retry_at = answer->retry_at, .far = "", .url = ""};
    result.pending = answer->pending || answer->status == LATE;
    if (result.trouble != TROUBLE_NONE) {
        return result;
    }
    switch (answer->status) {
    case UNAUTHORIZED:
        result.trouble = TROUBLE_LOGIN;
        break;
    case FORBIDDEN:
        result.trouble = TROUBLE_FORBIDDEN;
        break;
    case NOT_FOUND:
    case GONE:
        result.trouble = TROUBLE_MISSING;
        result.final = true;
        break;
    case TIMEOUT:
        result.trouble = TROUBLE_BUSY;
        break;
    case TOO_MANY:
        result.trouble = TROUBLE_LIMITED;
        break;
    default:
        result.trouble = answer->status >= 500   ? TROUBLE_BUSY
                         : answer->status >= 400 ? TROUBLE_REJECTED
                                                 : TROUBLE_ANSWER;
        result.final = result.trouble == TROUBLE_REJECTED;
    }
    return result;
}
