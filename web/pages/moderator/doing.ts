/* What the moderator does, on its way to the server and back: sends acts, shows them as under way until they are
   acknowledged, remembers how to undo them. The server keeps no such memory: an undo is a move that names the state
   expected, and is refused as stale when somebody else was there in between. */

import { signal } from "@preact/signals";
import type { Connection, Result } from "../../core/connection";
import type { Commands } from "../../core/commands";
import type { Question } from "../../core/protocol";
import { refusalWords, t } from "../../core/words";
import { accountLabel } from "../../parts/networks";
import { showToast } from "../../parts/toast";
import type { Act, Step } from "./acts";
import type { OutAct } from "./outside";

const UNDO_STEPS = 50;

interface Undoable {
    readonly n: number;
    readonly text: string;
    readonly steps: readonly Step[];
}

const undoAction = (run: () => Promise<unknown>) => ({ label: t("parts.undo"), run: () => void run() });

export function tellFailure(n: number | null, result: Extract<Result, { ok: false }>): void {
    const reason =
        result.code === "stale" || result.code === "offline"
            ? t(`moderator.failed.${result.code}`)
            : refusalWords(result);
    showToast({ text: n === null ? reason : t("moderator.failed", { n: String(n), reason }) });
}

export class Doing {
    readonly busy = signal<ReadonlySet<number>>(new Set());
    readonly returned =
        new Set<number>(); /* questions that came back to the incoming column by our own hand */
    private undos: readonly Undoable[] = [];
    private latest: Promise<unknown> = Promise.resolve(); /* the act that an undo would mean */

    constructor(private readonly connection: Connection) {}

    /* True when the server has it; then its undo is remembered. */
    perform(act: Act, question: Question): Promise<boolean> {
        this.claim(act.n, act.to === "pending");
        const pinned = act.name === "pin" && question.pinned;
        const reason = t(`moderator.reason.${act.reason ?? "other"}`);
        const text = t(pinned ? "moderator.did.unpin" : `moderator.did.${act.name}`, {
            n: String(act.n),
            reason,
        });
        return this.carryOut([act.forward], { n: act.n, text, steps: act.back });
    }

    performOut(act: OutAct): Promise<boolean> {
        const accounts = this.connection.state.model.peek()?.accounts ?? [];
        const where = act.account === undefined ? "" : accountLabel(act.account, accounts);
        const text = t(`moderator.did.${act.name}`, { n: String(act.n), where });
        return this.carryOut(act.forward, { n: act.n, text, steps: act.back });
    }

    private carryOut(forward: readonly Step[], undoable: Undoable): Promise<boolean> {
        const done = this.run(forward, undoable);
        this.latest = done;
        return done;
    }

    private async run(forward: readonly Step[], undoable: Undoable): Promise<boolean> {
        const result = await this.sending(undoable.n, () => this.sendAll(forward));
        if (result.ok) {
            this.remember(undoable);
        } else {
            tellFailure(undoable.n, result);
        }
        return result.ok;
    }

    /* What comes back to the incoming column by our own hand needs no strip. */
    private claim(n: number, returns: boolean): void {
        if (returns) {
            this.returned.add(n);
        } else {
            this.returned.delete(n);
        }
    }

    private async sending<R>(n: number, run: () => Promise<R>): Promise<R> {
        this.busy.value = new Set([...this.busy.peek(), n]);
        try {
            return await run();
        } finally {
            const rest = new Set(this.busy.peek());
            rest.delete(n);
            this.busy.value = rest;
        }
    }

    private send(step: Step): Promise<Result> {
        const { cmd, ...members } = step;
        return this.connection.command(cmd, members as Commands[typeof cmd]);
    }

    private remember(undoable: Undoable): void {
        if (undoable.steps.length === 0) {
            showToast({ text: undoable.text });
            return;
        }
        this.undos = [...this.undos, undoable].slice(-UNDO_STEPS);
        showToast({ text: undoable.text, action: undoAction(() => this.undo(undoable)) });
    }

    /* The one that its toast names, or the latest: also when the server has not answered it yet. */
    async undo(named?: Undoable): Promise<void> {
        await (named === undefined ? this.latest : undefined);
        const undoable = named ?? this.undos[this.undos.length - 1];
        if (undoable === undefined) {
            showToast({ text: t("moderator.undo.none") });
            return;
        }
        this.undos = this.undos.filter((each) => each !== undoable);
        this.claim(
            undoable.n,
            undoable.steps.some((step) => step.cmd === "move" && step.to === "pending"),
        );
        const result = await this.sending(undoable.n, () => this.sendAll(undoable.steps));
        if (result.ok) {
            showToast({ text: t("moderator.did.undo", { n: String(undoable.n) }) });
        } else {
            tellFailure(undoable.n, result);
        }
    }

    private async sendAll(steps: readonly Step[]): Promise<Result> {
        let result: Result = { ok: true, value: {} };
        for (const step of steps) {
            result = await this.send(step);
            if (!result.ok) {
                return result;
            }
        }
        return result;
    }

    /* ---- cards: a moderator takes one away from everybody else, and gives it back */

    async hideCard(card: string, name: string, on: boolean): Promise<boolean> {
        const result = await this.connection.command("card_hide", { card, on });
        if (!result.ok) {
            tellFailure(null, result);
            return false;
        }
        showToast({
            text: t(on ? "moderator.did.card_hide" : "moderator.did.card_show", { name }),
            action: undoAction(() => this.hideCard(card, name, !on)),
        });
        return true;
    }

    /* ---- talks */

    async selectTalk(to: number): Promise<void> {
        const model = this.connection.state.model.peek();
        if (model === null || model.current === to) {
            return;
        }
        const from = model.current;
        const result = await this.connection.command("talk_select", { from, to });
        if (!result.ok) {
            tellFailure(null, result);
            return;
        }
        const title = model.talks.find((talk) => talk.id === to)?.title ?? "";
        showToast({
            text: t("moderator.did.talk_select", { title }),
            action: undoAction(() => this.connection.command("talk_select", { from: to, to: from })),
        });
    }

    async openTalk(talk: number, open: boolean): Promise<void> {
        const result = await this.connection.command("talk_open", { talk, open });
        if (!result.ok) {
            tellFailure(null, result);
            return;
        }
        showToast({
            text: t(open ? "moderator.did.talk_open" : "moderator.did.talk_close"),
            action: undoAction(() => this.connection.command("talk_open", { talk, open: !open })),
        });
    }
}
