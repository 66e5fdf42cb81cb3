/* Admission by ticket: a code buys passes that the server cannot tell apart, and a pass makes this browser a
 * member, not before some time has gone by. More seats than one can be handed on. */

import { useState } from "preact/hooks";
import { eventAddress } from "../../core/address";
import type { Bought } from "../../core/admission";
import { passAddress, readTicket } from "../../core/fragment";
import { keepPasses, keptPasses, markPass, ownPass, type KeptPass, type PassSaid } from "../../core/passes";
import type { Model } from "../../core/state";
import type { EventStore } from "../../core/storage";
import { clockTime, refusalWords, t, tn, type Word } from "../../core/words";
import { useArrival } from "../../parts/arrived";
import { CopyButton } from "../../parts/copy";
import { Icon } from "../../parts/icon";
import { Panel } from "../../parts/panel";
import { Qr } from "../../parts/qr";
import type { AudiencePage } from "./page";
import type { SheetProps } from "./sheets";

const SEATS = 16;
/* Refusals that mean something of their own where a ticket is bought. */
const SAID: ReadonlySet<string> = new Set(["bad_ticket", "ticket_used", "other_key", "bad_proof"]);

function refusedSays(result: Extract<Bought, { ok: false }>): string {
    return SAID.has(result.code) ? t(`person.ticket.${result.code}` as Word) : refusalWords(result);
}

function Entry({ page, model }: { page: AudiencePage; model: Model }) {
    const { ticket, seats: told, passKey: keyHash } = page.carried.value;
    const [typed, type] = useState(ticket ?? "");
    const [seats, setSeats] = useState(told);
    const [says, say] = useState<string | null>(null);
    const [busy, setBusy] = useState(false);
    const passKey = page.connection.passKey.value;
    const { store } = page;
    async function buy(): Promise<void> {
        const code = readTicket(typed);
        if (code === null) {
            say(t("person.ticket.typo"));
            return;
        }
        if (store === null || passKey === null) {
            say(refusalWords({ code: "offline", message: "" }));
            return;
        }
        setBusy(true);
        const order = { event: model.event.id, code, seats, keyHash, passKey };
        const result = await import("../../core/admission")
            .then((admission) => admission.buy(order, page.connection, store))
            .catch((): Bought => ({ ok: false, code: "offline", message: "" }));
        setBusy(false);
        if (result.ok) {
            page.outbox?.admit();
        } else {
            say(refusedSays(result));
        }
    }
    return (
        <form
            class="sheet-form"
            noValidate
            onSubmit={(event) => {
                event.preventDefault();
                void buy();
            }}
        >
            <label class="lab" for="ticket">
                {t("person.ticket.code")}
            </label>
            <input
                class="field ticket-code"
                id="ticket"
                type="text"
                autocomplete="off"
                autocapitalize="characters"
                spellcheck={false}
                placeholder="XXXX-XXXX-XXXX-XXXX"
                aria-invalid={says !== null}
                aria-describedby="ticket-says"
                value={typed}
                onInput={(event) => {
                    type(event.currentTarget.value);
                    say(null);
                }}
            />
            <label class="lab" for="seats">
                {t("person.ticket.seats")}
            </label>
            <select
                class="field"
                id="seats"
                value={seats}
                onChange={(event) => setSeats(Number(event.currentTarget.value))}
            >
                {Array.from({ length: SEATS }, (_, at) => (
                    <option key={at} value={at + 1}>
                        {at + 1}
                    </option>
                ))}
            </select>
            <p class="small">{t("person.ticket.seats.says")}</p>
            <p id="ticket-says" role="status" class={says === null ? "vh" : "hint"}>
                {says !== null && <Icon name="warn" />}
                <span>{says}</span>
            </p>
            <button class="btn btn-act" type="submit" disabled={busy}>
                {t("person.ticket.use")}
            </button>
            {keyHash === null && <p class="small">{t("person.ticket.not_compared")}</p>}
        </form>
    );
}

/* A seat that this device does not need. */
function Spare({ page, store, pass }: { page: AudiencePage; store: EventStore; pass: KeptPass }) {
    const [shown, show] = useState(false);
    const link = passAddress(location.origin + eventAddress(page.slug), pass);
    const given = pass.use === "given";
    function hand(): void {
        markPass(store, pass.nonce, "given");
        page.outbox?.admit();
        show(true);
    }
    return (
        <li>
            {shown ? (
                <>
                    <div class="sheet-qr">
                        <Qr text={link} label={t("person.ticket.seat")} />
                    </div>
                    <p class="sheet-ways">
                        <CopyButton text={link} label={t("person.ticket.seat")} />
                    </p>
                </>
            ) : (
                <button class="btn" type="button" onClick={hand}>
                    <Icon name="out" />
                    {t(given ? "person.ticket.again" : "person.ticket.hand")}
                </button>
            )}
            {given && !shown && <span class="small">{t("person.ticket.given")}</span>}
        </li>
    );
}

function Spares({ page, store }: { page: AudiencePage; store: EventStore }) {
    const own = ownPass(keptPasses(store))?.nonce;
    const spares = keptPasses(store).filter(({ nonce, use }) => nonce !== own && use !== "bad");
    if (spares.length === 0) {
        return null;
    }
    return (
        <section>
            <h3>{tn("person.ticket.spare", spares.length)}</h3>
            <p class="small">{t("person.ticket.spare.says")}</p>
            <ol class="spares">
                {spares.map((pass) => (
                    <Spare key={pass.nonce} page={page} store={store} pass={pass} />
                ))}
            </ol>
        </section>
    );
}

/* In words: what this device may do; null: nothing yet. */
function standing(page: AudiencePage, store: EventStore): string | null {
    switch (page.outbox?.admission) {
        case "open":
            return t("person.ticket.member");
        case "waiting": {
            const from = ownPass(keptPasses(store))?.from ?? 0;
            const time = clockTime(Math.ceil(from / 60_000));
            return t(from > Date.now() ? "person.ticket.waits" : "person.ticket.ready", { time });
        }
        default:
            return null;
    }
}

/* A seat that somebody handed on by a link, while it is not kept here. */
function freshPass(page: AudiencePage, store: EventStore): PassSaid | null {
    const { pass } = page.carried.value;
    return keptPasses(store).some(({ nonce }) => nonce === pass?.nonce) ? null : pass;
}

interface HandedProps {
    readonly page: AudiencePage;
    readonly store: EventStore;
    readonly pass: PassSaid;
    readonly needed: boolean;
}

function Handed({ page, store, pass, needed }: HandedProps) {
    function take(): void {
        keepPasses(store, [pass]);
        page.outbox?.admit();
    }
    return needed ? (
        <>
            <p>{t("person.ticket.handed")}</p>
            <button class="btn btn-act" type="button" onClick={take}>
                {t("person.ticket.use")}
            </button>
        </>
    ) : (
        <p>{t("person.ticket.handed.spare")}</p>
    );
}

function Says({ text, first }: { text: string; first: boolean }) {
    const place = useArrival<HTMLParagraphElement>(!first);
    return (
        <p ref={place} tabIndex={-1}>
            {text}
        </p>
    );
}

export function TicketSheet({ page, model }: SheetProps<"ticket">) {
    const { store } = page;
    const carried = page.carried.value;
    const [first] = useState(() => page.outbox?.admission !== "closed");
    const gated = store !== null && model.event.admission === "tickets";
    const says = gated ? standing(page, store) : t("person.ticket.none");
    const handed = store === null ? null : freshPass(page, store);
    return (
        <Panel title={t("person.ticket.title")} onClose={() => (page.sheet.value = null)}>
            <div role="status">{says !== null && <Says text={says} first={first} />}</div>
            {gated && (
                <>
                    {handed !== null && (
                        <Handed page={page} store={store} pass={handed} needed={says === null} />
                    )}
                    {says === null && handed === null && (
                        <>
                            {keptPasses(store).some(({ use }) => use === "bad") && (
                                <p class="hint">
                                    <Icon name="warn" />
                                    <span>{t("person.ticket.bad_pass")}</span>
                                </p>
                            )}
                            <Entry key={carried.ticket} page={page} model={model} />
                        </>
                    )}
                    <p class="small">{t("person.ticket.blind")}</p>
                    <Spares page={page} store={store} />
                </>
            )}
        </Panel>
    );
}
