// Checks the Bicep files, the image and the manifests as far as that goes without Azure, Docker and a cluster; ../README.md says what this can and cannot find.
import { compile } from './compiler.mjs';
import { Project } from './project.mjs';
import { rules } from './rules.mjs';

const project = new Project();
const problems = rules.flatMap(rule => [...rule(project)]);
const compiler = compile();
for (const [path, line, message] of problems) console.error(`${path}:${line}: ${message}`);
for (const line of compiler.problems) console.error(line);
console.log(`infra: ${project.files.length} Bicep files, ${rules.length} rules; ${compiler.name}`);
process.exitCode = problems.length + compiler.problems.length > 0 ? 1 : 0;
