import { manifestsOf } from '../manifests.mjs';
import { connectionsInCode, example, hostJson, settingsInCode } from './settings.mjs';

const app = 'infra/kubernetes/app.yaml';
const scale = 'infra/kubernetes/scale.yaml';
const docs = 'docs/scale-out.md';

// Sections that the host knows without host.json.
const sections = new Set(['logging__console']);

/** The manifests name each other rightly, give the app the settings that its code names, and look at the queues that it has. */
export function* kubernetes(project) {
    const all = manifestsOf(project).filter(m => m.errors.length === 0);
    const find = (kind, name, path) => all.find(m => m.value.kind === kind && m.value.metadata?.name === name && (!path || m.path === path))?.value;

    const deployment = all.find(m => m.value.kind === 'Deployment')?.value;
    const pod = deployment?.spec?.template?.spec;
    const container = pod?.containers?.[0];
    const settings = find('ConfigMap', 'serverless-settings')?.data;
    if (!container || !settings) {
        yield [app, 1, 'there is no Deployment with the ConfigMap serverless-settings'];
        return;
    }

    yield* names(deployment, find);
    yield* settingsOf(project, settings);

    // Either way of signing in makes the service account, gives KEDA a way in, and the app its connection.
    for (const path of ['infra/kubernetes/key.yaml', 'infra/kubernetes/identity.yaml']) {
        if (!find('ServiceAccount', pod.serviceAccountName, path)) yield [path, 1, `there is no ServiceAccount ${pod.serviceAccountName}`];
        if (!find('TriggerAuthentication', 'serverless-storage', path)) yield [path, 1, 'there is no TriggerAuthentication serverless-storage'];
    }
    for (const name of connectionsInCode(project)) {
        const [secret] = find('TriggerAuthentication', 'serverless-storage', 'infra/kubernetes/key.yaml')?.spec?.secretTargetRef ?? [];
        if (secret?.key !== name) yield ['infra/kubernetes/key.yaml', 1, `the connection ${name} is not the Secret's key`];
        const account = find('ConfigMap', 'serverless-account', 'infra/kubernetes/identity.yaml');
        if (!account?.data?.[`${name}__accountName`]) yield ['infra/kubernetes/identity.yaml', 1, `the setting ${name}__accountName is not set`];
    }

    yield* queues(project, find('ScaledObject', deployment.metadata.name));
    yield* keys(project);
}

function* names(deployment, find) {
    const { metadata, spec } = deployment.spec.template;
    const [container] = spec.containers;
    for (const kind of ['Service', 'PodDisruptionBudget']) {
        const selector = find(kind, deployment.metadata.name)?.spec.selector;
        const labels = Object.entries(selector?.matchLabels ?? selector ?? {});
        if (labels.length === 0 || labels.some(([key, value]) => metadata.labels[key] !== value)) yield [app, 1, `the ${kind} does not select the pods`];
    }

    const ports = new Set(container.ports.map(p => p.name));
    const used = [find('Service', deployment.metadata.name)?.spec.ports[0].targetPort, ...['startupProbe', 'livenessProbe', 'readinessProbe'].map(p => container[p]?.httpGet?.port)];
    for (const port of used) {
        if (!ports.has(port)) yield [app, 1, `there is no port ${port}`];
    }
    for (const { name } of container.volumeMounts ?? []) {
        if (!spec.volumes?.some(v => v.name === name)) yield [app, 1, `there is no volume ${name}`];
    }
}

function* settingsOf(project, settings) {
    for (const [name, path] of settingsInCode(project)) {
        if (!(name in settings)) yield [app, 1, `the setting ${name}, which ${path} names, is not set`];
    }
    for (const name of Object.keys(JSON.parse(project.read(example(project))).Values)) {
        if (!(name in settings) && name !== 'AzureWebJobsStorage') yield [app, 1, `the setting ${name}, which ${example(project)} has, is not set`];
    }

    const host = hostJson(project);
    for (const name of Object.keys(settings).filter(n => n.startsWith('AzureFunctionsJobHost__'))) {
        const path = name.split('__').slice(1, -1);
        const section = path.reduce((node, key) => node?.[key], host);
        if (typeof section !== 'object' && !sections.has(path.join('__'))) yield [app, 1, `host.json has no section for ${name}`];
    }
}

function* queues(project, scaled) {
    if (!scaled) {
        yield [scale, 1, 'there is no ScaledObject of the Deployment'];
        return;
    }

    const { hubName, storageProvider } = hostJson(project).extensions.durableTask;
    const hub = hubName.toLowerCase();
    const outbox = /Queue = "([\w-]+)"/.exec(project.read('src/Serverless.Functions/Outbox/DispatchOutbox.cs'))?.[1];
    const expected = [`${hub}-workitems`, outbox, ...Array.from({ length: storageProvider.partitionCount }, (_, i) => `${hub}-control-${String(i).padStart(2, '0')}`)];
    const found = scaled.spec.triggers.filter(t => t.type === 'azure-queue').map(t => t.metadata.queueName);
    for (const name of expected.filter(n => !found.includes(n))) yield [scale, 1, `nobody looks at the queue ${name}`];
    for (const name of found.filter(n => !expected.includes(n))) yield [scale, 1, `the app has no queue ${name}`];
}

/** The host cannot make up keys that are mounted: the command in the docs has one for each function that asks for a key. */
function* keys(project) {
    const text = project.read(docs);
    const functions = project.list('src/Serverless.Functions/Http', '.cs').flatMap(path =>
        [...project.read(path).matchAll(/\[Function\("(\w+)"\)\](?:(?!\[Function)[^])*?AuthorizationLevel\.Function/g)].map(m => m[1]));
    for (const name of ['host.master', 'host.function.default', 'host.systemKey.durabletask_extension', ...functions.map(f => `functions.${f.toLowerCase()}.default`)]) {
        if (!text.includes(name)) yield [docs, 1, `the key ${name} is not made`];
    }
}
