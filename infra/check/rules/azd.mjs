import { propertiesOf, stringOf, walk } from '../bicep.mjs';

/** azure.yaml, the Bicep files and the source tree name the same things. */
export function* azd(project) {
    const path = 'azure.yaml';
    const yaml = project.read(path);
    const [, service] = /^services:\n {2}(\w+):$/m.exec(yaml) ?? [];
    const value = name => new RegExp(`^ {4}${name}: (.+)$`, 'm').exec(yaml)?.[1];
    if (value('host') !== 'function') yield [path, 1, 'the service is not hosted by Functions'];
    if (value('language') !== 'dotnet') yield [path, 1, 'the service is not built by dotnet'];

    const folder = value('project')?.replace(/^\.\//, '');
    if (!folder || project.list('src', '.csproj').filter(p => p.startsWith(`${folder}/`)).length !== 1) yield [path, 1, `${folder} holds no project`];
    if (folder && !project.list(folder, '.csproj').some(p => project.read(p).includes('Microsoft.Azure.Functions.Worker.Sdk'))) {
        yield [path, 1, `${folder} is not built by the Functions worker's SDK`];
    }

    const tagged = project.files.flatMap(f => [...walk(f.root)]).filter(n => n.type === 'object').map(n => stringOf(propertiesOf(n).get('azd-service-name'))).filter(Boolean);
    if (tagged.join() !== service) yield ['infra/modules/function-app.bicep', 1, `the tag azd-service-name has to be ${service}, once, and is ${tagged.join() || 'absent'}`];

    const main = project.file('infra/main.bicep');
    for (const name of ['AZURE_LOCATION', 'AZURE_RESOURCE_GROUP', `SERVICE_${service?.toUpperCase()}_NAME`]) {
        if (!main.find('output', name)) yield [main.path, 1, `azd reads the output ${name}`];
    }
    if (!main.root.text.includes("'azd-env-name': environmentName")) yield [main.path, 1, 'azd finds resources by the tag azd-env-name'];
    for (const name of ['AZURE_ENV_NAME', 'AZURE_LOCATION']) {
        if (!project.read('infra/main.parameters.json').includes(`\${${name}}`)) yield ['infra/main.parameters.json', 1, `azd gives \${${name}}`];
    }
}
