import { lineOf, walk } from '../bicep.mjs';

// The functions that the files may call; one that is new to them is added here once it was looked up.
const functions = new Set(('any array base64 concat contains empty endsWith filter first flatten format guid int intersection '
    + 'items join json last length loadJsonContent loadTextContent map max min padLeft range reduce replace resourceGroup '
    + 'resourceId skip sort split startsWith string subscription subscriptionResourceId substring take tenant toLower toObject '
    + 'toUpper trim union uniqueString uri utcNow').split(' '));
const decorators = new Set('allowed description discriminator export maxLength maxValue metadata minLength minValue sealed secure batchSize'.split(' '));
const namespaces = new Set(['az', 'sys']);

/** Names mean something: each is declared once, each use has a declaration, each parameter and variable is used. */
export function* symbols({ files }) {
    for (const file of files.filter(f => !f.root.hasError)) {
        const declared = new Map();
        for (const d of file.declarations.filter(d => d.kind !== 'output')) {
            if (declared.has(d.name)) yield [file.path, d.line, `${d.name} is declared twice`];
            declared.set(d.name, d);
        }

        const used = new Set();
        for (const node of walk(file.root)) {
            if (node.type !== 'identifier' || isName(node)) continue;
            if (isCalled(node)) {
                const known = inDecorator(node) ? decorators : functions;
                if (!known.has(node.text)) yield [file.path, lineOf(node), `there is no function ${node.text}`];
            } else if (declared.has(node.text)) used.add(node.text);
            else if (!isLocal(node) && !namespaces.has(node.text)) yield [file.path, lineOf(node), `${node.text} is not declared`];
        }

        for (const d of [...file.of('param'), ...file.of('var')]) {
            if (!used.has(d.name)) yield [file.path, d.line, `${d.kind} ${d.name} is never used`];
        }
    }
}

const isFirst = node => node.parent.namedChildren[0].id === node.id;
const isCalled = node => node.parent.type === 'call_expression' && isFirst(node);

/** The name in a declaration, the key of a property, the variable of a loop or lambda. */
function isName(node) {
    const parent = node.parent.type;
    return (parent.endsWith('_declaration') || parent === 'object_property' || parent === 'lambda_expression' || parent === 'for_statement') && isFirst(node);
}

function inDecorator(node) {
    return node.parent.parent?.type === 'decorator';
}

/** A variable of a loop or lambda around this use. */
function isLocal(node) {
    for (let around = node.parent; around; around = around.parent) {
        if (around.type === 'lambda_expression' && around.namedChildren[0].text === node.text) return true;
        if (around.type !== 'for_statement') continue;
        const [variable] = around.namedChildren;
        const names = variable.type === 'for_loop_parameters' ? variable.namedChildren.map(c => c.text) : [variable.text];
        if (names.includes(node.text)) return true;
    }
    return false;
}
