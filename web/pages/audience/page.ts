/* What the audience page holds between drawings: the connection, the outbox, the list that stands still,
 * and which sheet is open. The components read it and call it; nothing else is shared between them. */

import { computed, effect, signal, untracked, type ReadonlySignal } from "@preact/signals";
import { connect, type Connection } from "../../core/connection";
import { takeCarried } from "../../core/fragment";
import { forgetLoginsOf, type OwnLogin } from "../../core/login";
import { Outbox } from "../../core/outbox";
import { questionOf, type Own } from "../../core/own";
import { Person } from "../../core/person";
import type { Degree, Order, Question, Talk } from "../../core/protocol";
import { forgetInstance } from "../../core/share";
import { currentTalk, type Model } from "../../core/state";
import { eventStore, forgetEvent, forgetOldEvents, store, type EventStore } from "../../core/storage";
import { language, t } from "../../core/words";
import { freshCount, orderChanged, showNow, type Shown } from "./shown";

const HANDS_OFF_MS = 5_000; /* without a touch for so long, a new talk may take the page */
const SHEET_GONE_MS = 100; /* the list is back at its place: show what was just sent */
const MINUTES_A_DAY = 1440;

export interface AskSheet {
    readonly salt: string | null; /* the own question that is edited; null: a new one */
}

/* What lies over the page, loaded when it is opened (sheets.tsx); `salt` names an own question. */
export type Sheet =
    | { readonly kind: "card" }
    | { readonly kind: "claim"; readonly salt: string }
    | { readonly kind: "interest"; readonly n: number }
    | { readonly kind: "mine" }
    | { readonly kind: "device"; readonly seed: Uint8Array | null } /* another device's, that is offered */
    | { readonly kind: "ticket" }
    | { readonly kind: "post"; readonly salt: string }
    | { readonly kind: "share"; readonly n: number }
    | { readonly kind: "back"; readonly login: OwnLogin };

export interface OwnRow {
    readonly own: Own;
    readonly question: Question | undefined;
}

export class AudiencePage {
    readonly carried = signal(takeCarried()); /* behind the `#` of the address */
    readonly connection: Connection;
    readonly shown = signal<Shown | null>(null);
    readonly order = signal<Order>("fair");
    readonly picked = signal<number | null>(null); /* the talk chosen by hand */
    readonly ask = signal<AskSheet | null>(null);
    readonly menu = signal<"menu" | "stored" | null>(null);
    readonly reach = signal<string | null>(null); /* salt of the own question whose degree is changed */
    readonly sheet = signal<Sheet | null>(null);
    readonly said = signal(""); /* for screen readers */
    /* Where each row stood at the last tap that let the list move: its id and its top. */
    readonly placesBefore = signal<ReadonlyMap<string, number>>(new Map());
    readonly minute = signal(Math.floor(Date.now() / 60_000));

    private readonly kept = signal<{ store: EventStore; outbox: Outbox; person: Person } | null>(null);
    private lastTouch = 0;

    constructor(readonly slug: string) {
        this.connection = connect({
            slug,
            role: "audience",
            language: () => language.peek(),
            member: (event) => eventStore(event).get("member"),
            keepMember: (event, token) =>
                token === null ? eventStore(event).remove("member") : eventStore(event).set("member", token),
        });
        effect(() => this.follow());
        const touched = (): void => void (this.lastTouch = Date.now());
        addEventListener("pointerdown", touched, { passive: true });
        addEventListener("keydown", touched, { passive: true });
        addEventListener("scroll", touched, { passive: true });
        setInterval(() => {
            this.minute.value = this.connection.minute();
        }, 10_000);
    }

    get model(): Model | null {
        return this.connection.state.model.value;
    }

    get outbox(): Outbox | null {
        return this.kept.value?.outbox ?? null;
    }

    get person(): Person | null {
        return this.kept.value?.person ?? null;
    }

    get store(): EventStore | null {
        return this.kept.value?.store ?? null;
    }

    /* The talk on the page: picked by hand, else what the stage shows. */
    readonly talk: ReadonlySignal<Talk | undefined> = computed(() => {
        const model = this.model;
        const shown = this.shown.value;
        return (
            model?.talks.find((each) => each.id === shown?.talk) ??
            (model === null ? undefined : currentTalk(model))
        );
    });

    /* The talk that has begun while another one is being read. */
    readonly waitingTalk: ReadonlySignal<Talk | undefined> = computed(() => {
        const model = this.model;
        const now = model === null ? undefined : currentTalk(model);
        return this.picked.value === null && now !== undefined && now.id !== this.shown.value?.talk
            ? now
            : undefined;
    });

    readonly over: ReadonlySignal<boolean> = computed(() => {
        const model = this.model;
        return model !== null && this.minute.value >= model.event.end;
    });

    /* Own questions of the talk that have no place in the list yet, or none any more. */
    readonly ownRows: ReadonlySignal<readonly OwnRow[]> = computed(() => {
        const { model, outbox } = this;
        const shown = this.shown.value;
        if (model === null || outbox === null || shown === null) {
            return [];
        }
        return outbox.own.value
            .filter((own) => own.talk === shown.talk)
            .map((own) => ({ own, question: questionOf(own, model.questions.values()) }))
            .reverse();
    });

    readonly ownNumbers: ReadonlySignal<ReadonlyMap<number, Own>> = computed(
        () =>
            new Map(
                this.ownRows.value.flatMap(({ own, question }) =>
                    question === undefined ? [] : [[question.n, own] as const],
                ),
            ),
    );

    readonly fresh: ReadonlySignal<number> = computed(() => {
        const model = this.model;
        const shown = this.shown.value;
        return model === null || shown === null
            ? 0
            : freshCount(model, shown, new Set(this.ownNumbers.value.keys()));
    });

    readonly reordered: ReadonlySignal<boolean> = computed(() => {
        const model = this.model;
        const shown = this.shown.value;
        return model !== null && shown !== null && orderChanged(model, shown);
    });

    /* The tap that lets the list move: newest questions in, order as it is now. */
    refresh(order: Order = this.order.peek()): void {
        const model = this.connection.state.model.peek();
        const talk = this.talk.peek();
        if (model !== null && talk !== undefined) {
            this.order.value = order;
            const rows = [...document.querySelectorAll<HTMLElement>("main > ol > li")];
            this.placesBefore.value = new Map(rows.map((row) => [row.id, row.offsetTop]));
            this.shown.value = showNow(model, talk.id, order);
        }
    }

    /* Null: whatever the stage shows. */
    pickTalk(talk: number | null): void {
        const model = this.connection.state.model.peek();
        const wanted = talk ?? (model === null ? undefined : currentTalk(model)?.id);
        if (model !== null && wanted !== undefined) {
            this.picked.value = wanted === currentTalk(model)?.id ? null : wanted;
            this.shown.value = showNow(model, wanted, this.order.peek());
            scrollTo(0, 0);
        }
    }

    /* `text` in normal form; `salt` of the own question that it changes. */
    send(text: string, degree: Degree, salt: string | null): void {
        const talk = this.talk.peek();
        const outbox = this.kept.peek()?.outbox;
        if (outbox === undefined || talk === undefined) {
            return;
        }
        if (salt === null) {
            outbox.ask(talk.id, text, degree);
            this.told(degree);
            this.kept.peek()?.store.remove("draft");
            setTimeout(
                () => document.querySelector(".q-own")?.scrollIntoView({ block: "center" }),
                SHEET_GONE_MS,
            );
        } else {
            outbox.edit(salt, text);
        }
        const live = this.connection.status.peek() === "live";
        this.said.value = t(live ? "audience.said.sent" : "audience.said.kept");
    }

    setDegree(salt: string, degree: Degree): void {
        this.kept.peek()?.outbox.setDegree(salt, degree);
        this.told(degree);
    }

    /* What publishing means was on the screen. */
    private told(degree: Degree): void {
        if (degree === 1) {
            this.kept.peek()?.store.set("told", "1");
        }
    }

    openAsk(salt: string | null): void {
        this.menu.value = null;
        if (salt !== null || this.mayTakePart()) {
            this.ask.value = { salt };
        }
    }

    /* False: this takes a ticket, which is asked for. */
    mayTakePart(): boolean {
        const barred = this.kept.peek()?.outbox.admission === "closed";
        if (barred) {
            this.sheet.value = { kind: "ticket" };
        }
        return !barred;
    }

    /* Everything that this browser keeps of the event goes; the returned call puts it back. */
    forget(): () => void {
        const model = this.connection.state.model.peek();
        if (model === null) {
            return () => undefined;
        }
        const kept = [...forgetEvent(model.event.id), ...forgetInstance()];
        forgetLoginsOf(this.slug, Date.now());
        this.openOutbox(model);
        return () => {
            kept.forEach(([key, value]) => store().set(key, value));
            this.openOutbox(model);
        };
    }

    private openOutbox(model: Model): void {
        this.kept.peek()?.outbox.close();
        this.kept.peek()?.person.close();
        const kept = eventStore(model.event.id);
        kept.set("until", String(model.event.end + model.event.retention * MINUTES_A_DAY));
        const { connection } = this;
        const outbox = new Outbox({ connection, store: kept });
        this.kept.value = { store: kept, outbox, person: new Person({ connection, store: kept, outbox }) };
    }

    /* Takes the list for the first time, and whenever nobody can be tapping at it. */
    private follow(): void {
        const model = this.model;
        if (model === null) {
            return;
        }
        untracked(() => {
            if (this.kept.value === null) {
                this.minute.value = this.connection.minute();
                forgetOldEvents(this.minute.value);
                this.openOutbox(model);
            }
            const shown = this.shown.value;
            const now = currentTalk(model);
            const lost = shown !== null && model.talks.every((talk) => talk.id !== shown.talk);
            if (
                now === undefined ||
                (shown !== null && !lost && shown.talk !== now.id && this.picked.value !== null)
            ) {
                return;
            }
            if (shown === null || lost || (shown.talk !== now.id && this.handsOff())) {
                this.shown.value = showNow(model, now.id, this.order.value);
            } else if (shown.talk === now.id && this.isEmpty(model, shown)) {
                this.shown.value = showNow(model, now.id, this.order.value);
            }
        });
    }

    private isEmpty(model: Model, shown: Shown): boolean {
        return shown.numbers.every((n) => !model.questions.has(n));
    }

    private handsOff(): boolean {
        return this.ask.value === null && Date.now() - this.lastTouch > HANDS_OFF_MS;
    }
}
