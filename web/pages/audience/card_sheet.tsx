/* "My card": made, changed, proven, deleted. It exists for this event alone. */

import { useEffect, useState } from "preact/hooks";
import { cardAddress } from "../../core/address";
import type { Person } from "../../core/person";
import { refusalWords, t } from "../../core/words";
import { Icon } from "../../parts/icon";
import { Panel } from "../../parts/panel";
import { showToast } from "../../parts/toast";
import { CardForm } from "./card_form";
import type { AudiencePage } from "./page";
import { Proofs } from "./proofs";
import type { SheetProps } from "./sheets";

/* What others made of it. */
function Notes({ person }: { person: Person }) {
    return (
        <>
            {person.hidden.value && (
                <p class="hint" role="status">
                    <Icon name="warn" />
                    <span>{t("person.card.hidden")}</span>
                </p>
            )}
            {person.published.value?.alike === true && (
                <p class="hint" role="status">
                    <Icon name="warn" />
                    <span>{t("person.card.alike")}</span>
                </p>
            )}
            {person.unsent.value && (
                <p class="hint" role="status">
                    <Icon name="offline" />
                    <span>{t("person.unsent")}</span>
                </p>
            )}
        </>
    );
}

/* One tap, and the way back: a new card that says the same, shown with the same questions. */
async function removeCard(page: AudiencePage, person: Person): Promise<void> {
    const card = person.card.peek();
    const { outbox } = page;
    const claimed = outbox?.own.peek().filter(({ claim }) => claim === "made" || claim === "wanted") ?? [];
    page.sheet.value = null;
    const result = await person.remove();
    if (card === null || (!result.ok && result.code !== "offline")) {
        showToast({ text: t("person.refused", { why: result.ok ? "" : refusalWords(result) }) });
        return;
    }
    const again = async (): Promise<void> => {
        const saved = await person.save(card, card.shown);
        if (saved.ok) {
            claimed.forEach(({ salt }) => outbox?.claim(salt));
        }
        const refused = !saved.ok && saved.code !== "offline";
        showToast({
            text: refused
                ? t("person.refused", { why: refusalWords(saved) })
                : t(saved.ok ? "person.card.again" : "person.unsent"),
        });
    };
    showToast({
        text: t(result.ok ? "person.card.deleted" : "person.card.deleted_later"),
        action: { label: t("parts.undo"), run: () => void again() },
    });
}

export function CardSheet({ page, model }: SheetProps<"card">) {
    const { person } = page;
    const [saved, setSaved] = useState(false);
    useEffect(() => page.connection.showPeople(), []);
    if (person === null) {
        return null;
    }
    const card = person.card.value;
    const tag = person.published.value?.tag;
    return (
        <Panel title={t("person.card")} onClose={() => (page.sheet.value = null)}>
            <p>{t("person.card.says")}</p>
            <Notes person={person} />
            <CardForm person={person} label="person.card.save" onSaved={() => setSaved(true)} />
            <p class="said" role="status">
                {saved && t("person.card.saved")}
            </p>
            {card !== null && (
                <>
                    <Proofs person={person} model={model} card={card} />
                    <section>
                        {tag !== undefined && (
                            <p>
                                <a href={cardAddress(page.slug, tag)}>{t("person.card.among")}</a>
                            </p>
                        )}
                        <p class="small">{t("person.card.delete.says")}</p>
                        <button class="btn" type="button" onClick={() => void removeCard(page, person)}>
                            {t("person.card.delete")}
                        </button>
                    </section>
                </>
            )}
        </Panel>
    );
}
