import { manifestsOf, typeErrors } from '../manifests.mjs';

/** The manifests are YAML, and objects as Kubernetes and KEDA know them. */
export function* manifests(project) {
    for (const manifest of manifestsOf(project)) {
        for (const message of [...manifest.errors, ...typeErrors(manifest)]) yield [manifest.path, manifest.line, message];
    }
}
