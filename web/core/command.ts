/* One command by POST, with a role's key or a member's token, or by nobody in particular: where there is
 * no socket, where the answer must outlive it, or where a far server may take longer than a socket's
 * answer may. */

import { eventAddress } from "./address";
import type { Result } from "./connection";
import type { CommandName, Commands } from "./commands";

const ANSWER_MS = 120_000; /* a log-in asks a far server several times, 20 s each */

const offline: Result = { ok: false, code: "offline", message: "" };

export async function postCommand<N extends CommandName>(
    slug: string,
    bearer: string | null,
    name: N,
    members: Commands[N],
): Promise<Result> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), ANSWER_MS);
    try {
        const response = await fetch(`${eventAddress(slug)}/commands`, {
            method: "POST",
            headers: {
                ...(bearer === null ? {} : { Authorization: `Bearer ${bearer}` }),
                "Content-Type": "application/json",
            },
            body: JSON.stringify({ cmd: name, id: 0, ...members }),
            cache: "no-store",
            signal: limit.signal,
        });
        const answer = (await response.json()) as {
            ok?: Record<string, unknown>;
            error?: { code: string; message: string };
        };
        if (answer.ok !== undefined) {
            return { ok: true, value: answer.ok };
        }
        return answer.error === undefined ? offline : { ok: false, ...answer.error };
    } catch {
        return offline;
    } finally {
        clearTimeout(timer);
    }
}
