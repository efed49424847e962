import { stringOf } from '../bicep.mjs';

/** Parameters and outputs say what they mean; what main.bicep asks for is answered by main.parameters.json and told in the README. */
export function* parameters(project) {
    for (const { path, declarations } of project.files) {
        for (const d of declarations.filter(d => d.kind === 'param' || d.kind === 'output')) {
            if (!stringOf(d.decorator('description')?.argument)?.trim()) yield [path, d.line, `${d.kind} ${d.name} has no @description`];
        }
    }

    const main = project.file('infra/main.bicep');
    const declared = main.of('param');
    const path = 'infra/main.parameters.json';
    const given = JSON.parse(project.read(path)).parameters;
    for (const name of Object.keys(given)) {
        if (!main.find('param', name)) yield [path, 1, `main.bicep has no parameter ${name}`];
    }

    const readme = project.read('infra/README.md');
    for (const d of declared) {
        if (!hasDefault(d) && !given[d.name]) yield [path, 1, `parameter ${d.name} has no value`];
        const row = `| \`${d.name}\` | ${hasDefault(d) ? `\`${d.value.text}\`` : 'required'} |`;
        if (!readme.includes(row)) yield ['infra/README.md', 1, `the table of parameters lacks the row that begins ${row}`];
    }
}

/** Whether a parameter has a default. */
export const hasDefault = d => d.value !== undefined;
