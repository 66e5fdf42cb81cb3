/* On paper: one ticket per code, to be cut apart. It stands in the page only while it is printed. */

import { signal } from "@preact/signals";
import type { EventInfo } from "../../core/protocol";
import { toBase64 } from "../../core/encode";
import { t, tn } from "../../core/words";
import { Hashtag } from "../../parts/hashtag";
import { drawQr, QrDrawn, type Drawing } from "../../parts/qr";
import { ticketLink, type Batch } from "./codes";

interface Ticket {
    readonly code: string;
    readonly drawing: Drawing;
}

interface Sheet {
    readonly tickets: readonly Ticket[];
    readonly seats: number;
    readonly keyHash: Uint8Array;
    readonly url: string;
}

export const sheet = signal<Sheet | null>(null);

/* Drawn first, so that nothing is missing on paper. */
export async function printTickets({ codes, seats }: Batch, url: string, keyHash: Uint8Array): Promise<void> {
    const tickets = await Promise.all(
        codes.map(async (code) => ({ code, drawing: await drawQr(ticketLink(url, keyHash, code, seats)) })),
    );
    sheet.value = { tickets, seats, keyHash, url };
    addEventListener("afterprint", () => (sheet.value = null), { once: true });
    requestAnimationFrame(() => setTimeout(print)); /* when it stands in the page */
}

export function TicketSheet({ event, shown }: { event: EventInfo; shown: Sheet }) {
    const key = toBase64(shown.keyHash);
    return (
        <ol class="tickets" aria-hidden="true">
            {shown.tickets.map(({ code, drawing }) => (
                <li key={code}>
                    <QrDrawn drawing={drawing} label={code} />
                    <div>
                        <p class="ticket-tag">
                            <Hashtag tag={event.hashtags[0] ?? event.title} />
                        </p>
                        <p class="ticket-title">{event.title}</p>
                        <p>{tn("organiser.ticket.admits", shown.seats)}</p>
                        <p class="ticket-code">{code}</p>
                        <p>{shown.url.replace(/^https?:\/\//, "")}</p>
                    </div>
                    <p class="ticket-how">
                        {t("organiser.ticket.how")} {t("organiser.ticket.key")} {key}
                    </p>
                </li>
            ))}
        </ol>
    );
}
