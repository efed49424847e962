import { propertiesOf } from '../bicep.mjs';

const bicep = 'infra/modules/function-app.bicep';

// Flex Consumption has functionAppConfig for these, or no meaning.
const refused = new Set(['ENABLE_ORYX_BUILD', 'FUNCTIONS_EXTENSION_VERSION', 'FUNCTIONS_MAX_HTTP_CONCURRENCY', 'FUNCTIONS_WORKER_DYNAMIC_CONCURRENCY_ENABLED',
    'FUNCTIONS_WORKER_PROCESS_COUNT', 'FUNCTIONS_WORKER_RUNTIME', 'FUNCTIONS_WORKER_RUNTIME_VERSION', 'SCM_DO_BUILD_DURING_DEPLOYMENT', 'WEBSITE_CONTENTAZUREFILECONNECTIONSTRING',
    'WEBSITE_CONTENTOVERVNET', 'WEBSITE_CONTENTSHARE', 'WEBSITE_DNS_SERVER', 'WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT', 'WEBSITE_NODE_DEFAULT_VERSION',
    'WEBSITE_RUN_FROM_PACKAGE', 'WEBSITE_SKIP_CONTENTSHARE_VALIDATION', 'WEBSITE_TIME_ZONE', 'WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED', 'WEBSITE_VNET_ROUTE_ALL']);

/** The app gets the settings that its code names, in the form that signs in without keys, and none that its plan refuses. */
export function* settings(project) {
    const file = project.file(bicep);
    const set = new Map(['settings', 'schedulerSettings'].flatMap(name => [...propertiesOf(file.find('var', name)?.value)]));
    for (const name of set.keys()) {
        if (refused.has(name)) yield [bicep, 1, `Flex Consumption refuses the setting ${name}`];
    }

    for (const [name, path] of settingsInCode(project)) {
        if (!set.has(name)) yield [bicep, 1, `the setting ${name}, which ${path} names, is not set`];
    }
    for (const name of connectionsInCode(project)) {
        if (!set.has(`${name}__accountName`)) yield [bicep, 1, `the connection ${name} is not set`];
    }

    for (const name of Object.keys(JSON.parse(project.read(example(project))).Values)) {
        const needed = name === 'AzureWebJobsStorage' ? ['__accountName', '__credential', '__clientId'].map(s => name + s) : [name];
        for (const missing of needed.filter(n => !set.has(n) && !refused.has(n))) yield [bicep, 1, `the setting ${missing}, which ${example(project)} has, is not set`];
    }
    if (set.has('AzureWebJobsStorage')) yield [bicep, 1, 'AzureWebJobsStorage would be a connection string with a key'];

    // An override names a value of host.json, or a new one in a section that is there.
    const host = hostJson(project);
    for (const name of [...set.keys()].filter(n => n.startsWith('AzureFunctionsJobHost__'))) {
        const section = name.split('__').slice(1, -1).reduce((node, key) => node?.[key], host);
        if (typeof section !== 'object') yield [bicep, 1, `host.json has no section for ${name}`];
    }
}

/** The settings that the functions name as %setting%, each with a file that does. */
export function settingsInCode(project) {
    return matches(project, /"%(\w+)%"/g);
}

/** The connections of triggers: the host's own, and what they name. */
export function connectionsInCode(project) {
    return new Set(['AzureWebJobsStorage', ...matches(project, /\bConnection = "(\w+)"/g).keys()]);
}

/** The settings of a developer's machine. */
export function example(project) {
    return oneOf(project, 'local.settings.json.example');
}

/** The settings of the Functions host. */
export function hostJson(project) {
    return JSON.parse(project.read(oneOf(project, 'host.json')));
}

function matches(project, pattern) {
    return new Map(project.list('src/Serverless.Functions', '.cs').flatMap(path => [...project.read(path).matchAll(pattern)].map(([, name]) => [name, path])));
}

/** The file beside the function app, or at the top. */
function oneOf(project, name) {
    return ['src/Serverless.FunctionApp/', ''].map(folder => folder + name).find(path => project.has(path)) ?? name;
}
