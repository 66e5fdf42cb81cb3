/* The moderator's desk: what is shown and what is selected. The components only read its signals and call its
   functions; what goes to the server goes through its `doing`. */

import { batch, effect, signal, untracked } from "@preact/signals";
import type { Connection } from "../../core/connection";
import type { DeclineReason, Order, Question } from "../../core/protocol";
import type { Model } from "../../core/state";
import { actAllowed, actOn, type Act, type ActName } from "./acts";
import { arrange, columnOf, COLUMNS, neighbour, type Column, type Desk, type Selection } from "./columns";
import { Doing, tellFailure } from "./doing";
import { outAllowed, type OutAct, type Outside } from "./outside";

const VOTES_MS = 1000; /* votes alone redraw the desk at most this often */
const REST_MS = 4000; /* without pointer or key for so long: the desk rests and may sort */

export function outsideOf(model: Model): Outside {
    return { publish: model.event.publish, accounts: model.accounts };
}

/* Whether b differs from a in nothing but numbers that run by themselves: votes, presence, fair places. */
function calmChange(a: Model, b: Model): boolean {
    if (
        a.event !== b.event ||
        a.talks !== b.talks ||
        a.accounts !== b.accounts ||
        a.left !== b.left ||
        a.current !== b.current ||
        a.questions.size !== b.questions.size
    ) {
        return false;
    }
    for (const [n, question] of b.questions) {
        const old = a.questions.get(n);
        if (old !== question && (old === undefined || !sameButVotes(old, question))) {
            return false;
        }
    }
    return true;
}

function sameButVotes(a: Question, b: Question): boolean {
    return (
        a.state === b.state &&
        a.rev === b.rev &&
        a.pinned === b.pinned &&
        a.text === b.text &&
        a.answer === b.answer &&
        a.reason === b.reason &&
        a.degree === b.degree &&
        a.posts === b.posts &&
        a.approved === b.approved &&
        a.open === b.open &&
        a.warning === b.warning &&
        a.card === b.card &&
        a.talk === b.talk
    );
}

export type Written = "answer" | "warning";
/* What is being written, and to which question. */
export interface Composing {
    readonly n: number;
    readonly what: Written;
}

export class ModeratorDesk {
    /* The model as drawn: votes in it are at most VOTES_MS old. */
    readonly model = signal<Model | null>(null);
    readonly desk = signal<Desk | null>(null);
    readonly selection = signal<Selection | null>(null);
    readonly order = signal<Order>("top");
    readonly scope = signal<"current" | "all">("current");
    readonly search = signal<string | null>(null); /* null: not searching */
    readonly tab = signal<Column>("incoming"); /* the column that phones show */
    readonly person = signal<string | null>(null); /* whose card is looked at */
    readonly opened = signal<number | null>(null); /* the question with its further actions open */
    readonly composing = signal<Composing | null>(null);
    readonly rests = signal(0); /* counts how often the desk came to rest */
    readonly glide = signal(0); /* counts the sorts that were asked for; rows glide then */

    readonly doing: Doing;
    readonly drafts = new Map<number, string>(); /* answers begun and not sent */

    private lastTouch = -REST_MS;
    private lastRest = -REST_MS;
    private votesTimer: ReturnType<typeof setTimeout> | undefined;
    private restTimer: ReturnType<typeof setTimeout> | undefined;
    private readonly stopFollowing: () => void;

    constructor(readonly connection: Connection) {
        this.doing = new Doing(connection);
        this.stopFollowing = effect(() => {
            const next = connection.state.model.value;
            untracked(() => this.follow(next));
        });
    }

    close(): void {
        this.stopFollowing();
        clearTimeout(this.votesTimer);
        clearTimeout(this.restTimer);
    }

    question(n: number): Question | undefined {
        return this.model.value?.questions.get(n);
    }

    /* ---- following the server */

    private follow(next: Model | null): void {
        const shown = this.model.peek();
        if (next === null || shown === null || !calmChange(shown, next)) {
            this.show(next);
        } else if (next !== shown) {
            this.votesTimer ??= setTimeout(() => this.show(this.connection.state.model.peek()), VOTES_MS);
        }
    }

    private show(next: Model | null): void {
        clearTimeout(this.votesTimer);
        this.votesTimer = undefined;
        batch(() => {
            this.model.value = next;
            this.rearrange({});
        });
        this.sortAtRest();
    }

    private rearrange({ settled = false, reveal = false }): void {
        const model = this.model.peek();
        if (model === null) {
            this.desk.value = null;
            return;
        }
        this.desk.value = arrange(this.desk.peek(), model, {
            talk: this.scope.peek() === "all" ? null : model.current,
            order: this.order.peek(),
            settled,
            reveal,
            own: this.doing.returned,
            selection: this.selection.peek(),
        });
    }

    /* ---- rest: nothing is sorted while a pointer or a key is at work, nor again right after a sort */

    touched(): void {
        this.lastTouch = performance.now();
    }

    private get atWork(): boolean {
        const since = Math.max(this.lastTouch, this.lastRest);
        return performance.now() - since < REST_MS || this.composing.peek() !== null;
    }

    private sortAtRest(): void {
        clearTimeout(this.restTimer);
        if (this.atWork) {
            this.restTimer = setTimeout(() => this.sortAtRest(), REST_MS);
        } else {
            this.lastRest = performance.now();
            batch(() => {
                this.rests.value += 1;
                this.rearrange({ settled: true });
            });
        }
    }

    chooseOrder(order: Order): void {
        batch(() => {
            this.order.value = order;
            this.glide.value += 1;
            this.rearrange({ settled: true });
        });
    }

    chooseScope(scope: "current" | "all"): void {
        batch(() => {
            this.scope.value = scope;
            this.desk.value = null;
            this.rearrange({});
        });
    }

    reveal(): void {
        this.rearrange({ reveal: true });
    }

    chooseTab(column: Column): void {
        batch(() => {
            this.tab.value = column;
            this.selection.value = null;
            this.rearrange({ reveal: true, settled: true });
        });
    }

    /* ---- searching and selecting */

    /* The column's rows as shown, the search applied. */
    rows(column: Column): readonly number[] {
        const numbers = this.desk.value?.[column] ?? [];
        const wanted = this.search.value?.trim().toLocaleLowerCase() ?? "";
        return wanted === "" ? numbers : numbers.filter((n) => this.found(n, wanted));
    }

    private found(n: number, wanted: string): boolean {
        const question = this.model.value?.questions.get(n);
        const number = wanted.replace(/^#/, "");
        return (
            String(n) === number ||
            question?.text?.toLocaleLowerCase().includes(wanted) === true ||
            question?.answer?.toLocaleLowerCase().includes(wanted) === true
        );
    }

    select(column: Column, n: number): void {
        const now = this.selection.peek();
        if (now?.n === n && now.column === column) {
            return;
        }
        this.setSelection({ column, n });
    }

    private setSelection(selection: Selection | null): void {
        batch(() => {
            this.selection.value = selection;
            this.opened.value = null;
            this.composing.value = null;
            this.rearrange({});
        });
    }

    /* Down (1) or up (-1); up from the first incoming row shows what waits above it. */
    step(by: 1 | -1): void {
        const selection = this.selection.peek();
        if (selection === null) {
            this.selectFirst(this.tab.peek());
            return;
        }
        const rows = this.rows(selection.column);
        const place = rows.indexOf(selection.n);
        if (by < 0 && place <= 0 && selection.column === "incoming" && this.desk.peek()?.fresh.length) {
            this.reveal();
            return;
        }
        const next = rows[place + by];
        if (next !== undefined) {
            this.setSelection({ column: selection.column, n: next });
        }
    }

    /* To the next column (1) or the one before (-1) that has rows. */
    stepColumn(by: 1 | -1): void {
        const from = COLUMNS.indexOf(this.selection.peek()?.column ?? this.tab.peek());
        for (let place = from + by; COLUMNS[place] !== undefined; place += by) {
            const column = COLUMNS[place] as Column;
            if (this.rows(column).length > 0) {
                this.selectFirst(column);
                return;
            }
        }
    }

    private selectFirst(wanted: Column): void {
        const column = [wanted, ...COLUMNS].find((each) => this.rows(each).length > 0);
        const n = column === undefined ? undefined : this.rows(column)[0];
        if (column !== undefined && n !== undefined) {
            this.setSelection({ column, n });
        }
    }

    /* The selected question, if it still stands where it was selected. */
    selected(): Question | undefined {
        const selection = this.selection.peek();
        const question = selection === null ? undefined : this.model.peek()?.questions.get(selection.n);
        return question !== undefined && columnOf(question.state) === selection?.column
            ? question
            : undefined;
    }

    toggleMore(column: Column, n: number): void {
        const open = this.opened.peek() !== n;
        this.select(column, n);
        this.opened.value = open ? n : null;
    }

    /* The row has the focus again, also when what opened the card is no longer in it. */
    leavePerson(): void {
        const selection = this.selection.peek();
        if (this.person.peek() !== null && selection !== null) {
            this.selection.value = { ...selection };
        }
        this.person.value = null;
    }

    /* Begins to write. */
    compose(n: number, what: Written = "answer"): void {
        const model = this.model.peek();
        const question = model?.questions.get(n);
        if (!model || question === undefined) {
            return;
        }
        if (
            what === "answer"
                ? actAllowed("answer", question)
                : outAllowed("warn", question, outsideOf(model))
        ) {
            this.select(columnOf(question.state), n);
            this.composing.value = { n, what };
        }
    }

    /* ---- acting */

    act(name: ActName, n: number, details: { reason?: DeclineReason; answer?: string } = {}): void {
        const questions = this.connection.state.model.peek()?.questions;
        const question = questions?.get(n);
        if (questions === undefined || question === undefined || this.doing.busy.peek().has(n)) {
            return;
        }
        const asDrawn = (each: Question): Question => ({
            ...each,
            rev: this.model.peek()?.questions.get(each.n)?.rev ?? each.rev,
        });
        const answering = [...questions.values()].find(
            (each) => each.state === "answering" && each.talk === question.talk,
        );
        const act = actOn(name, asDrawn(question), {
            ...details,
            ...(answering === undefined ? {} : { answering: asDrawn(answering) }),
        });
        if (act !== null && this.online(n)) {
            this.leave(question, act);
            void this.doing.perform(act, question).then((done) => {
                if (done && name === "answer") {
                    this.drafts.delete(n);
                }
            });
        }
    }

    private online(n: number): boolean {
        const live = this.connection.status.peek() === "live";
        if (!live) {
            tellFailure(n, { ok: false, code: "offline", message: "" });
        }
        return live;
    }

    /* What concerns the way out of the room; `decide` gives null where nothing is to be done. */
    actOutside(n: number, decide: (question: Question, outside: Outside) => OutAct | null): void {
        const model = this.connection.state.model.peek();
        const question = model?.questions.get(n);
        if (!model || question === undefined || this.doing.busy.peek().has(n)) {
            return;
        }
        const act = decide(question, outsideOf(model));
        if (act !== null && this.online(n)) {
            this.composing.value = null;
            void this.doing.performOut(act);
        }
    }

    /* The selection goes on before the answer comes, so that the next key meets the next question. */
    private leave(question: Question, act: Act): void {
        const selection = this.selection.peek();
        const column = columnOf(question.state);
        if (selection?.n === question.n && columnOf(act.to) !== column) {
            const next = neighbour(this.rows(column), question.n);
            this.setSelection(next === null ? null : { column, n: next });
        }
        this.opened.value = null;
        this.composing.value = null;
    }
}
