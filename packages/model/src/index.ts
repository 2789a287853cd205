/** The domain, pure: stack, team, versions, graph, plan, session, Tekton types. */

export { err, ok, type Err, type Ok, type Result } from './result.ts';
