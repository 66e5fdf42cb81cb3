/* A component that is drawn anew only when one of its props is another value: 300 rows, ten frames a second. */

import { Component, h, type ComponentChildren, type FunctionComponent } from "preact";

export function pure<Props extends object>(
    draw: (props: Props) => ComponentChildren,
): FunctionComponent<Props> {
    class Pure extends Component<Props> {
        override shouldComponentUpdate(next: Readonly<Props>): boolean {
            const before = this.props as Record<string, unknown>;
            const after = next as Record<string, unknown>;
            return Object.keys({ ...before, ...after }).some((name) => before[name] !== after[name]);
        }
        override render(props: Props): ComponentChildren {
            return h(draw as FunctionComponent<Props>, props);
        }
    }
    return Pure as unknown as FunctionComponent<Props>;
}
