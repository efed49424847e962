// The files that the rules look at, with a way for tests to put another text in a file's place.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BicepFile } from './bicep.mjs';

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

export class Project {
    #changed;

    /** @param changed texts by path, relative to the repository, that stand in for what is on disk */
    constructor(changed = {}) {
        this.#changed = changed;
        this.files = this.list('infra', '.bicep').map(path => new BicepFile(path, this.read(path)));
    }

    has(path) {
        return path in this.#changed || existsSync(join(repository, path));
    }

    read(path) {
        return this.#changed[path] ?? readFileSync(join(repository, path), 'utf8');
    }

    file(path) {
        return this.files.find(f => f.path === path);
    }

    /** The files below a folder whose name ends so. */
    list(folder, ending) {
        const skipped = new Set(['node_modules', 'bin', 'obj']);
        const found = readdirSync(join(repository, folder)).sort().flatMap(name => {
            const path = join(folder, name);
            if (statSync(join(repository, path)).isDirectory()) return skipped.has(name) ? [] : this.list(path, ending);
            return name.endsWith(ending) ? [path] : [];
        });
        const added = Object.keys(this.#changed).filter(p => p.startsWith(`${folder}/`) && p.endsWith(ending));
        return [...new Set([...found, ...added])].map(p => relative('.', p));
    }
}
