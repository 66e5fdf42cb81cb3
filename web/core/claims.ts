/* "That was me", as this browser wishes it and as the server answers. Pure, as own.ts. A claim is signed for
 * the text that its asker typed or saw when claiming, never for another one that the server tells. */

import { above, isTemporary, moved, sameTag, type Outcome, type Own } from "./own";
import type { Question } from "./protocol";
import type { Model } from "./state";

export type ClaimTask = "claim" | "unclaim";

const NO_CLAIM = { claim: "none", bond: null, card: null, signed: null } as const;

/* `question`: as it is on the screen at this moment. */
export function claimOwn(own: Own, question: Question | undefined): Own {
    if (own.claim === "made" || own.claim === "wanted") {
        return own;
    }
    if (own.claim === "leaving" && own.bond === null) {
        return { ...own, claim: own.signed === null ? "wanted" : "made" };
    }
    const seen = question !== undefined && question.text !== null && own.edit === null;
    const newer = seen && question.rev >= own.rev ? { text: question.text, rev: question.rev } : {};
    return { ...own, ...newer, claim: "wanted", refusal: null };
}

export function unclaimOwn(own: Own): Own {
    if (own.claim === "none" || own.claim === "leaving") {
        return own;
    }
    return own.signed === null && own.bond === null
        ? { ...own, ...NO_CLAIM }
        : { ...own, claim: "leaving", refusal: null };
}

/* The server ends them with their card. */
export function endClaim(own: Own, card: string): Own {
    const ended = own.card === card || (own.card === null && own.claim === "wanted");
    return ended ? { ...own, ...NO_CLAIM } : own;
}

const TAKEN = "already_claimed";

/* `card`: key of the one that claims can be for. What was claimed is signed anew with the same card only. */
export function claimTask(own: Own, question: Question | undefined, card: string | null): ClaimTask | null {
    if (own.stage !== "sent" || own.leaving) {
        return null;
    }
    if (own.claim === "leaving") {
        return "unclaim";
    }
    const anew = own.signed !== own.text && own.card === card && own.refusal !== TAKEN;
    const due = own.claim === "wanted" || (own.claim === "made" && anew);
    return due && card !== null && own.edit === null && question?.text === own.text ? "claim" : null;
}

/* About to be sent: the same step once more, or the next one. */
export function bondOwn(own: Own, task: ClaimTask, card: string, storedRev: number): Own {
    const text = task === "claim" ? own.text : null;
    const next = Math.max(own.rev, storedRev, own.bond?.rev ?? 0) + 1;
    return { ...own, card, bond: own.bond?.text === text ? own.bond : { rev: next, text } };
}

export function afterBond(own: Own, task: ClaimTask, code: string | null, storedRev: number): Outcome {
    const { bond } = own;
    if (bond === null) {
        return { own, verdict: "keep" }; /* ended meanwhile, with its card */
    }
    if (code !== null && isTemporary(code)) {
        return { own: { ...own, refusal: code === "offline" ? null : code }, verdict: "wait" };
    }
    if (code === "stale") {
        /* The model may not know yet what the server knows: then wait. */
        return storedRev + 1 === bond.rev
            ? { own: { ...own, bond: null }, verdict: "wait" }
            : { own: { ...own, bond: moved(bond, storedRev + 1) }, verdict: "retry" };
    }
    return { own: task === "claim" ? afterClaim(own, code) : afterUnclaim(own, code), verdict: "keep" };
}

/* The revision of the step is the server's now. */
function taken(own: Own): Own {
    const rev = own.bond?.rev ?? own.rev;
    return { ...own, rev, edit: above(own.edit, rev), turn: above(own.turn, rev), bond: null, refusal: null };
}

function afterClaim(own: Own, code: string | null): Own {
    if (code === TAKEN && own.claim === "made") {
        return { ...own, bond: null, refusal: code };
    }
    if (code !== null) {
        return { ...own, ...NO_CLAIM, refusal: code };
    }
    const signed = own.bond?.text ?? null;
    return { ...taken(own), signed, claim: own.claim === "wanted" ? "made" : own.claim };
}

function afterUnclaim(own: Own, code: string | null): Own {
    const again = own.claim === "wanted"; /* meant otherwise meanwhile */
    if (code === null || code === "gone" || code === "unknown") {
        const rest = code === null ? taken(own) : { ...own, refusal: null };
        return { ...rest, ...NO_CLAIM, claim: again ? "wanted" : "none" };
    }
    return { ...own, claim: "made", bond: null, refusal: code };
}

/* Key of the card that the model names: `own`, or what the list of people says of another one's. Null: not
 * known. */
export function namedCard(question: Question, own: string | null, cards: Model["cards"]): string | null {
    const tag = question.card?.tag ?? "";
    if (own !== null && sameTag(own, tag)) {
        return own;
    }
    const key = cards.get(tag)?.key ?? "";
    return sameTag(key, tag) ? key : null;
}

/* What another device of the same person did. With another card than one's own it can be taken back, but is
 * not signed anew. A hidden card is back some day: only a revision past ours says that the claim was taken
 * back. `card`: key of the question's card, where it is known. */
export function reconcileClaim(own: Own, question: Question | undefined, card: string | null): Own {
    if (question === undefined || question.text === null || own.bond !== null || question.rev <= own.rev) {
        return own;
    }
    const { rev, text } = question;
    if (own.claim === "none" && question.card !== null && text === own.text) {
        return { ...own, claim: "made", signed: text, card, rev };
    }
    const gone = own.claim === "made" && question.card === null && text === own.signed;
    return gone ? { ...own, ...NO_CLAIM } : own;
}
