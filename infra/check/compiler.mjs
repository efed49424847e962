// The real compiler knows every type of resource; it is used where it is installed, and its warnings fail the check too.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './project.mjs';

const installed = process.env.BICEP || 'bicep';

/** What the Bicep CLI says about the main.bicep of a folder and its modules, or that there is none. */
export function compile(cli = installed, folder = join(repository, 'infra')) {
    const run = bicep(cli, 'build', join(folder, 'main.bicep'), '--stdout');
    if (run.error?.code === 'ENOENT') return { name: 'the Bicep CLI is not installed: types of resources were not checked', problems: [] };
    const said = run.stderr.split('\n').filter(line => /: (Error|Warning) /.test(line));
    if (run.status !== 0 && said.length === 0) said.push(`bicep build failed: ${run.error?.message ?? run.stderr}`);
    return { name: 'compiled by the Bicep CLI', problems: said };
}

/** The resources that a deployment of the folder's main.bicep would ask for: the CLI evaluates the template without Azure. */
export function predict(folder, parameters, cli = installed) {
    const lines = Object.entries(parameters).map(([name, value]) => `param ${name} = ${typeof value === 'string' ? `'${value}'` : value}`);
    const file = join(folder, 'predict.bicepparam');
    const answer = join(folder, 'predict.snapshot.json');
    try {
        writeFileSync(file, ["using 'main.bicep'", ...lines].join('\n'));
        const run = bicep(cli, 'snapshot', file, '--mode', 'overwrite', '--subscription-id', '00000000-0000-0000-0000-000000000001');
        if (run.status !== 0) throw new Error(`bicep snapshot failed: ${run.error?.message ?? run.stderr}`);
        const { predictedResources, diagnostics } = JSON.parse(readFileSync(answer, 'utf8'));
        if (diagnostics.length > 0) throw new Error(`bicep snapshot: ${JSON.stringify(diagnostics)}`);
        return predictedResources;
    } finally {
        for (const path of [file, answer]) rmSync(path, { force: true });
    }
}

function bicep(cli, ...args) {
    return spawnSync(cli, args, { encoding: 'utf8', maxBuffer: 64 << 20 });
}
