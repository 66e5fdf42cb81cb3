/* For what takes the place of the button that was tapped: the focus goes on there. */

import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/* `here` false: it stood there from the start. The element needs tabIndex -1. */
export function useArrival<E extends HTMLElement>(here = true): RefObject<E | null> {
    const place = useRef<E | null>(null);
    useEffect(() => {
        if (here) {
            place.current?.focus();
        }
    }, []);
    return place;
}
