/* The salts of posting codes, one for each account that a question is to be found by: known here alone until
 * its post is shown to be the asker's. */

import { randomBytes, toBase64 } from "./encode";
import type { EventStore } from "./storage";

type Salts = Readonly<Record<string, string>>;

/* `question`: salt of the own question. Made when it is first asked for; then it stays. */
export function codeSalt(store: EventStore, question: string, account: string): string {
    const name = `${question} ${account}`;
    const kept = store.read<Salts>("codes", {});
    const salt = kept[name] ?? toBase64(randomBytes(16));
    if (kept[name] === undefined) {
        store.write("codes", { ...kept, [name]: salt });
    }
    return salt;
}
