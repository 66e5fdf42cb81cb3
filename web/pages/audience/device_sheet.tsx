/* Another device: the seed as 24 words and as a link, and the way to go on with another one's. Whoever has
 * the words is the asker; they are shown when somebody asks for them. */

import { useEffect, useState } from "preact/hooks";
import { eventAddress } from "../../core/address";
import { toBase64 } from "../../core/encode";
import { seedAddress } from "../../core/fragment";
import type { Adopted, Person } from "../../core/person";
import { refusalWords, t, tn, type Word } from "../../core/words";
import { useArrival } from "../../parts/arrived";
import { CopyButton } from "../../parts/copy";
import { Icon } from "../../parts/icon";
import { Panel } from "../../parts/panel";
import { Qr } from "../../parts/qr";
import type { AudiencePage } from "./page";
import type { SheetProps } from "./sheets";

const mnemonic = () => import("../../core/mnemonic");

interface Given {
    readonly words: readonly string[];
    readonly link: string;
}

/* What this device has, for another one. */
function Give({ page }: { page: AudiencePage }) {
    const [given, give] = useState<Given | null>(null);
    const [failed, fail] = useState<Word | null>(null);
    const { person } = page;
    if (person === null) {
        return null;
    }
    async function show(from: Person): Promise<void> {
        const loaded = await mnemonic().catch(() => null);
        if (loaded === null) {
            fail("person.device.unloaded");
            return;
        }
        try {
            const seed = from.seedBytes();
            const link = seedAddress(location.origin + eventAddress(page.slug), seed);
            give({ words: loaded.wordsOfSeed(seed), link });
        } catch {
            fail("audience.ask.no_random");
        }
    }
    if (given === null) {
        return (
            <section>
                <h3>{t("person.device.give")}</h3>
                <p>{t("person.device.give.says")}</p>
                <NotGiven page={page} person={person} />
                <p class="hint">
                    <Icon name="warn" />
                    <span>{t("person.device.secret")}</span>
                </p>
                <button class="btn btn-act" type="button" onClick={() => void show(person)}>
                    {t("person.device.show")}
                </button>
                <p role="status">{failed !== null && t(failed)}</p>
            </section>
        );
    }
    return <Words {...given} />;
}

/* What was taken over from another device before has keys of that one's words. */
function NotGiven({ page, person }: { page: AudiencePage; person: Person }) {
    const others = page.outbox?.own.value.filter(({ seed }) => seed !== null).length ?? 0;
    const otherCard = (person.card.value?.seed ?? null) !== null;
    return (
        <>
            {others > 0 && <p>{tn("person.device.others", others)}</p>}
            {otherCard && <p>{t("person.device.others.card")}</p>}
        </>
    );
}

function Words({ words, link }: Given) {
    const heading = useArrival<HTMLHeadingElement>();
    return (
        <section>
            <h3 ref={heading} tabIndex={-1}>
                {t("person.device.words")}
            </h3>
            <p class="small">{t("person.device.words.says")}</p>
            <ol class="seed-words" lang="en" translate={false}>
                {words.map((word) => (
                    <li key={word}>{word}</li>
                ))}
            </ol>
            <p class="sheet-ways">
                <CopyButton text={words.join(" ")} label={t("person.device.words")} />
            </p>
            <h3>{t("person.device.code")}</h3>
            <p class="small">{t("person.device.code.says")}</p>
            <div class="sheet-qr">
                <Qr text={link} label={t("person.device.code")} />
            </div>
            <p class="sheet-ways">
                <CopyButton text={link} label={t("person.device.link")} />
            </p>
        </section>
    );
}

/* What another device has, for this one. */
function Take({ onSeed }: { onSeed: (seed: Uint8Array) => void }) {
    const [typed, type] = useState("");
    const [says, say] = useState<string | null>(null);
    function read(event: Event): void {
        event.preventDefault();
        mnemonic().then(
            ({ seedOfWords }) => {
                const seed = seedOfWords(typed);
                if (seed === null) {
                    say(t("person.device.wrong"));
                } else {
                    onSeed(seed);
                }
            },
            () => say(t("person.device.unloaded")),
        );
    }
    return (
        <section>
            <h3>{t("person.device.take")}</h3>
            <form class="sheet-form" noValidate onSubmit={read}>
                <label class="lab" for="seed-typed">
                    {t("person.device.typed")}
                </label>
                <textarea
                    class="field"
                    id="seed-typed"
                    rows={4}
                    lang="en"
                    autocapitalize="none"
                    autocomplete="off"
                    spellcheck={false}
                    aria-invalid={says !== null}
                    aria-describedby="seed-typed-says"
                    value={typed}
                    onInput={(event) => {
                        type(event.currentTarget.value);
                        say(null);
                    }}
                />
                <p class="small" id="seed-typed-says" role="status">
                    {says ?? t("person.device.typed.says")}
                </p>
                <button class="btn" type="submit">
                    {t("person.device.read")}
                </button>
            </form>
        </section>
    );
}

type Going =
    | { readonly kind: "asked" }
    | { readonly kind: "busy"; readonly tried: number }
    | { readonly kind: "done"; readonly result: Adopted };

function Found({ page, result }: { page: AudiencePage; result: Extract<Adopted, { ok: true }> }) {
    const says = useArrival<HTMLParagraphElement>();
    return (
        <>
            <p ref={says} tabIndex={-1}>
                {result.found === 0
                    ? t("person.device.found.none")
                    : tn("person.device.found", result.found)}{" "}
                {result.card && t("person.device.found.card")}
            </p>
            <button class="btn btn-act" type="button" onClick={() => (page.sheet.value = { kind: "mine" })}>
                {t("audience.mine")}
            </button>
        </>
    );
}

/* Asks first: a link with a seed may be somebody else's, who could then find what is asked here. */
function TakeOver({ page, seed, linked }: { page: AudiencePage; seed: Uint8Array; linked: boolean }) {
    const [going, go] = useState<Going>({ kind: "asked" });
    const [stop] = useState(() => new AbortController());
    const first = useArrival<HTMLParagraphElement>(!linked);
    useEffect(() => () => stop.abort(), []);
    const own = page.outbox?.own.value.length ?? 0;
    const { person } = page;
    function takeOver(): void {
        if (person === null) {
            return;
        }
        go({ kind: "busy", tried: 0 });
        const tried = (count: number): void => go({ kind: "busy", tried: count });
        void person
            .adopt(seed, { tried, stop: stop.signal })
            .catch((): Adopted => ({ ok: false, code: "offline", message: "" }))
            .then((result) => go({ kind: "done", result }));
    }
    if (toBase64(seed) === page.store?.get("seed") && going.kind === "asked") {
        return (
            <p ref={first} tabIndex={-1}>
                {t("person.device.same")}
            </p>
        );
    }
    if (going.kind === "done" && going.result.ok) {
        return (
            <div role="status">
                <Found page={page} result={going.result} />
            </div>
        );
    }
    return (
        <>
            <p ref={first} tabIndex={-1}>
                {t("person.device.ask")}
            </p>
            {linked && (
                <p class="hint">
                    <Icon name="warn" />
                    <span>{t("person.device.linked")}</span>
                </p>
            )}
            {own > 0 && <p>{tn("person.device.here", own)}</p>}
            <p>{t("person.device.votes")}</p>
            <p role="status">
                {going.kind === "busy" && t("person.device.tried", { n: going.tried })}
                {going.kind === "done" && !going.result.ok && refusalWords(going.result)}
            </p>
            <p class="sheet-ways">
                <button class="btn" type="button" onClick={() => (page.sheet.value = null)}>
                    {t("person.device.not")}
                </button>
                <button class="btn btn-act" type="button" disabled={going.kind === "busy"} onClick={takeOver}>
                    {t("person.device.do")}
                </button>
            </p>
        </>
    );
}

export function DeviceSheet({ page, sheet }: SheetProps<"device">) {
    const [seed, offer] = useState(sheet.seed);
    return (
        <Panel title={t("audience.menu.device")} onClose={() => (page.sheet.value = null)}>
            {seed === null ? (
                <>
                    <Give page={page} />
                    <Take onSeed={offer} />
                </>
            ) : (
                <TakeOver page={page} seed={seed} linked={sheet.seed !== null} />
            )}
        </Panel>
    );
}
