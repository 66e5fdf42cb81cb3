/* "Post it myself": the person's own networks, with text, hashtag and link filled in. Nothing is asked of
 * anybody before a tap, and a Mastodon server, once typed, is remembered in this browser only. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import {
    instanceHost,
    keepInstance,
    keptInstance,
    shareAddress,
    sharedTail,
    sharedText,
    type Shared,
    type ShareTarget,
} from "../core/share";
import { t } from "../core/words";
import { CopyButton } from "./copy";
import { Icon } from "./icon";
import { Panel } from "./panel";

const NAMES: readonly (readonly [ShareTarget, string])[] = [
    ["bluesky", "Bluesky"],
    ["threads", "Threads"],
    ["linkedin", "LinkedIn"],
    ["x", "X"],
];

function Out({ href, name }: { href: string; name: string }) {
    return (
        <a class="btn" href={href} target="_blank" rel="noopener noreferrer">
            <Icon name="out" />
            {name}
        </a>
    );
}

/* The one network whose address differs from person to person. */
function Mastodon({ shared }: { shared: Shared }) {
    const [typed, type] = useState(() => keptInstance() ?? "");
    const [failed, fail] = useState(false);
    function go(event: Event): void {
        event.preventDefault();
        const host = instanceHost(typed);
        const href = shareAddress("mastodon", shared, host);
        fail(href === null);
        if (host !== null && href !== null) {
            keepInstance(host);
            open(href, "_blank", "noopener,noreferrer");
        }
    }
    return (
        <form class="share-own" noValidate onSubmit={go}>
            <label class="lab" for="instance">
                {t("share.instance")}
            </label>
            <input
                class="field"
                id="instance"
                type="text"
                inputMode="url"
                autocapitalize="none"
                autocomplete="off"
                spellcheck={false}
                placeholder="mastodon.social"
                aria-invalid={failed}
                aria-describedby="instance-says"
                value={typed}
                onInput={(event) => {
                    type(event.currentTarget.value);
                    fail(false);
                }}
            />
            <button class="btn" type="submit">
                <Icon name="out" />
                Mastodon
            </button>
            <p class="small" id="instance-says" role="status">
                {t(failed ? "share.instance.bad" : "share.instance.says")}
            </p>
        </form>
    );
}

/* The system's own sheet, where the browser has one. */
function System({ shared }: { shared: Shared }) {
    if (typeof navigator.share !== "function") {
        return null;
    }
    const run = (): void => {
        navigator.share({ title: shared.title, text: sharedText(shared) }).catch(() => undefined);
    };
    return (
        <button class="btn" type="button" onClick={run}>
            <Icon name="out" />
            {t("share.system")}
        </button>
    );
}

interface SharePanelProps {
    readonly shared: Shared;
    readonly children?: ComponentChildren; /* before the ways out */
    readonly onClose: () => void;
}

export function SharePanel({ shared, children, onClose }: SharePanelProps) {
    return (
        <Panel title={t("share.title")} onClose={onClose}>
            <p>{t("share.says")}</p>
            <blockquote class="voice">
                <p dir="auto" data-clamp>
                    {shared.text}
                </p>
                <p>{sharedTail(shared)}</p>
            </blockquote>
            {children}
            <Mastodon shared={shared} />
            <div class="share-to">
                {NAMES.map(([target, name]) => (
                    <Out key={target} href={shareAddress(target, shared, null) ?? ""} name={name} />
                ))}
                <a class="btn" href={shareAddress("mail", shared, null) ?? ""}>
                    {t("share.mail")}
                </a>
                <CopyButton text={sharedText(shared)} label={t("share.text")} />
                <System shared={shared} />
            </div>
            <p class="small">{t("share.limits")}</p>
        </Panel>
    );
}
