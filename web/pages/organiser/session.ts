/* The organiser's connection, which survives the change of its own key, and the role links that this browser knows. */

import { signal } from "@preact/signals";
import { eventAddress } from "../../core/address";
import { connect, type Connection, type Result } from "../../core/connection";
import type { Role } from "../../core/protocol";
import { forgetEvent, forgetRoleKey, keepRoleKey, takeRoleKey } from "../../core/storage";
import { language } from "../../core/words";

export type StaffRole = Exclude<Role, "audience">;
export const STAFF_ROLES: readonly StaffRole[] = ["moderator", "stage", "organiser"];

export class Session {
    readonly connection = signal<Connection | null>(null);
    readonly keys = signal<Partial<Record<StaffRole, string>>>({});
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
        const result = await this.post({ cmd: "link", id: 0, role });
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

    private async post(command: object): Promise<Result> {
        try {
            const response = await fetch(`${eventAddress(this.slug)}/commands`, {
                method: "POST",
                headers: { Authorization: `Bearer ${this.key}`, "Content-Type": "application/json" },
                body: JSON.stringify(command),
            });
            const answer = (await response.json()) as {
                ok?: Record<string, unknown>;
                error?: { code: string; message: string };
            };
            return answer.ok !== undefined
                ? { ok: true, value: answer.ok }
                : { ok: false, code: answer.error?.code ?? "offline", message: answer.error?.message ?? "" };
        } catch {
            return { ok: false, code: "offline", message: "" };
        }
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
            const link = document.createElement("a");
            link.href = URL.createObjectURL(await response.blob());
            link.download = `${this.slug}.${format === "markdown" ? "md" : format}`;
            link.click();
            setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
            return true;
        } catch {
            return false;
        }
    }

    /* After the event was deleted: this browser forgets it too. */
    forget(event: string): void {
        forgetEvent(event);
        STAFF_ROLES.forEach((role) => forgetRoleKey(this.slug, role));
    }
}
