/* A QR code drawn in the browser, since role links are secrets. The library is loaded when the first one is shown. */

import { useEffect, useState } from "preact/hooks";

export interface Drawing {
    size: number; /* modules on a side, quiet zone not counted */
    path: string;
}

const QUIET_MODULES = 4;

export async function drawQr(text: string): Promise<Drawing> {
    const { encode } = await import("uqr");
    const { size, data } = encode(text, { ecc: "M", border: 0 });
    const runs: string[] = [];
    data.forEach((line, y) => {
        let x = 0;
        while (x < line.length) {
            const from = x;
            while (x < line.length && line[x] === line[from]) {
                x++;
            }
            if (line[from]) {
                runs.push(`M${from} ${y}h${x - from}v1h-${x - from}z`);
            }
        }
    });
    return { size, path: runs.join("") };
}

export function Qr({ text, label }: { text: string; label: string }) {
    const [drawing, setDrawing] = useState<Drawing>();
    useEffect(() => {
        let current = true;
        void drawQr(text).then((drawn) => current && setDrawing(drawn));
        return () => {
            current = false;
        };
    }, [text]);
    return <QrDrawn drawing={drawing} label={label} />;
}

export function QrDrawn({ drawing, label }: { drawing: Drawing | undefined; label: string }) {
    const side = (drawing?.size ?? 29) + 2 * QUIET_MODULES;
    return (
        <figure class="qr">
            <svg
                role="img"
                aria-label={label}
                viewBox={`${-QUIET_MODULES} ${-QUIET_MODULES} ${side} ${side}`}
            >
                {drawing && <path d={drawing.path} />}
            </svg>
        </figure>
    );
}
