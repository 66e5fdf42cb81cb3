/* The way back from a log-in at another server: one page for all events. It takes the answer out of the
 * address, hands it to our server together with the verifier that only this browser has, and goes back to
 * where it was begun. */

import "../styles/tokens.css";
import "../styles/base.css";
import "./callback/callback.css";
import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { loadLanguage, refusalWords, t, type Word } from "../core/words";
import { Figure, Sprite } from "../parts/icon";
import { applyTheme } from "../parts/theme";
import { comeBack, homeOf, mayBePosted, type Failed, type Outcome, type Trouble } from "./callback/way_back";

function Page({ first }: { first: Promise<Outcome> }) {
    const [work, setWork] = useState(first);
    const [outcome, setOutcome] = useState<Outcome | null>(null);
    useEffect(() => {
        setOutcome(null);
        void work.then((done) => {
            if (done.kind === "leaving") {
                location.replace(done.address); /* nothing is left here to come back to */
            } else {
                setOutcome(done);
            }
        });
    }, [work]);
    return (
        <>
            <Sprite />
            {outcome?.kind === "failed" ? (
                <Failure outcome={outcome} onAgain={setWork} />
            ) : (
                <main class="says">
                    <Figure kind="empty" />
                    <h1>{t("callback.title")}</h1>
                    <p role="status">{t("callback.working")}</p>
                </main>
            )}
        </>
    );
}

interface FailureProps {
    outcome: Failed;
    onAgain: (work: Promise<Outcome>) => void;
}

/* What a person is told otherwise than an organiser. */
const OWN: ReadonlySet<Trouble> = new Set(["denied", "declined", "unreachable", "other"]);

function wordOf({ why, login }: Failed): Word {
    return login?.kind === "own" && OWN.has(why) ? (`callback.own.${why}` as Word) : `callback.${why}`;
}

function Failure({ outcome, onAgain }: FailureProps) {
    const { why, login, refusal, again } = outcome;
    const heading = useRef<HTMLHeadingElement>(null);
    useEffect(() => heading.current?.focus(), []);
    const word = wordOf(outcome);
    const account = login?.kind === "own" ? login.account : "";
    const back = login?.kind === "own" ? "callback.own.back" : "callback.back";
    return (
        <main class="says">
            <Figure kind={why === "nothing" ? "missing" : "warn"} />
            <h1 ref={heading} tabIndex={-1}>
                {t(word)}
            </h1>
            <p>
                {why === "other" ? refusal && refusalWords(refusal) : t(`${word}.says` as Word, { account })}
            </p>
            {mayBePosted(outcome) && <p>{t("callback.own.look")}</p>}
            <p class="ways">
                {again !== undefined && (
                    <button class="btn btn-act" type="button" onClick={() => onAgain(again())}>
                        {t("callback.again")}
                    </button>
                )}
                <a class="btn" href={login === null ? "/" : homeOf(login)}>
                    {t(login === null ? "parts.ended.to_start" : back)}
                </a>
            </p>
        </main>
    );
}

async function start(root: HTMLElement): Promise<void> {
    const { search } = location;
    history.replaceState(null, "", location.pathname);
    const work = comeBack(search, Date.now());
    applyTheme();
    await loadLanguage();
    document.title = t("callback.title");
    root.replaceChildren();
    render(<Page first={work} />, root);
}

const root = document.getElementById("app");
if (root !== null) {
    void start(root);
}
