/* The audience page as a whole, and what it says when there is nothing to show. */

import { useEffect, useState } from "preact/hooks";
import type { Model } from "../../core/state";
import { t, tn } from "../../core/words";
import { EndedPage } from "../../parts/ended";
import { Figure, Sprite } from "../../parts/icon";
import { Toast } from "../../parts/toast";
import { welcome } from "./arrival";
import { List } from "./list";
import { Menu } from "./menu";
import type { AudiencePage } from "./page";
import { Reach } from "./reach";
import { LazySheet } from "./sheets";
import { Side } from "./side";

/* New questions and sent ones, for those who do not see them arrive; at most one sentence in a while. */
function Announcer({ page }: { page: AudiencePage }) {
    const fresh = page.fresh.value;
    const [told, setTold] = useState("");
    useEffect(() => {
        const timer = setTimeout(() => setTold(fresh === 0 ? "" : tn("audience.fresh", fresh)), 2000);
        return () => clearTimeout(timer);
    }, [fresh]);
    return (
        <>
            <p class="vh" role="status">
                {told}
            </p>
            <p class="vh" role="status">
                {page.said.value}
            </p>
        </>
    );
}

function Sheets({ page, model }: { page: AudiencePage; model: Model }) {
    const salt = page.reach.value;
    const sheet = page.sheet.value;
    const row = page.ownRows.value.find(({ own }) => own.salt === salt);
    return (
        <>
            {row !== undefined && <Reach key={salt} page={page} model={model} row={row} />}
            {sheet !== null && <LazySheet key={sheet.kind} page={page} model={model} sheet={sheet} />}
        </>
    );
}

function Event({ page, model }: { page: AudiencePage; model: Model }) {
    const tag = model.event.hashtags[0] ?? model.event.slug;
    useEffect(() => {
        document.title = t("audience.title", { hashtag: tag });
    });
    useEffect(() => welcome(page, model), []);
    return (
        <>
            <div class="page" data-asking={page.ask.value === null ? undefined : ""}>
                <Side page={page} model={model} />
                <main>
                    <List page={page} model={model} />
                </main>
            </div>
            <Menu page={page} model={model} />
            <Sheets page={page} model={model} />
            <Toast />
            <Announcer page={page} />
        </>
    );
}

export function App({ page }: { page: AudiencePage }) {
    const { model } = page;
    const ended = page.connection.ended.value;
    if (ended !== null) {
        return (
            <>
                <Sprite />
                <EndedPage why={ended} slug={page.slug} />
            </>
        );
    }
    return (
        <>
            <Sprite />
            {model === null ? (
                <main>
                    <div class="says" role="status">
                        <Figure kind="warn" />
                        <h1>{t("audience.loading")}</h1>
                        <p>{t("audience.no_start")}</p>
                    </div>
                </main>
            ) : (
                <Event page={page} model={model} />
            )}
        </>
    );
}
