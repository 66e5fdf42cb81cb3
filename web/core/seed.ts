/* The seed of this browser and event: all keys are derived from it. */

import { fromBase64, randomBytes, toBase64 } from "./encode";
import type { EventStore } from "./storage";

/* 32 bytes, made when there is none. Throws where the browser has no random numbers. */
export function seedOf(store: EventStore): Uint8Array {
    const kept = fromBase64(store.get("seed") ?? "", 32);
    if (kept !== null) {
        return kept;
    }
    const fresh = randomBytes(32);
    store.set("seed", toBase64(fresh));
    return fresh;
}
