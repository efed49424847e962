// Every rule finds what it is for: each test breaks one file in memory and expects the line that says so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Project } from './project.mjs';
import { rules } from './rules.mjs';

const main = 'infra/main.bicep';
const app = 'infra/modules/function-app.bicep';
const storage = 'infra/modules/storage.bicep';
const roles = 'infra/modules/roles.bicep';
const pods = 'infra/kubernetes/app.yaml';
const scale = 'infra/kubernetes/scale.yaml';
const dockerfile = 'infra/container/Dockerfile';

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
    ['secrets_KeyInAManifest', 'infra/kubernetes/identity.yaml', 'yourstorageaccount', 'AccountKey=abc', /identity\.yaml:\d+: looks like a secret/],
    ['manifests_NoYaml', pods, 'data:', 'data: [', /app\.yaml:\d+: /],
    ['manifests_KindUnknown', pods, 'kind: Service', 'kind: Servise', /knows no kind Servise/],
    ['manifests_PropertyMisspelt', pods, 'readinessProbe:', 'readinesProbe:', /'readinesProbe' does not exist|readinesProbe.* does not exist/],
    ['manifests_TypeWrong', pods, 'containerPort: 8080', 'containerPort: http', /Type 'string' is not assignable to type 'number'/],
    ['manifests_NumberAsSetting', pods, 'maxConcurrentActivityFunctions: "128"', 'maxConcurrentActivityFunctions: 128', /Type 'number' is not assignable to type 'string'/],
    ['manifests_KedaPropertyMisspelt', scale, 'minReplicaCount:', 'minReplicas:', /minReplicas.* does not exist/],
    ['kubernetes_SettingOfCodeNotSet', pods, /  SlotSweepSchedule:.*\n/, '', /app\.yaml:1: the setting SlotSweepSchedule.* is not set/],
    ['kubernetes_NewOneInCode', 'src/Serverless.Functions/New.cs', /^$/, 'x("%NewSchedule%")', /app\.yaml:1: the setting NewSchedule, which .*New\.cs names, is not set/],
    ['kubernetes_OverrideOfNothing', pods, 'extensions__durableTask__max', 'extensions__durable__max', /app\.yaml:1: host\.json has no section/],
    ['kubernetes_ConnectionNotTheSecrets', 'infra/kubernetes/key.yaml', 'key: AzureWebJobsStorage', 'key: Storage', /the connection AzureWebJobsStorage is not the Secret's key/],
    ['kubernetes_AccountNotSet', 'infra/kubernetes/identity.yaml', '__accountName', '__account', /AzureWebJobsStorage__accountName is not set/],
    ['kubernetes_ServiceAccountAbsent', 'infra/kubernetes/key.yaml', 'kind: ServiceAccount\nmetadata:\n  name: serverless', 'kind: ServiceAccount\nmetadata:\n  name: other', /there is no ServiceAccount serverless/],
    ['kubernetes_SelectorMissesThePods', pods, '    app.kubernetes.io/name: serverless\n  ports', '    app: serverless\n  ports', /the Service does not select the pods/],
    ['kubernetes_ProbeOnNoPort', pods, 'port: http\n            periodSeconds: 2', 'port: web\n            periodSeconds: 2', /there is no port web/],
    ['kubernetes_PartitionAdded', 'host.json', '"partitionCount": 4', '"partitionCount": 5', /nobody looks at the queue serverless-control-04/],
    ['kubernetes_HubRenamed', 'host.json', '"hubName": "Serverless"', '"hubName": "Other"', /the app has no queue serverless-workitems/],
    ['kubernetes_KeyNotMade', 'docs/scale-out.md', 'functions.cancelrun.default', 'functions.cancel.default', /the key functions\.cancelrun\.default is not made/],
    ['container_NotADockerfile', dockerfile, 'WORKDIR', 'WORKDIRECTORY', /Dockerfile:\d+: Unknown instruction/],
    ['container_ProjectAbsent', dockerfile, 'src/Serverless.FunctionApp/', 'src/Serverless.App/', /there is no project src\/Serverless\.App\//],
    ['container_OtherFramework', 'Directory.Build.props', 'net10.0', 'net11.0', /no stage is FROM mcr\.microsoft\.com\/azure-functions\/dotnet-isolated:4-dotnet-isolated11\.0/],
    ['container_LeftOutOfTheContext', '.dockerignore', '!host.json\n', '', /host\.json is left out/],
    ['container_OtherPort', pods, 'containerPort: 8080', 'containerPort: 80', /does not listen on port 80/],
    ['container_OtherUser', dockerfile, 'USER 1654', 'USER 1000', /user is not 1654/],
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
