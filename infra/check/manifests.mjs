// The Kubernetes manifests, and whether they are what Kubernetes and KEDA know: as object literals of the published types, checked by TypeScript,
// which says what is misspelt, missing or of another type.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { LineCounter, parseAllDocuments } from 'yaml';

const folder = 'infra/kubernetes';

const types = {
    ConfigMap: ['kubernetes-types/core/v1', 'ConfigMap'],
    Deployment: ['kubernetes-types/apps/v1', 'Deployment'],
    PodDisruptionBudget: ['kubernetes-types/policy/v1', 'PodDisruptionBudget'],
    ScaledObject: ['@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject', 'IScaledObject'],
    Service: ['kubernetes-types/core/v1', 'Service'],
    ServiceAccount: ['kubernetes-types/core/v1', 'ServiceAccount'],
    TriggerAuthentication: ['@kubernetes-models/keda/keda.sh/v1alpha1/TriggerAuthentication', 'ITriggerAuthentication'],
};

/** The objects of all manifests, each with its file and line. */
export function manifestsOf(project) {
    return project.list(folder, '.yaml').flatMap(path => {
        const lineCounter = new LineCounter();
        return parseAllDocuments(project.read(path), { lineCounter }).map(document => ({
            path,
            line: lineCounter.linePos(document.contents?.range[0] ?? 0).line,
            errors: document.errors.map(error => error.message.split('\n')[0]),
            value: document.toJS() ?? {},
        }));
    });
}

const known = new Map();

/** What the types say about one object. The types are read once, and each object once. */
export function typeErrors({ value }) {
    const [module, name] = types[value.kind] ?? [];
    if (!module) return [`the check knows no kind ${value.kind}`];
    const source = `import type { ${name} } from '${module}';\nexport const value: ${name} = ${JSON.stringify(value, null, 1)};\n`;
    if (!known.has(source)) known.set(source, compile(source));
    return known.get(source);
}

const options = { strict: true, noEmit: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
const file = join(dirname(fileURLToPath(import.meta.url)), 'manifest.ts');
const parsed = new Map();
let last;

function compile(source) {
    const host = ts.createCompilerHost(options);
    const read = host.getSourceFile;
    host.getSourceFile = (path, version) => {
        if (path === file) return ts.createSourceFile(path, source, version, true);
        if (!parsed.has(path)) parsed.set(path, read.call(host, path, version));
        return parsed.get(path);
    };
    const exists = host.fileExists;
    host.fileExists = path => path === file || exists(path);
    last = ts.createProgram([file], options, host, last);
    return ts.getPreEmitDiagnostics(last).map(d => ts.flattenDiagnosticMessageText(d.messageText, ' ').replaceAll(/\s+/g, ' '));
}
