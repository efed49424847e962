import { posix } from 'node:path';
import { lineOf, propertiesOf, walk } from '../bicep.mjs';
import { hasDefault } from './parameters.mjs';

/** A module's file exists, gets the parameters that it asks for and no other, and has the outputs that are read. */
export function* modules(project) {
    for (const file of project.files.filter(f => !f.root.hasError)) {
        const targets = new Map();
        for (const module of file.of('module')) {
            const target = project.file(posix.join(posix.dirname(file.path), module.source));
            if (!target) {
                yield [file.path, module.line, `there is no ${module.source}`];
                continue;
            }

            targets.set(module.name, target);
            const given = propertiesOf(propertiesOf(module.body).get('params'));
            for (const name of given.keys()) {
                if (!target.find('param', name)) yield [file.path, module.line, `${module.source} has no parameter ${name}`];
            }
            for (const d of target.of('param')) {
                if (!hasDefault(d) && !given.has(d.name)) yield [file.path, module.line, `${module.source} needs the parameter ${d.name}`];
            }
        }

        // The inner half of `module.outputs.name` is `module.outputs`.
        for (const node of walk(file.root)) {
            const read = node.type === 'member_expression' && /^(\w+)!?\.\??outputs\.\??(\w+)$/.exec(node.text);
            const target = read && targets.get(read[1]);
            if (target && !target.find('output', read[2])) yield [file.path, lineOf(node), `module ${read[1]} has no output ${read[2]}`];
        }
    }
}
