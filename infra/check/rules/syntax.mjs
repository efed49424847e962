import { lineOf, walk } from '../bicep.mjs';

/** The file parses. */
export function* syntax({ files }) {
    for (const { path, root } of files) {
        if (!root.hasError) continue;
        for (const node of walk(root)) {
            if (node.isMissing) yield [path, lineOf(node), `syntax: ${node.type} is missing`];
            else if (node.isError) yield [path, lineOf(node), `syntax: not understood: ${node.text.split('\n')[0].slice(0, 60)}`];
        }
    }
}
