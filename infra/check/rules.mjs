import { azd } from './rules/azd.mjs';
import { container } from './rules/container.mjs';
import { kubernetes } from './rules/kubernetes.mjs';
import { manifests } from './rules/manifests.mjs';
import { modules } from './rules/modules.mjs';
import { parameters } from './rules/parameters.mjs';
import { roles } from './rules/roles.mjs';
import { secrets } from './rules/secrets.mjs';
import { settings } from './rules/settings.mjs';
import { symbols } from './rules/symbols.mjs';
import { syntax } from './rules/syntax.mjs';

/** Each yields [path, line, message] for what is wrong. */
export const rules = [syntax, symbols, parameters, modules, secrets, roles, settings, azd, container, manifests, kubernetes];
