/* The organiser's connection, which survives the change of its own key, and the role links that this browser knows. */

import { signal } from "@preact/signals";
import { eventAddress } from "../../core/address";
import { postCommand } from "../../core/command";
import { connect, type Connection, type Result } from "../../core/connection";
import { beginLogin, forgetLoginsOf, type Failure } from "../../core/login";
import type { CommandName, Commands } from "../../core/commands";
import type { Network, Role } from "../../core/protocol";
import { fromBase64 } from "../../core/encode";
import { forgetEvent, forgetRoleKey, keepRoleKey, takeRoleKey } from "../../core/storage";
import { language } from "../../core/words";
import type { Batch } from "./codes";
import { saveFile } from "../../parts/file";

export type StaffRole = Exclude<Role, "audience">;
export const STAFF_ROLES: readonly StaffRole[] = ["moderator", "stage", "organiser"];

export class Session {
    readonly connection = signal<Connection | null>(null);
    readonly keys = signal<Partial<Record<StaffRole, string>>>({});
    /* 16 bytes, of a gated event: what tickets and the public link say of the key of its passes. */
    readonly keyHash = signal<Uint8Array | null>(null);
    /* Told once: this page alone has them, until it is left. */
    readonly batches = signal<readonly Batch[]>([]);
    readonly untaken = signal<ReadonlySet<Batch>>(new Set()); /* of these: neither saved nor printed */
    private readonly changingOwn = signal(false);

    /* Takes the keys from the address and from storage; without an organiser's key nothing connects. */
    constructor(readonly slug: string) {
        const keys: Partial<Record<StaffRole, string>> = {};
        const own = takeRoleKey(slug, "organiser"); /* first: it empties the address */
        for (const role of STAFF_ROLES) {
            const key = role === "organiser" ? own : takeRoleKey(slug, role);
            if (key !== null) {
                keys[role] = key;
            }
        }
        this.keys.value = keys;
        if (own !== null) {
            this.open(own);
        }
    }

    private open(key: string): void {
        this.connection.value = connect({
            slug: this.slug,
            role: "organiser",
            key,
            language: () => language.peek(),
        });
    }

    get ended() {
        const connection = this.connection.value;
        if (connection === null) {
            return "no_key" as const;
        }
        return this.changingOwn.value ? null : connection.ended.value;
    }

    get key(): string {
        return this.keys.peek().organiser ?? "";
    }

    /* A new link for a role. Asked by POST, not on the socket: the server closes the socket of whoever's key has ended,
       and the answer, which holds the only copy of the new key, must not get lost in that. */
    async newLink(role: StaffRole): Promise<Result> {
        this.changingOwn.value = role === "organiser";
        const result = await this.post("link", { role });
        const link = result.ok ? result.value["link"] : undefined;
        const key = typeof link === "string" ? /#k=([\w-]{22})$/.exec(link)?.[1] : undefined;
        if (key !== undefined) {
            keepRoleKey(this.slug, role, key);
            this.keys.value = { ...this.keys.peek(), [role]: key };
            if (role === "organiser") {
                this.connection.peek()?.close();
                this.open(key);
            }
        }
        this.changingOwn.value = false;
        return result;
    }

    keepBatch(batch: Batch): void {
        this.batches.value = [...this.batches.peek(), batch];
        this.untaken.value = new Set([...this.untaken.peek(), batch]);
    }

    batchTaken(batch: Batch): void {
        this.untaken.value = new Set([...this.untaken.peek()].filter((each) => each !== batch));
    }

    /* Asked anew, since the socket's join may be older than the gate. */
    async learnKeyHash(event: string): Promise<void> {
        const result = await this.post("join", { role: "organiser", key: this.key });
        const key = result.ok ? fromBase64(String(result.value["pass_key"]), 32) : null;
        const id = fromBase64(event, 16);
        const pass = await import("../../core/pass").catch(() => null);
        if (key !== null && id !== null && pass !== null) {
            this.keyHash.value = pass.passKeyHash(id, key);
        }
    }

    /* Begins a log-in at another server and leaves for it. What comes back is why not. */
    async logIn(network: Network, server: string | null): Promise<Failure | null> {
        const begun = await beginLogin(this.slug, this.key, network, server);
        if (typeof begun !== "string") {
            return begun;
        }
        location.assign(begun);
        return null;
    }

    /* By POST: far servers may take longer than a socket waits. */
    post<N extends CommandName>(name: N, members: Commands[N]): Promise<Result> {
        return postCommand(this.slug, this.key, name, members);
    }

    /* The whole event as a file. */
    async download(format: "json" | "csv" | "markdown"): Promise<boolean> {
        try {
            const response = await fetch(`${eventAddress(this.slug)}/export?format=${format}`, {
                headers: { Authorization: `Bearer ${this.key}` },
            });
            if (!response.ok) {
                return false;
            }
            saveFile(`${this.slug}.${format === "markdown" ? "md" : format}`, await response.blob());
            return true;
        } catch {
            return false;
        }
    }

    /* After the event was deleted: this browser forgets it too. */
    forget(event: string): void {
        forgetEvent(event);
        STAFF_ROLES.forEach((role) => forgetRoleKey(this.slug, role));
        forgetLoginsOf(this.slug, Date.now());
    }
}
