/* The four links, each with its QR code. The server keeps only hashes of the keys, so a link is shown where this
   browser knows it, and can be made anew otherwise. */

import type { ComponentChildren } from "preact";
import { eventAddress } from "../../core/address";
import { gatedAddress } from "../../core/fragment";
import { refusalWords, t } from "../../core/words";
import type { Model } from "../../core/state";
import { CopyButton } from "../../parts/copy";
import { Figure, Icon } from "../../parts/icon";
import { Qr } from "../../parts/qr";
import { showToast } from "../../parts/toast";
import { Disclosure } from "./disclosure";
import { STAFF_ROLES, type Session, type StaffRole } from "./session";

export function publicLink(model: Model): string {
    return `${model.url.replace(/\/$/, "")}/${model.event.slug}`;
}

/* What everybody gets: of a gated event it says which key its passes are made with. */
export function entrance(session: Session, model: Model): string {
    const keyHash = model.event.admission === "tickets" ? session.keyHash.value : null;
    return keyHash === null ? publicLink(model) : gatedAddress(publicLink(model), keyHash);
}

export function withoutScheme(link: string): string {
    return link.replace(/^https?:\/\//, "");
}

export function Links({ session, model }: { session: Session; model: Model }) {
    const link = entrance(session, model);
    return (
        <section class="sect" aria-labelledby="h-links">
            <h2 id="h-links">{t("organiser.links")}</h2>
            <p>{t("organiser.links.says")}</p>
            <div class="links">
                <LinkCard
                    title={t("organiser.role.audience")}
                    says={t("organiser.role.audience.says")}
                    link={link}
                    shown={withoutScheme(publicLink(model))}
                >
                    <CopyButton text={link} label={t("organiser.role.audience")} />
                    <button class="btn" type="button" onClick={() => print()}>
                        {t("organiser.print")}
                    </button>
                </LinkCard>
                {STAFF_ROLES.map((role) => (
                    <StaffLink key={role} session={session} model={model} role={role} />
                ))}
            </div>
        </section>
    );
}

interface LinkCardProps {
    title: string;
    says: string;
    link: string | null;
    shown: string;
    children: ComponentChildren;
}

function LinkCard({ title, says, link, shown, children }: LinkCardProps) {
    return (
        <article class="lnk">
            {link === null ? (
                <div class="qr-none">
                    <Figure kind="missing" />
                </div>
            ) : (
                <Qr text={link} label={t("parts.qr", { address: title })} />
            )}
            <div>
                <h3>{title}</h3>
                {link !== null && <p class="addr">{shown}</p>}
                <p class="small">{says}</p>
                {link === null && <p class="small">{t("organiser.link.unknown")}</p>}
            </div>
            <div class="btns">{children}</div>
        </article>
    );
}

function StaffLink({ session, model, role }: { session: Session; model: Model; role: StaffRole }) {
    const key = session.keys.value[role];
    const address = `${model.url.replace(/\/$/, "")}${eventAddress(model.event.slug)}/${role}`;
    const link = key === undefined ? null : `${address}#k=${key}`;
    const title = t(`organiser.role.${role}`);

    async function renew() {
        const result = await session.newLink(role);
        showToast({ text: `${title}: ${result.ok ? t("organiser.link.made") : failure(result)}` });
    }
    return (
        <LinkCard
            title={title}
            says={t(`organiser.role.${role}.says`)}
            link={link}
            shown={`${withoutScheme(address)}#k…`}
        >
            {link !== null && <CopyButton text={link} label={title} />}
            {link !== null && role !== "organiser" && (
                <a
                    class="btn"
                    href={`${eventAddress(model.event.slug)}/${role}#k=${key}`}
                    target="_blank"
                    rel="noopener"
                >
                    {t("organiser.link.open")}
                    <span class="vh">: {title}</span>
                </a>
            )}
            <Disclosure
                button={
                    <>
                        <Icon name="turn" />
                        {t("organiser.link.make")}
                        <span class="vh">: {title}</span>
                    </>
                }
                says={t("organiser.link.what")}
                act={t("organiser.link.do")}
                onAct={renew}
            />
        </LinkCard>
    );
}

/* A refusal in words; `offline` is not the server's. */
export function failure(result: { code: string; message: string }): string {
    return result.code === "offline" ? t("organiser.offline") : refusalWords(result);
}
