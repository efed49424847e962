import { at, lineOf, propertiesOf, walk } from '../bicep.mjs';
import { hasDefault } from './parameters.mjs';

const secretName = /password|passphrase|secret|apikey|accountkey|accesskey|sastoken|connectionstring/i;
const secretText = /AccountKey=|SharedAccessSignature=|InstrumentationKey=|[?&]sig=|-----BEGIN |[A-Za-z0-9+/]{86}==/;

// What keeps keys and passwords out, for each type of resource.
const required = {
    'Microsoft.Storage/storageAccounts': {
        'properties.allowSharedKeyAccess': 'false',
        'properties.allowBlobPublicAccess': 'false',
        'properties.supportsHttpsTrafficOnly': 'true',
        'properties.minimumTlsVersion': "'TLS1_2'",
    },
    'Microsoft.Insights/components': { 'properties.DisableLocalAuth': 'true' },
    'Microsoft.Web/sites': {
        'properties.httpsOnly': 'true',
        'identity.type': "'UserAssigned'",
        'properties.functionAppConfig.deployment.storage.authentication.type': "'UserAssignedIdentity'",
    },
    'Microsoft.Web/sites/basicPublishingCredentialsPolicies': { 'properties.allow': 'false' },
};

/** No secret is written down or has a default, none is read out of a resource, and resources take none. */
export function* secrets(project) {
    for (const path of [...project.files.map(f => f.path), ...['.json', '.yaml', 'Dockerfile'].flatMap(ending => project.list('infra', ending)), 'azure.yaml']) {
        if (path.startsWith('infra/check/')) continue;
        for (const [index, line] of project.read(path).split('\n').entries()) {
            if (secretText.test(line)) yield [path, index + 1, 'looks like a secret'];
        }
    }

    for (const { path, root, declarations } of project.files) {
        for (const d of declarations.filter(d => d.kind === 'param')) {
            const secret = d.decorator('secure') || secretName.test(d.name);
            if (secret && hasDefault(d)) yield [path, d.line, `secret ${d.name} has a default`];
        }
        for (const node of walk(root)) {
            if (node.type === 'call_expression' && /(^|\.)list[A-Z]\w*\(/.test(node.text)) yield [path, lineOf(node), 'reads a secret out of a resource'];
        }
        for (const d of declarations.filter(d => d.kind === 'resource' && !isExisting(d))) {
            for (const [property, value] of Object.entries(required[d.source.split('@')[0]] ?? {})) {
                const found = at(d.body, property)?.text;
                if (found !== value) yield [path, d.line, `${d.name}: ${property} has to be ${value} and is ${found ?? 'absent'}`];
            }
        }
    }
}

/** A reference to a resource that another file creates. */
export const isExisting = d => /^resource\s+\w+\s+'[^']*'\s+existing\b/.test(d.node.text);
