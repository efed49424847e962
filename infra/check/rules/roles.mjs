import { propertiesOf, stringOf, walk, lineOf } from '../bicep.mjs';

const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Roles are given in one file, by id, each explained in the README's table, and the README names no other. */
export function* roles(project) {
    const path = 'infra/modules/roles.bicep';
    const given = new Map();
    for (const file of project.files) {
        for (const d of file.of('resource')) {
            if (d.source.startsWith('Microsoft.Authorization/') && file.path !== path) yield [file.path, d.line, `roles are given in ${path}`];
            if (d.source.startsWith('Microsoft.Authorization/') && !propertiesOf(d.body).has('scope')) yield [file.path, d.line, `${d.name} is not scoped to a resource`];
        }
        for (const node of walk(file.root)) {
            const text = stringOf(node);
            if (!text || !id.test(text)) continue;
            if (file.path !== path || node.parent.type !== 'object_property') yield [file.path, lineOf(node), `ids stand in the tables of ${path}`];
            else given.set(text, stringOf(node.parent.namedChildren[0]));
        }
    }

    const rows = [...project.read('infra/README.md').matchAll(/^\| ([^|]+?) \| `([0-9a-f-]{36})` \| ([^|]+?) \| ([^|]+?) \|$/gm)];
    const told = new Map(rows.map(([, name, guid]) => [guid, name]));
    for (const [guid, name] of given) {
        if (told.get(guid) !== name) yield ['infra/README.md', 1, `the table of roles lacks ${name} (${guid})`];
    }
    for (const [guid, name] of told) {
        if (!given.has(guid)) yield ['infra/README.md', 1, `the table of roles has ${name}, which is not given`];
    }
}
