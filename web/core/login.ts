/* Log-ins at other servers that this browser has begun. The verifier (PKCE, RFC 7636) stays here until the way back: only
 * the browser that began a log-in can finish it. Kept for 15 minutes, as long as the server remembers its half. */

import { postCommand } from "./command";
import type { Result } from "./connection";
import { NETWORKS, type Network } from "./protocol";
import { store, type Store } from "./storage";

const LOGIN_MS = 15 * 60_000;

export interface Login {
    readonly state: string; /* the server's name for it, 22 characters */
    readonly verifier: string;
    readonly slug: string;
    readonly network: Network;
    readonly server: string | null; /* as it was named to `connect`; X has but one */
    readonly time: number; /* Unix milliseconds */
}

const nameOf = (state: string): string => `raute/login/${state}`;
const stateOf = (name: string): string | undefined => /^raute\/login\/([\w-]{22})$/.exec(name)?.[1];

function read(state: string, base: Store): Login | null {
    try {
        const kept = JSON.parse(base.get(nameOf(state)) ?? "null") as Partial<Login> | null;
        const { verifier, slug, network, server, time } = kept ?? {};
        return typeof verifier === "string" &&
            typeof slug === "string" &&
            typeof time === "number" &&
            (typeof server === "string" || server === null) &&
            network !== undefined &&
            NETWORKS.includes(network)
            ? { state, verifier, slug, network, server, time }
            : null;
    } catch {
        return null;
    }
}

/* Those that can still be finished, the latest first; the others are forgotten. */
export function pendingLogins(now: number, base: Store = store()): Login[] {
    const pending: Login[] = [];
    for (const name of base.keys()) {
        const state = stateOf(name);
        const login = state === undefined ? null : read(state, base);
        if (login !== null && login.time <= now && now - login.time < LOGIN_MS) {
            pending.push(login);
        } else if (state !== undefined) {
            base.remove(name);
        }
    }
    return pending.sort((a, b) => b.time - a.time);
}

/* False when the state is none that a server of ours would give. */
export function keepLogin(login: Login, base: Store = store()): boolean {
    const { state, ...kept } = login;
    const name = nameOf(state);
    if (stateOf(name) === undefined) {
        return false;
    }
    base.set(name, JSON.stringify(kept));
    return true;
}

export function forgetLogin(state: string, base: Store = store()): void {
    base.remove(nameOf(state));
}

export function forgetLoginsOf(slug: string, now: number, base: Store = store()): void {
    for (const login of pendingLogins(now, base)) {
        if (login.slug === slug) {
            forgetLogin(login.state, base);
        }
    }
}

export type Failure = Extract<Result, { ok: false }>;

/* Begins a log-in at another server. Where it goes on: an address to leave for; or why not. */
export async function beginLogin(
    slug: string,
    key: string,
    network: Network,
    server: string | null,
): Promise<string | Failure> {
    const { newVerifier } = await import("./challenge");
    const { verifier, challenge } = newVerifier();
    const members = server === null ? { network, challenge } : { network, server, challenge };
    const result = await postCommand(slug, key, "connect", members);
    if (!result.ok) {
        return result;
    }
    const address = loginAddress(result.value["url"]);
    const state = String(result.value["state"]);
    const kept = address !== null && keepLogin({ state, verifier, slug, network, server, time: Date.now() });
    return kept ? address : { ok: false, code: "bad_server", message: "" };
}

/* Where a browser may be sent to log in: https, or http on this very machine. Null: nowhere. */
export function loginAddress(url: unknown): string | null {
    let parsed: URL;
    try {
        parsed = new URL(String(url));
    } catch {
        return null;
    }
    return parsed.protocol === "https:" || (parsed.protocol === "http:" && isLoopback(parsed.hostname))
        ? parsed.href
        : null;
}

export function isLoopback(host: string): boolean {
    return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}
