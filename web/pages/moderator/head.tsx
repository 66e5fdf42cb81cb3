/* The top and the bottom of the desk: which event and talk, how many are here, the search, the keys at hand. */

import { useEffect, useRef } from "preact/hooks";
import { eventAddress } from "../../core/address";
import { currentTalk, type Model } from "../../core/state";
import { number, t, tn, type Word } from "../../core/words";
import { Hashtag } from "../../parts/hashtag";
import { Icon } from "../../parts/icon";
import type { ModeratorDesk } from "./desk";
import { lettersOn } from "./keys";
import { lasting } from "./standing";

interface HeadProps {
    desk: ModeratorDesk;
    model: Model;
    onMenu: () => void;
    onTalks: () => void;
    onLeft: () => void;
}

export function Head({ desk, model, onMenu, onTalks, onLeft }: HeadProps) {
    const talk = currentTalk(model);
    return (
        <header class="head">
            <h1>
                <Hashtag
                    tag={model.event.hashtags[0] ?? model.event.title}
                    href={eventAddress(model.event.slug)}
                    oneLine
                />
                <span class="vh">{t("moderator.title")}</span>
            </h1>
            <button class="which" type="button" onClick={onTalks}>
                <span>{talk?.title}</span>
                <span class="small">{talkSays(model)}</span>
            </button>
            <StillOut model={model} onLeft={onLeft} />
            <Present model={model} />
            {talk !== undefined && (
                <button
                    class="btn lg"
                    type="button"
                    onClick={() => void desk.doing.openTalk(talk.id, !talk.open)}
                >
                    {t(talk.open ? "moderator.pause" : "moderator.resume")}
                </button>
            )}
            <button
                class="btn btn-icon"
                type="button"
                aria-label={t("moderator.search")}
                aria-keyshortcuts="/"
                onClick={() => (desk.search.value = desk.search.value === null ? "" : null)}
            >
                <Icon name="search" />
            </button>
            <button class="btn btn-icon" type="button" aria-label={t("parts.menu")} onClick={onMenu}>
                <Icon name="menu" />
            </button>
        </header>
    );
}

function talkSays(model: Model): string {
    if (currentTalk(model)?.open === false) {
        return t("moderator.talk_closed");
    }
    return t(model.event.moderation === "before" ? "moderator.before" : "moderator.after");
}

function Present({ model }: { model: Model }) {
    const n = model.present === 0 ? t("parts.present.few") : number(model.present);
    return (
        <span class="fact num">
            <Icon name="people" />
            <span aria-hidden="true">{n}</span>
            <span class="vh">{t("moderator.present", { n })}</span>
        </span>
    );
}

const LEFT_NAMED = 3; /* so many are named, more are counted */

/* Questions that are gone here and not yet out there: a notice in its own place, so that nothing moves for it. */
function StillOut({ model, onLeft }: { model: Model; onLeft: () => void }) {
    const posts = lasting(model.left);
    if (posts.length === 0) {
        return null;
    }
    const failed = posts.filter((post) => !post.emptied);
    const bad = failed.length > 0;
    const numbers = [...new Set((bad ? failed : posts).map((post) => post.n))];
    const which =
        numbers.length <= LEFT_NAMED
            ? numbers.map((n) => `#${n}`).join(", ")
            : tn("moderator.left.questions", numbers.length);
    return (
        <button class="btn still-out" type="button" onClick={onLeft}>
            <Icon name={bad ? "warn" : "out"} />
            <span>{t(bad ? "moderator.left.failed" : "moderator.left.emptied", { which })}</span>
        </button>
    );
}

export function SearchBar({ desk }: { desk: ModeratorDesk }) {
    const field = useRef<HTMLInputElement>(null);
    const text = desk.search.value ?? "";
    useEffect(() => field.current?.focus(), []);
    const found =
        text.trim() === ""
            ? null
            : desk.rows("incoming").length + desk.rows("list").length + desk.rows("done").length;
    return (
        <div class="search" role="search">
            <input
                class="field"
                type="search"
                ref={field}
                aria-label={t("moderator.search.label")}
                placeholder={t("moderator.search.label")}
                value={text}
                onInput={(event) => (desk.search.value = event.currentTarget.value)}
                onKeyDown={(event) => {
                    if (event.key === "Escape") {
                        desk.search.value = null;
                    } else if (event.key === "Enter") {
                        field.current?.blur();
                        desk.step(1);
                    }
                }}
            />
            <p class="small num" role="status">
                {found !== null && tn("moderator.search.found", found)}
            </p>
            <button
                class="btn btn-icon"
                type="button"
                aria-label={t("moderator.search.end")}
                onClick={() => (desk.search.value = null)}
            >
                <Icon name="close" />
            </button>
        </div>
    );
}

const AT_HAND: readonly (readonly [readonly string[], Word])[] = [
    [["j", "k"], "moderator.key.select"],
    [["a"], "moderator.key.approve"],
    [["d"], "moderator.key.decline"],
    [["n"], "moderator.key.now"],
    [["e"], "moderator.key.answered"],
    [["p"], "moderator.key.pin"],
    [["u"], "moderator.key.undo"],
    [["/"], "moderator.key.search"],
];

export function Foot({ onKeys }: { onKeys: () => void }) {
    return (
        <footer class="foot" aria-label={t("moderator.keys.short")}>
            {lettersOn.value &&
                AT_HAND.map(([keys, word]) => (
                    <span key={word}>
                        {keys.map((key) => (
                            <kbd key={key}>{key}</kbd>
                        ))}
                        {t(word)}
                    </span>
                ))}
            <button class="btn btn-text" type="button" onClick={onKeys}>
                {lettersOn.value && <kbd>?</kbd>}
                {t("moderator.key.keys")}
            </button>
        </footer>
    );
}
