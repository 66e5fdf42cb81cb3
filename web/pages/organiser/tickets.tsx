/* Who may ask and vote: everybody, or who has an admission code. Making codes, and handing them out. */

import { useEffect, useId, useState } from "preact/hooks";
import type { Connection } from "../../core/connection";
import { toBase64 } from "../../core/encode";
import type { Model } from "../../core/state";
import { t, tn } from "../../core/words";
import { Icon } from "../../parts/icon";
import { ticketsCsv, type Batch } from "./codes";
import { PolicyField } from "./fields";
import { saveFile } from "../../parts/file";
import { failure, publicLink } from "./links";
import type { Session } from "./session";
import { saveSettings } from "./settings";
import { printTickets } from "./ticket_sheet";

/* As server/base/limits.h says. */
const COUNT_MAX = 500;
const SEATS_MAX = 16;

interface AdmissionProps {
    session: Session;
    connection: Connection;
    model: Model;
}

export function Admission({ session, connection, model }: AdmissionProps) {
    const { event } = model;
    const gated = event.admission === "tickets";
    const live = connection.status.value === "live";
    const keyHash = session.keyHash.value;
    useEffect(() => {
        if (gated && live && keyHash === null) {
            void session.learnKeyHash(event.id);
        }
    }, [gated, live, keyHash]);
    const untaken = session.untaken.value.size > 0;
    useEffect(() => {
        if (!untaken) {
            return undefined;
        }
        const ask = (leaving: BeforeUnloadEvent): void => leaving.preventDefault();
        addEventListener("beforeunload", ask);
        return () => removeEventListener("beforeunload", ask);
    }, [untaken]);
    return (
        <section class="sect" aria-labelledby="h-admission">
            <h2 id="h-admission">{t("organiser.admission")}</h2>
            <p>{t("organiser.admission.says")}</p>
            <div class="settings">
                <PolicyField
                    label={t("organiser.admission.which")}
                    options={(["open", "tickets"] as const).map((value) => ({
                        value,
                        title: t(`organiser.admission.${value}`),
                        says: t(`organiser.admission.${value}.says`),
                    }))}
                    value={event.admission}
                    save={(admission) => saveSettings({ connection, event }, { admission })}
                />
                {gated && (
                    <div class="codes">
                        <h3>{t("organiser.tickets")}</h3>
                        <p>{tn("organiser.tickets.given", event.seats)}</p>
                        <MakeCodes session={session} event={event.id} />
                    </div>
                )}
            </div>
            {gated && keyHash !== null && (
                <Handing session={session} url={publicLink(model)} keyHash={keyHash} />
            )}
        </section>
    );
}

interface CountFieldProps {
    label: string;
    says?: string;
    value: string;
    max: number;
    onInput: (value: string) => void;
}

function CountField({ label, says, value, max, onInput }: CountFieldProps) {
    const id = useId();
    return (
        <div class="setting">
            <label class="lab" for={id}>
                {label}
            </label>
            <input
                class="field is-number"
                id={id}
                type="number"
                inputMode="numeric"
                min={1}
                max={max}
                required
                value={value}
                aria-describedby={says === undefined ? undefined : `${id}-says`}
                onInput={(event) => onInput(event.currentTarget.value)}
            />
            {says !== undefined && (
                <p class="small" id={`${id}-says`}>
                    {says}
                </p>
            )}
        </div>
    );
}

/* Codes without the key's hash could neither be shown nor printed: none are made before it is known. */
function NoKey({ session, event }: MakeProps) {
    const [busy, setBusy] = useState(false);
    async function again(): Promise<void> {
        setBusy(true);
        await session.learnKeyHash(event);
        setBusy(false);
    }
    return (
        <div class="btns">
            <p class="st">
                <Icon name="clock" />
                {t("organiser.tickets.no_key")}
            </p>
            <button class="btn" type="button" aria-disabled={busy} onClick={() => void again()}>
                <Icon name="turn" />
                {t("organiser.tickets.no_key.again")}
            </button>
        </div>
    );
}

interface MakeProps {
    session: Session;
    event: string; /* its id */
}

function MakeCodes({ session, event: id }: MakeProps) {
    const [count, setCount] = useState("30");
    const [seats, setSeats] = useState("1");
    const [busy, setBusy] = useState(false);
    const [failed, setFailed] = useState<string | null>(null);
    const ready = session.keyHash.value !== null;

    async function make(event: Event) {
        event.preventDefault();
        if (busy || !ready) {
            return;
        }
        setBusy(true);
        const members = { count: Number(count), seats: Number(seats) };
        const result = await session.post("tickets", members);
        const codes = result.ok ? result.value["codes"] : undefined;
        if (Array.isArray(codes)) {
            session.keepBatch({ codes, seats: members.seats });
        }
        setFailed(result.ok ? null : failure(result));
        setBusy(false);
    }
    return (
        <form class="make-codes" onSubmit={(event) => void make(event)}>
            <CountField
                label={t("organiser.tickets.count")}
                value={count}
                max={COUNT_MAX}
                onInput={setCount}
            />
            <CountField
                label={t("organiser.tickets.seats")}
                says={t("organiser.tickets.seats.says")}
                value={seats}
                max={SEATS_MAX}
                onInput={setSeats}
            />
            <button class="btn" type="submit" disabled={!ready} aria-disabled={busy}>
                {t("organiser.tickets.make")}
            </button>
            {!ready && <NoKey session={session} event={id} />}
            <p class="st" role="status">
                {busy && t("organiser.tickets.busy")}
                {!busy && failed !== null && (
                    <>
                        <Icon name="warn" />
                        {failed}
                    </>
                )}
            </p>
        </form>
    );
}

interface HandingProps {
    session: Session;
    url: string;
    keyHash: Uint8Array;
}

/* What was made since the page was opened. */
function Handing({ session, url, keyHash }: HandingProps) {
    const batches = session.batches.value;
    return (
        <>
            <div role="status">
                {batches.length > 0 && (
                    <p class="hint once">
                        <Icon name="warn" />
                        {t("organiser.tickets.once")}
                    </p>
                )}
            </div>
            <ul class="batches">
                {batches.map((batch) => (
                    <BatchRow
                        key={batch.codes[0]}
                        session={session}
                        batch={batch}
                        url={url}
                        keyHash={keyHash}
                    />
                ))}
            </ul>
            <p class="key-hash">{t("organiser.tickets.key", { hash: toBase64(keyHash) })}</p>
            <p class="small">{t("organiser.tickets.key.says")}</p>
        </>
    );
}

interface BatchRowProps extends HandingProps {
    batch: Batch;
}

function BatchRow({ session, batch, url, keyHash }: BatchRowProps) {
    const [drawing, setDrawing] = useState(false);
    const [failed, fail] = useState(false);
    const title = `${tn("organiser.tickets.codes", batch.codes.length)}, ${tn("organiser.tickets.each", batch.seats)}`;

    async function onPaper() {
        setDrawing(true);
        fail(false);
        try {
            await printTickets(batch, url, keyHash);
            session.batchTaken(batch);
        } catch {
            fail(true);
        } finally {
            setDrawing(false);
        }
    }
    function asFile(): void {
        const content = new Blob([ticketsCsv(batch, url, keyHash)], { type: "text/csv" });
        saveFile(`${session.slug}-codes.csv`, content);
        session.batchTaken(batch);
    }
    return (
        <li>
            <h3>{title}</h3>
            <div class="btns">
                <button class="btn" type="button" onClick={asFile}>
                    <Icon name="down" />
                    {t("organiser.tickets.csv")}
                    <span class="vh">: {title}</span>
                </button>
                <button class="btn" type="button" disabled={drawing} onClick={() => void onPaper()}>
                    {t(drawing ? "organiser.tickets.drawing" : "organiser.tickets.print")}
                    <span class="vh">: {title}</span>
                </button>
            </div>
            <p class="st" role="status">
                {failed && (
                    <>
                        <Icon name="warn" />
                        {t("organiser.tickets.not_drawn")}
                    </>
                )}
            </p>
            <details>
                <summary>
                    {t("organiser.tickets.show")}
                    <span class="vh">: {title}</span>
                </summary>
                <ol class="code-list">
                    {batch.codes.map((code) => (
                        <li key={code}>{code}</li>
                    ))}
                </ol>
            </details>
        </li>
    );
}
