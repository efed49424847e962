// What the compiler says is reported; and, with the real one (BICEP, which ./run sets in CI), that it finds mistakes, and what would be created.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { compile, predict } from './compiler.mjs';
import { repository } from './project.mjs';

const real = { skip: process.env.BICEP || process.env.CI === 'true' ? false : 'the Bicep CLI is not here: infra/check/run --compile brings it' };

// What the Bicep CLI prints, from a script in its place.
for (const [name, script, expected] of [
    ['Clean', 'echo {}', []],
    ['Warning', 'echo "/x/main.bicep(3,7) : Warning no-unused-params: Parameter" >&2', [/Warning no-unused-params/]],
    ['Error', 'echo "/x/main.bicep(3,7) : Error BCP018: Expected" >&2; exit 1', [/Error BCP018/]],
    ['CrashWithoutMessage', 'exit 3', [/bicep build failed/]],
]) {
    test(`compile_${name}_IsReported`, { skip: process.platform === 'win32' }, () => inFolder(folder => {
        const cli = join(folder, 'bicep');
        writeFileSync(cli, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
        const { problems } = compile(cli);
        assert.equal(problems.length, expected.length);
        expected.forEach((pattern, i) => assert.match(problems[i], pattern));
    }));
}

test('compile_NotInstalled_SaysSo', () => assert.match(compile('no-such-bicep').name, /not installed/));

const mistakes = [
    ['a misspelt property', 'modules/storage.bicep', 'accessTier:', 'accesTier:', /accesTier/],
    ['a wrong type', 'modules/function-app.bicep', 'reserved: true', "reserved: 'yes'", /function-app\.bicep.*"bool \| null".*"'yes'"/],
    ['a version that does not exist', 'modules/identity.bicep', '@2024-11-30', '@2024-11-29', /2024-11-29/],
    ['an output of the wrong type', 'modules/monitoring.bicep', 'output insightsName string', 'output insightsName int', /monitoring\.bicep.*"int"/],
];

test('compile_Mistakes_AreFound', real, () => inCopy(folder => {
    for (const [mistake, path, old, replacement] of mistakes) {
        const text = readFileSync(join(folder, path), 'utf8');
        assert.ok(text.includes(old), `${mistake}: the test breaks nothing`);
        writeFileSync(join(folder, path), text.replace(old, replacement));
    }

    const { problems } = compile(undefined, folder);
    for (const [mistake, , , , expected] of mistakes) {
        assert.ok(problems.some(line => expected.test(line)), `expected ${mistake}, found:\n${problems.join('\n')}`);
    }
}));

const parameters = { environmentName: 'test', location: 'westeurope' };

test('predict_Defaults_AppOnOneAccount', real, () => inCopy(folder => {
    assert.deepEqual(countByType(predict(folder, parameters)), {
        'Microsoft.Authorization/roleAssignments': 4,
        'Microsoft.Insights/components': 1,
        'Microsoft.Insights/diagnosticSettings': 4,
        'Microsoft.ManagedIdentity/userAssignedIdentities': 1,
        'Microsoft.OperationalInsights/workspaces': 1,
        'Microsoft.Resources/resourceGroups': 1,
        'Microsoft.Storage/storageAccounts': 1,
        'Microsoft.Storage/storageAccounts/blobServices': 1,
        'Microsoft.Storage/storageAccounts/blobServices/containers': 1,
        'Microsoft.Web/serverfarms': 1,
        'Microsoft.Web/sites': 1,
        'Microsoft.Web/sites/basicPublishingCredentialsPolicies': 2,
        'Microsoft.Web/sites/config': 1,
    });
}));

test('predict_DurableTaskScheduler_AddsItAndItsRole', real, () => inCopy(folder => {
    const counts = countByType(predict(folder, { ...parameters, durableBackend: 'DurableTaskScheduler' }));
    assert.equal(counts['Microsoft.DurableTask/schedulers'], 1);
    assert.equal(counts['Microsoft.DurableTask/schedulers/taskHubs'], 1);
    assert.equal(counts['Microsoft.Authorization/roleAssignments'], 5);
}));

function countByType(resources) {
    const counts = {};
    for (const { type } of resources) counts[type] = (counts[type] ?? 0) + 1;
    return counts;
}

/** In a copy of the Bicep files. */
function inCopy(work) {
    inFolder(folder => {
        for (const name of ['main.bicep', 'modules']) cpSync(join(repository, 'infra', name), join(folder, name), { recursive: true });
        work(folder);
    });
}

function inFolder(work) {
    const folder = mkdtempSync(join(tmpdir(), 'bicep-'));
    try {
        work(folder);
    } finally {
        rmSync(folder, { recursive: true });
    }
}
