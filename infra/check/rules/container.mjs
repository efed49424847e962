import { posix } from 'node:path';
import { validate } from 'dockerfile-utils';
import { manifestsOf } from '../manifests.mjs';

const path = 'infra/container/Dockerfile';

/** The image is built from a project that is there, for the framework that it has, and the pod is what the image expects. */
export function* container(project) {
    const text = project.read(path);
    for (const problem of validate(text)) yield [path, problem.range.start.line + 1, problem.message];

    const built = /^ARG PROJECT=(\S+)$/m.exec(text)?.[1];
    if (!built || !project.has(built)) yield [path, 1, `there is no project ${built}`];
    else if (!project.read(built).includes('Microsoft.Azure.Functions.Worker.Sdk')) yield [path, 1, `${built} is not built by the Functions worker's SDK`];

    const framework = /<TargetFramework>net([\d.]+)<\/TargetFramework>/.exec(project.read('Directory.Build.props'))[1];
    for (const image of [`mcr.microsoft.com/dotnet/sdk:${framework} AS build`, `mcr.microsoft.com/azure-functions/dotnet-isolated:4-dotnet-isolated${framework}`]) {
        if (!text.split('\n').includes(`FROM ${image}`)) yield [path, 1, `no stage is FROM ${image}`];
    }

    // What the build reads at the top of the repository goes into its context.
    const context = project.read('.dockerignore').split('\n').filter(line => line.startsWith('!')).map(line => line.slice(1));
    for (const needed of [built?.split('/')[0], 'Directory.Build.props', 'Directory.Packages.props', 'host.json', 'BannedSymbols.txt']) {
        if (!context.includes(needed)) yield ['.dockerignore', 1, `${needed} is left out`];
    }
    for (const name of context) {
        if (!project.has(posix.normalize(name))) yield ['.dockerignore', 1, `there is no ${name}`];
    }

    const pod = manifestsOf(project).find(m => m.value.kind === 'Deployment')?.value.spec?.template?.spec;
    const port = String(pod?.containers?.[0].ports?.[0].containerPort);
    if (/^EXPOSE (\d+)$/m.exec(text)?.[1] !== port || !text.includes(`ASPNETCORE_URLS=http://+:${port}`)) yield [path, 1, `the image does not listen on port ${port}, which the pod has`];
    const user = String(pod?.securityContext?.runAsUser);
    if (/^USER (\d+)$/m.exec(text)?.[1] !== user) yield [path, 1, `the image's user is not ${user}, which the pod has`];
}
