/* The page of people as a whole, also when nobody is on it or the server does not answer. */

import { useEffect } from "preact/hooks";
import { eventAddress, OWN_CARD } from "../../core/address";
import type { Model } from "../../core/state";
import { date, language, t, tn } from "../../core/words";
import { AboutLinks } from "../../parts/about";
import { LanguageSwitch, ThemeSwitch } from "../../parts/choice";
import { EndedPage } from "../../parts/ended";
import { Hashtag } from "../../parts/hashtag";
import { Figure, Icon, Sprite } from "../../parts/icon";
import { ConnectionNotice } from "../../parts/notice";
import { Panel } from "../../parts/panel";
import { FollowSheet } from "./follow";
import { TakeHome } from "./home";
import { List } from "./list";
import type { PeoplePage } from "./page";

function Menu({ page }: { page: PeoplePage }) {
    return (
        <Panel title={t("parts.menu")} onClose={() => (page.menu.value = false)}>
            <section>
                <a class="btn btn-text" href={eventAddress(page.slug)}>
                    {t("parts.ended.to_audience")}
                </a>
            </section>
            <section class="switches">
                <LanguageSwitch />
                <ThemeSwitch />
            </section>
            <section>
                <AboutLinks />
            </section>
        </Panel>
    );
}

/* Whoever looks for a name here and does not find it can only be there by their own doing. */
function Join({ slug }: { slug: string }) {
    return (
        <section class="join" aria-labelledby="h-join">
            <div>
                <h2 id="h-join">{t("people.join")}</h2>
                <p>{t("people.join.says")}</p>
            </div>
            <a class="btn btn-act" href={eventAddress(slug) + OWN_CARD}>
                {t("people.join.go")}
            </a>
        </section>
    );
}

function Lead({ page }: { page: PeoplePage }) {
    const count = page.people.value.size;
    return (
        <>
            <h1 class="title">{t(page.over.value ? "people.over" : "parts.people")}</h1>
            <p class="lead">{count === 0 ? t("people.none") : tn("people.lead", count)}</p>
            {page.over.value && (
                <p class="stays small">{t("people.stays", { date: date(page.until.value) })}</p>
            )}
        </>
    );
}

function Event({ page, model }: { page: PeoplePage; model: Model }) {
    const tag = model.event.hashtags[0] ?? model.event.slug;
    const following = page.following.value;
    const anybody = page.people.value.size > 0 || page.shown.value.length > 0;
    useEffect(() => {
        document.title = t("people.title", { hashtag: tag });
    }, [tag, language.value]);
    return (
        <>
            <ConnectionNotice connection={page.connection} />
            <div class="sheet">
                <header class="line">
                    <Hashtag tag={tag} href={eventAddress(page.slug)} />
                    <button
                        class="btn btn-icon"
                        type="button"
                        aria-haspopup="dialog"
                        aria-label={t("parts.menu")}
                        onClick={() => (page.menu.value = true)}
                    >
                        <Icon name="menu" />
                    </button>
                </header>
                <main>
                    <Lead page={page} />
                    {anybody && <TakeHome page={page} model={model} />}
                    {anybody && <List page={page} />}
                    <Join slug={page.slug} />
                </main>
            </div>
            {page.menu.value && <Menu page={page} />}
            {following !== null && <FollowSheet page={page} account={following.account} />}
        </>
    );
}

function Waiting() {
    return (
        <main>
            <div class="says" role="status">
                <Figure kind="warn" />
                <h1>{t("parts.loading")}</h1>
                <p>{t("people.no_start")}</p>
            </div>
        </main>
    );
}

export function App({ page }: { page: PeoplePage }) {
    const { model } = page;
    const ended = page.connection.ended.value;
    return (
        <>
            <Sprite />
            {ended !== null ? (
                <EndedPage why={ended} slug={page.slug} />
            ) : model === null || !page.ready.value ? (
                <Waiting />
            ) : (
                <Event page={page} model={model} />
            )}
        </>
    );
}
