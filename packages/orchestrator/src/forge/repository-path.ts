/** repositoryPath: `/repos/<owner>/<name>` for an API; throws a `ForgeError` for what is no repository. */

import { ForgeError } from './forge-error.ts';
import { fullName } from './payload-fields.ts';

export function repositoryPath(repository: string): string {
  const parsed = fullName.safeParse(repository);
  if (!parsed.success) throw new ForgeError('invalid', 'it is not a repository');
  return `/repos/${parsed.data.split('/').map(encodeURIComponent).join('/')}`;
}
