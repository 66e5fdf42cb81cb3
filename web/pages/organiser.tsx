/* The organiser's page: links to hand out, settings, talks, export, clearing up. */

import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/pages.css";
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { eventAddress, slugOfPage } from "../core/address";
import type { Connection } from "../core/connection";
import { pendingLogins } from "../core/login";
import type { Model } from "../core/state";
import { dateTime, language, loadLanguage, t, tn } from "../core/words";
import { AboutLinks } from "../parts/about";
import { LanguageSwitch, ThemeSwitch } from "../parts/choice";
import { EndedPage } from "../parts/ended";
import { Hashtag } from "../parts/hashtag";
import { Icon, Sprite } from "../parts/icon";
import { ConnectionNotice } from "../parts/notice";
import { Panel } from "../parts/panel";
import { Qr } from "../parts/qr";
import { applyTheme } from "../parts/theme";
import { Toast } from "../parts/toast";
import { Accounts } from "./organiser/accounts";
import { Ending, Export } from "./organiser/ending";
import { entrance, Links, publicLink, withoutScheme } from "./organiser/links";
import { People } from "./organiser/people";
import { Publishing } from "./organiser/publish";
import { Session } from "./organiser/session";
import { Settings } from "./organiser/settings";
import { Talks } from "./organiser/talks";
import { sheet, TicketSheet } from "./organiser/ticket_sheet";
import { Admission } from "./organiser/tickets";

const DAY_MINUTES = 24 * 60;

function Organiser({
    session,
    connection,
    model,
    arrived,
}: {
    session: Session;
    connection: Connection;
    model: Model;
    arrived: number | null;
}) {
    const [menu, setMenu] = useState(false);
    const tag = model.event.hashtags[0] ?? model.event.title;
    useEffect(() => {
        document.title = `${t("organiser.title")} – #${tag}`;
    }, [tag, language.value]);
    return (
        <>
            <ConnectionNotice connection={connection} />
            <div class="sheet">
                <header class="line">
                    <Hashtag tag={tag} href={eventAddress(model.event.slug)} />
                    <button
                        class="btn btn-icon"
                        type="button"
                        aria-label={t("parts.menu")}
                        onClick={() => setMenu(true)}
                    >
                        <Icon name="menu" />
                    </button>
                </header>
                <main>
                    <h1 class="title">{model.event.title}</h1>
                    <p class="lead">{lead(model, connection.minute())}</p>
                    <Links session={session} model={model} />
                    <Admission session={session} connection={connection} model={model} />
                    <Talks connection={connection} model={model} />
                    <Accounts session={session} model={model} arrived={arrived} />
                    <Publishing connection={connection} event={model.event} />
                    <Settings connection={connection} event={model.event} />
                    <People session={session} model={model} />
                    <Export session={session} />
                    <Ending session={session} connection={connection} model={model} />
                </main>
            </div>
            {sheet.value === null ? (
                <Poster session={session} model={model} />
            ) : (
                <TicketSheet event={model.event} shown={sheet.value} />
            )}
            <Toast look="undo" />
            {menu && (
                <Panel title={t("parts.menu")} onClose={() => setMenu(false)}>
                    <section>
                        <LanguageSwitch />
                        <ThemeSwitch />
                    </section>
                    <AboutLinks slug={model.event.slug} />
                </Panel>
            )}
        </>
    );
}

function lead(model: Model, minute: number): string {
    const { start, end, retention } = model.event;
    if (minute >= end) {
        return t("organiser.ended", { date: dateTime(end + retention * DAY_MINUTES) });
    }
    const when = t("organiser.lead", { start: dateTime(start), end: dateTime(end) });
    return `${when}, ${tn("organiser.talks_count", model.talks.length)}.`;
}

/* Only on paper: what hangs at the door. */
function Poster({ session, model }: { session: Session; model: Model }) {
    const link = entrance(session, model);
    return (
        <div class="poster" aria-hidden="true">
            <p class="poster-tag">
                <Hashtag tag={model.event.hashtags[0] ?? model.event.title} />
            </p>
            <p>{model.event.title}</p>
            <Qr text={link} label={t("parts.qr", { address: link })} />
            <p class="addr">{withoutScheme(publicLink(model))}</p>
            <p>{t("organiser.print.how")}</p>
        </div>
    );
}

function Page({ session, arrived }: { session: Session; arrived: number | null }) {
    const connection = session.connection.value;
    const model = connection?.state.model.value ?? null;
    const ended = session.ended;
    return (
        <>
            <Sprite />
            {ended !== null || connection === null ? (
                <EndedPage why={ended ?? "no_key"} slug={session.slug} />
            ) : model === null ? (
                <main class="says">
                    <ConnectionNotice connection={connection} />
                    <h1>{t("organiser.title")}</h1>
                    <p>{t("parts.loading")}</p>
                </main>
            ) : (
                <Organiser session={session} connection={connection} model={model} arrived={arrived} />
            )}
        </>
    );
}

async function start(root: HTMLElement): Promise<void> {
    applyTheme();
    const arrived = /^#connected=(\d{1,9})$/.exec(location.hash)?.[1]; /* from the callback page */
    const session = new Session(slugOfPage());
    pendingLogins(Date.now()); /* forgets those that were begun and left lying */
    await loadLanguage();
    root.replaceChildren();
    render(<Page session={session} arrived={arrived === undefined ? null : Number(arrived)} />, root);
}

const root = document.getElementById("app");
if (root !== null) {
    void start(root);
}
