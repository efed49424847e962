// The real compiler knows every type of resource; it is used where it is installed, and its warnings fail the check too.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { repository } from './project.mjs';

const main = join(repository, 'infra/main.bicep');

/** What the Bicep CLI says about main.bicep and its modules, or that there is none. */
export function compile(cli = 'bicep') {
    const run = spawnSync(cli, ['build', main, '--stdout'], { encoding: 'utf8', maxBuffer: 64 << 20 });
    if (run.error?.code === 'ENOENT') return { name: 'the Bicep CLI is not installed: types of resources were not checked', problems: [] };
    const said = run.stderr.split('\n').filter(line => /: (Error|Warning) /.test(line));
    if (run.status !== 0 && said.length === 0) said.push(`bicep build failed: ${run.error?.message ?? run.stderr}`);
    return { name: 'compiled by the Bicep CLI', problems: said };
}
