/* The very posts that will leave, who writes them, and when. Shown before a question goes under the hashtag. */

import { useState } from "preact/hooks";
import { publicAddress } from "../../core/address";
import { composePost, type PostText } from "../../core/post";
import type { Account } from "../../core/protocol";
import type { Model } from "../../core/state";
import { t, tn } from "../../core/words";
import { Choice } from "../../parts/choice";
import { Icon } from "../../parts/icon";
import { NETWORK_NAMES } from "../../parts/networks";

interface Group {
    readonly accounts: readonly Account[];
    readonly post: PostText;
}

/* Accounts whose posts read the same, together. `n` null: the number is not known yet. */
export function previewGroups(model: Model, text: string, n: number | null): readonly Group[] {
    const next = 1 + [...model.questions.keys()].reduce((most, each) => Math.max(most, each), 0);
    const { hashtags, slug } = model.event;
    const url = publicAddress(model.url, slug, n ?? next);
    const groups: Group[] = [];
    for (const account of model.accounts) {
        const made = composePost({ text, hashtags, url }, account);
        const post = n === null ? { ...made, tail: made.tail.replace(/\d+$/, "…") } : made;
        const same = groups.findIndex((each) => each.post.lead === post.lead && each.post.tail === post.tail);
        const group = groups[same];
        if (group === undefined) {
            groups.push({ accounts: [account], post });
        } else {
            groups[same] = { accounts: [...group.accounts, account], post };
        }
    }
    return groups;
}

/* "Mastodon", and where another one reads differently, "Mastodon 2": whose it is stands below. */
function groupLabel(groups: readonly Group[], group: Group): string {
    const network = (each: Group): string =>
        [...new Set(each.accounts.map((account) => NETWORK_NAMES[account.network]))].join(", ");
    const alike = groups.filter((each) => network(each) === network(group));
    const place = alike.indexOf(group);
    return place > 0 ? `${network(group)} ${place + 1}` : network(group);
}

function delay(seconds: number): string {
    return seconds % 60 === 0 ? tn("audience.minutes", seconds / 60) : t("audience.seconds", { n: seconds });
}

export function leaves({ event }: Model): string {
    const unread = event.publish === "all" && event.moderation === "after";
    const when = event.publish_delay === 0 ? "now" : "later";
    return t(`audience.preview.${unread ? "all" : "approved"}.${when}`, {
        time: delay(event.publish_delay),
    });
}

export function PostPreview({ model, text, n }: { model: Model; text: string; n: number | null }) {
    const [chosen, choose] = useState("0");
    const groups = previewGroups(model, text, n);
    const group = groups[Number(chosen)] ?? groups[0];
    if (group === undefined) {
        return null;
    }
    const { post, accounts } = group;
    const cut = post.lead !== text && post.lead.endsWith("…");
    return (
        <section class="preview" aria-label={t("audience.preview")}>
            <h3>{t("audience.preview")}</h3>
            {groups.length > 1 && (
                <Choice
                    label={t("audience.preview.where")}
                    options={groups.map((each, at) => ({
                        value: String(at),
                        text: groupLabel(groups, each),
                    }))}
                    value={groups.includes(group) ? String(groups.indexOf(group)) : "0"}
                    onChange={choose}
                />
            )}
            <ul class="small">
                {accounts.map((account) => (
                    <li key={account.id}>
                        {NETWORK_NAMES[account.network]}: {account.name}
                    </li>
                ))}
            </ul>
            <blockquote class="voice">
                <p dir="auto">{post.lead}</p>
                <p>{post.tail}</p>
            </blockquote>
            {cut && <p class="small">{t("audience.preview.cut", { n: accounts[0]?.limit ?? 0 })}</p>}
            <p class="hint">
                <Icon name="clock" />
                <span>{leaves(model)}</span>
            </p>
        </section>
    );
}
