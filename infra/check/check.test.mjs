// Every rule finds what it is for: each test breaks one file in memory and expects the line that says so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Project } from './project.mjs';
import { rules } from './rules.mjs';

const main = 'infra/main.bicep';
const app = 'infra/modules/function-app.bicep';
const storage = 'infra/modules/storage.bicep';
const roles = 'infra/modules/roles.bicep';

const problemsOf = project => rules.flatMap(rule => [...rule(project)]).map(([path, line, message]) => `${path}:${line}: ${message}`);

test('rules_FilesAsTheyAre_FindNothing', () => assert.deepEqual(problemsOf(new Project()), []));

const broken = [
    ['syntax_BraceMissing', storage, "sku: { name: sku }", "sku: { name: sku", /storage\.bicep:\d+: syntax: /],
    ['syntax_AssignmentMissing', main, "param location string", "param location = =", /main\.bicep:\d+: syntax: /],
    ['symbols_NameMisspelt', main, "'log-${token}'", "'log-${tokn}'", /tokn is not declared/],
    ['symbols_FunctionUnknown', main, 'toLower(', 'toLowerCase(', /there is no function toLowerCase/],
    ['symbols_DecoratorUnknown', main, '@minLength(1)', '@shortest(1)', /there is no function shortest/],
    ['symbols_DeclaredTwice', main, "var token =", "var token = ''\nvar token =", /token is declared twice/],
    ['symbols_LoopVariableOutsideItsLoop', roles, 'name: storageAccountName', 'name: role.key', /role is not declared/],
    ['symbols_ParameterUnused', main, "param storageSku", "@description('x')\nparam forgotten string = ''\n\nparam storageSku", /param forgotten is never used/],
    ['parameters_NoDescription', app, "@description('Memory of an instance in MB.')\n", '', /param instanceMemoryMB has no @description/],
    ['parameters_EmptyDescription', app, "@description('Name of the app.')", "@description(' ')", /output name has no @description/],
    ['parameters_ValueOfUnknown', 'infra/main.parameters.json', '"storageSku"', '"storageSkew"', /no parameter storageSkew/],
    ['parameters_NoValue', 'infra/main.parameters.json', '"location"', '"tags"', /parameter location has no value/],
    ['parameters_DefaultNotAsTold', main, 'maximumInstanceCount int = 100', 'maximumInstanceCount int = 40', /lacks the row that begins \| `maximumInstanceCount` \| `40`/],
    ['modules_FileAbsent', main, 'modules/identity.bicep', 'modules/identities.bicep', /there is no modules\/identities\.bicep/],
    ['modules_ParameterUnknown', main, 'sku: storageSku', 'skew: storageSku', /has no parameter skew/],
    ['modules_ParameterMissing', main, '    sku: storageSku\n', '', /needs the parameter sku/],
    ['modules_OutputUnknown', main, 'identity.outputs.clientId', 'identity.outputs.clientID', /module identity has no output clientID/],
    ['secrets_Key', app, "'managedidentity'", "'DefaultEndpointsProtocol=https;AccountKey=abc'", /looks like a secret/],
    ['secrets_Default', main, 'param storageSku', "@secure()\n@description('x')\nparam adminPassword string = 'hunter2'\n\nparam storageSku", /secret adminPassword has a default/],
    ['secrets_KeyRead', app, "'managedidentity'", 'app.listKeys().keys[0].value', /reads a secret out of a resource/],
    ['secrets_SharedKeyAllowed', storage, 'allowSharedKeyAccess: false', 'allowSharedKeyAccess: true', /allowSharedKeyAccess has to be false and is true/],
    ['secrets_TlsNotAsked', storage, "    minimumTlsVersion: 'TLS1_2'\n", '', /minimumTlsVersion has to be 'TLS1_2' and is absent/],
    ['roles_IdNotTold', roles, '0a9a7e1f', '0a9a7e1e', /table of roles lacks Storage Table Data Contributor/],
    ['roles_RowWithoutRole', roles, /  'Storage Queue.*\n/, '', /table of roles has Storage Queue Data Contributor, which is not given/],
    ['roles_WholeResourceGroup', roles, '    scope: account\n', '', /onStorage is not scoped to a resource/],
    ['settings_OfCodeNotSet', app, /  FlowRunSweepSchedule: .*\n/, '', /the setting FlowRunSweepSchedule.* is not set/],
    ['settings_NewOneInCode', 'src/Serverless.Functions/New.cs', /^$/, 'x("%NewSchedule%")', /the setting NewSchedule, which .*New\.cs names, is not set/],
    ['settings_RefusedByPlan', app, '  OutboxSweepSchedule:', "  FUNCTIONS_WORKER_RUNTIME: 'dotnet-isolated'\n  OutboxSweepSchedule:", /refuses the setting FUNCTIONS_WORKER_RUNTIME/],
    ['settings_ConnectionString', app, '  OutboxSweepSchedule:', '  AzureWebJobsStorage: storageAccountName\n  OutboxSweepSchedule:', /would be a connection string with a key/],
    ['settings_OverrideOfNothing', app, 'AzureFunctionsJobHost__extensions__durableTask__hubName', 'AzureFunctionsJobHost__extensions__durable__hubName', /host\.json has no section/],
    ['azd_TagNotTheService', app, "'azd-service-name': 'api'", "'azd-service-name': 'web'", /azd-service-name has to be api/],
    ['azd_ProjectAbsent', 'azure.yaml', 'src/Serverless.FunctionApp', 'infra/modules', /infra\/modules holds no project/],
    ['azd_ProjectNotDeployable', 'azure.yaml', 'src/Serverless.FunctionApp', 'src/Serverless.Functions', /is not built by the Functions worker's SDK/],
    ['azd_OutputMissing', main, 'output SERVICE_API_NAME', 'output SERVICE_WEB_NAME', /azd reads the output SERVICE_API_NAME/],
];

for (const [name, path, old, replacement, expected] of broken) {
    test(`${name}_IsFound`, () => {
        const text = path.startsWith('src/') ? '' : new Project().read(path);
        const changed = text.replaceAll(old instanceof RegExp ? new RegExp(old, 'g') : old, () => replacement);
        assert.notEqual(changed, text, 'the test breaks nothing');
        const found = problemsOf(new Project({ [path]: changed }));
        assert.ok(found.some(line => expected.test(line)), `expected ${expected}, found:\n${found.join('\n')}`);
    });
}
