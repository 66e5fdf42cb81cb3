/* The desk's keys. Letters can be switched off (they get in the way of some readers); arrows and buttons always work. */

import { signal } from "@preact/signals";
import { DECLINE_REASONS } from "../../core/protocol";
import { store } from "../../core/storage";
import type { ActName } from "./acts";
import type { ModeratorDesk } from "./desk";
import { openAct, sendAct } from "./outside";

export const lettersOn = signal(store().get("raute/keys") !== "off");

export function switchLetters(on: boolean): void {
    lettersOn.value = on;
    if (on) {
        store().remove("raute/keys");
    } else {
        store().set("raute/keys", "off");
    }
}

export interface KeyHooks {
    openSearch(): void;
    openKeys(): void;
}

type Run = (desk: ModeratorDesk, hooks: KeyHooks) => void;

const act =
    (name: ActName): Run =>
    (desk) => {
        const question = desk.selected();
        if (question !== undefined) {
            desk.act(name, question.n);
        }
    };

const outside =
    (decide: typeof sendAct): Run =>
    (desk) => {
        const question = desk.selected();
        if (question !== undefined) {
            desk.actOutside(question.n, decide);
        }
    };

const LETTERS: Record<string, Run> = {
    j: (desk) => desk.step(1),
    k: (desk) => desk.step(-1),
    a: act("approve"),
    d: act("decline"),
    n: act("now"),
    e: act("answered"),
    p: act("pin"),
    h: act("hide"),
    r: act("restore"),
    w: (desk) => {
        const question = desk.selected();
        if (question !== undefined) {
            desk.compose(question.n);
        }
    },
    m: (desk) => {
        const selection = desk.selection.peek();
        if (selection !== null) {
            desk.toggleMore(selection.column, selection.n);
        }
    },
    s: outside(sendAct),
    o: outside(openAct),
    c: (desk) => {
        const question = desk.selected();
        if (question !== undefined) {
            desk.compose(question.n, "warning");
        }
    },
    f: (desk) => desk.reveal(),
    u: (desk) => void desk.doing.undo(),
    "/": (_, hooks) => hooks.openSearch(),
    "?": (_, hooks) => hooks.openKeys(),
};
DECLINE_REASONS.forEach((reason, place) => {
    LETTERS[String(place + 1)] = (desk) => {
        const question = desk.selected();
        if (question !== undefined) {
            desk.act("decline", question.n, { reason });
        }
    };
});

const ALWAYS: Record<string, Run> = {
    ArrowDown: (desk) => desk.step(1),
    ArrowUp: (desk) => desk.step(-1),
    ArrowRight: (desk) => desk.stepColumn(1),
    ArrowLeft: (desk) => desk.stepColumn(-1),
    Escape: (desk) => {
        if (desk.search.peek() !== null) {
            desk.search.value = null;
        } else {
            desk.opened.value = null;
        }
    },
};

/* Fields, choices and open sheets keep their keys. */
function keepsKeys(target: EventTarget | null, key: string): boolean {
    if (!(target instanceof Element) || document.querySelector("dialog[open]") !== null) {
        return true;
    }
    return target.closest("input:not([type=radio]), textarea, select") !== null
        ? true
        : key.startsWith("Arrow") && target.closest("input, [role=tablist]") !== null;
}

export function listenForKeys(desk: ModeratorDesk, hooks: KeyHooks): () => void {
    function pressed(event: KeyboardEvent): void {
        desk.touched();
        if (event.ctrlKey || event.metaKey || event.altKey || keepsKeys(event.target, event.key)) {
            return;
        }
        const run = ALWAYS[event.key] ?? (lettersOn.peek() ? LETTERS[event.key] : undefined);
        if (run !== undefined) {
            event.preventDefault();
            run(desk, hooks);
        }
    }
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
}
