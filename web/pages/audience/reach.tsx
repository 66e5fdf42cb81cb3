/* How far one's own question goes, changed later: up, and back down. */

import { useState } from "preact/hooks";
import { degreeOf } from "../../core/own";
import type { Model } from "../../core/state";
import { t } from "../../core/words";
import { Icon } from "../../parts/icon";
import { Panel } from "../../parts/panel";
import { AsMe, cardShown, DegreeControl, degreesOf, DoButton } from "./degree";
import type { AudiencePage, OwnRow } from "./page";
import { PostPreview } from "./preview";

/* What publishing means: the first time at this event, and whenever few are in the room. */
export function PublishNotes({ page, model }: { page: AudiencePage; model: Model }) {
    const few = model.present === 0;
    if (!few && page.store?.get("told") != null) {
        return null;
    }
    return (
        <p class="hint" role="status">
            <Icon name="warn" />
            <span>
                {t("audience.publish.copy")}
                {few && ` ${t("audience.publish.few")}`}
            </span>
        </p>
    );
}

export function Reach({ page, model, row }: { page: AudiencePage; model: Model; row: OwnRow }) {
    const { own, question } = row;
    const now = degreeOf(own, question);
    const [degree, choose] = useState(now);
    const offered = degreesOf(model);
    const close = (): void => void (page.reach.value = null);
    function apply(): void {
        if (degree !== now) {
            page.setDegree(own.salt, degree);
            if (degree === 2) {
                page.outbox?.claim(own.salt);
            } else if (now === 2) {
                page.outbox?.unclaim(own.salt);
            }
        }
        close();
    }
    return (
        <Panel title={t("audience.degree")} onClose={close}>
            <DegreeControl
                model={model}
                degrees={offered.includes(now) ? offered : [0, 1, 2]}
                value={degree}
                legend={false}
                back={now === 1}
                onChange={choose}
            />
            {degree === 2 && degree !== now && <AsMe page={page} />}
            {degree !== 2 && own.claim !== "none" && (
                <p class="hint" role="status">
                    <Icon name="people" />
                    <span>{t(now === 2 ? "audience.degree.unclaims" : "audience.degree.claimed")}</span>
                </p>
            )}
            {degree === 1 && degree !== now && <PublishNotes page={page} model={model} />}
            {degree === 1 && (
                <PostPreview
                    model={model}
                    text={own.edit?.text ?? question?.text ?? own.text}
                    n={question?.n ?? null}
                />
            )}
            <DoButton
                page={page}
                nameless={degree === 2 && degree !== now && !cardShown(page)}
                disabled={false}
                label={t(degree === now ? "audience.degree.keep" : "audience.degree.apply")}
                onDo={apply}
            />
        </Panel>
    );
}
