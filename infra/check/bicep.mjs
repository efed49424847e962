// Reads Bicep files with the grammar of tree-sitter and gives the rules what they look at: declarations, decorators, calls.
import { createRequire } from 'node:module';
import { Language, Parser } from 'web-tree-sitter';

await Parser.init();
const grammar = await Language.load(createRequire(import.meta.url).resolve('tree-sitter-bicep/tree-sitter-bicep.wasm'));

const kinds = {
    parameter_declaration: 'param',
    variable_declaration: 'var',
    resource_declaration: 'resource',
    module_declaration: 'module',
    output_declaration: 'output',
};

/** One file: its tree and what it declares. */
export class BicepFile {
    constructor(path, text) {
        this.path = path;
        const parser = new Parser();
        parser.setLanguage(grammar);
        this.root = parser.parse(text).rootNode;
        this.declarations = this.#declarations();
    }

    of(kind) {
        return this.declarations.filter(d => d.kind === kind);
    }

    find(kind, name) {
        return this.of(kind).find(d => d.name === name);
    }

    #declarations() {
        const found = [];
        let decorators = [];
        for (const node of this.root.namedChildren) {
            if (node.type === 'decorators') {
                decorators = node.namedChildren.map(decorator);
            } else if (node.type !== 'comment') {
                if (kinds[node.type]) found.push(new Declaration(kinds[node.type], node, decorators));
                decorators = [];
            }
        }
        return found;
    }
}

class Declaration {
    constructor(kind, node, decorators) {
        this.kind = kind;
        this.node = node;
        this.decorators = decorators;
        this.name = node.namedChildren[0].text;
        this.line = lineOf(node);
        // param NAME TYPE VALUE; var NAME VALUE; output NAME TYPE VALUE; resource and module NAME 'TYPE OR PATH' BODY
        const rest = node.namedChildren.slice(kind === 'var' ? 1 : 2);
        this.value = rest.at(-1);
        this.source = kind === 'resource' || kind === 'module' ? stringOf(node.namedChildren[1]) : undefined;
    }

    decorator(name) {
        return this.decorators.find(d => d.name === name);
    }

    /** The object in braces of a resource or module, below conditions and loops. */
    get body() {
        let body = this.value;
        while (body && body.type !== 'object') body = body.namedChildren.at(-1);
        return body;
    }
}

function decorator(node) {
    const call = node.namedChildren[0];
    const [name, args] = call.namedChildren;
    return { name: name.text, argument: args?.namedChildren[0] };
}

/** Every node of the tree below (and with) this one. */
export function* walk(node) {
    yield node;
    for (const child of node.children) yield* walk(child);
}

export const lineOf = node => node.startPosition.row + 1;

/** The text of a string without interpolations, or undefined for anything else. */
export function stringOf(node) {
    if (node?.type !== 'string' || node.namedChildren.some(c => c.type === 'interpolation')) return undefined;
    return node.text.slice(1, -1).replaceAll("\\'", "'");
}

/** The properties of an object: name to value node. */
export function propertiesOf(object) {
    const properties = new Map();
    for (const property of object?.namedChildren ?? []) {
        if (property.type !== 'object_property') continue;
        const [key, value] = property.namedChildren.filter(c => c.type !== 'comment');
        properties.set(stringOf(key) ?? key.text, value);
    }
    return properties;
}

/** The node at a dotted path of properties. */
export function at(object, path) {
    return path.split('.').reduce((node, key) => node && propertiesOf(node).get(key), object);
}
