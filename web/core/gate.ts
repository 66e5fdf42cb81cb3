/* Whether this browser can do what only members can, and how it becomes one in a gated event: by the pass that
 * it keeps, once there is something to send, on a fresh connection, and not at once after buying. */

import { signal } from "@preact/signals";
import type { Connection } from "./connection";
import { keptPasses, markPass, ownPass, type KeptPass } from "./passes";
import type { EventStore } from "./storage";

const MINUTES_A_DAY = 1440; /* so long after the end nobody is a member any more */

/* waiting: with a pass, but not a member yet. closed: without a pass. */
export type Admission = "open" | "waiting" | "closed";

export class Gate {
    private readonly pass = signal<KeptPass | undefined>(undefined);

    constructor(
        private readonly connection: Connection,
        private readonly store: EventStore,
    ) {}

    load(): void {
        this.pass.value = ownPass(keptPasses(this.store));
    }

    get admission(): Admission {
        const event = this.connection.state.model.value?.event;
        const open =
            event === undefined ||
            event.admission === "open" ||
            this.connection.member.value ||
            this.connection.minute() >= event.end + MINUTES_A_DAY;
        return open ? "open" : this.pass.value === undefined ? "closed" : "waiting";
    }

    /* Unix milliseconds before which the pass is not told to the server. */
    get from(): number {
        return this.pass.peek()?.from ?? 0;
    }

    /* False: not now. */
    async enter(): Promise<boolean> {
        const pass = this.pass.peek();
        if (pass === undefined) {
            return false;
        }
        markPass(this.store, pass.nonce, "own");
        const code = await this.connection.redeem(pass);
        if (code !== null && code !== "offline") {
            markPass(this.store, pass.nonce, "bad");
        }
        this.load();
        return code !== "offline";
    }
}
