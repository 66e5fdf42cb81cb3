/* The way back from a log-in at another server: one page for all events. It takes the answer out of the address, hands it
 * to our server together with the verifier that only this browser has, and goes on to the organiser's page. */

import "../styles/tokens.css";
import "../styles/base.css";
import "./callback/callback.css";
import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { loadLanguage, refusalWords, t } from "../core/words";
import { Figure, Sprite } from "../parts/icon";
import { applyTheme } from "../parts/theme";
import { comeBack, organiserAddress, type Failed, type Outcome } from "./callback/way_back";

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

function Failure({ outcome, onAgain }: FailureProps) {
    const { why, slug, refusal, again } = outcome;
    const heading = useRef<HTMLHeadingElement>(null);
    useEffect(() => heading.current?.focus(), []);
    return (
        <main class="says">
            <Figure kind={why === "nothing" ? "missing" : "warn"} />
            <h1 ref={heading} tabIndex={-1}>
                {t(`callback.${why}`)}
            </h1>
            <p>{why === "other" ? refusal && refusalWords(refusal) : t(`callback.${why}.says`)}</p>
            <p class="ways">
                {again !== undefined && (
                    <button class="btn btn-act" type="button" onClick={() => onAgain(again())}>
                        {t("callback.again")}
                    </button>
                )}
                <a class="btn" href={slug === null ? "/" : organiserAddress(slug)}>
                    {t(slug === null ? "parts.ended.to_start" : "callback.back")}
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
