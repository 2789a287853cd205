/**
 * Regular expressions that match in linear time, whatever the pattern and whatever the value.
 *
 * Route patterns are written by one party and header values by another, so a backtracking engine would let either
 * of them stop the router. A pattern becomes a Thompson automaton whose state sets are cached as they are met
 * (Cox, "Regular Expression Matching Can Be Simple And Fast"). A pattern must match the whole value.
 */
import { parsePattern, type PatternNode } from './parse-pattern.ts';

const MAX_NFA_STATES = 600;
const MAX_CACHED_SETS = 256;

/** A compiled pattern over values of Latin-1 characters, which is what HTTP field values are. */
export interface LinearPattern {
  readonly source: string;
  /** True when the pattern matches all of `value`. */
  test(value: string): boolean;
}

type NfaState =
  | { readonly kind: 'character'; readonly accepts: Uint8Array; readonly next: number }
  | { readonly kind: 'split'; readonly next: readonly number[] }
  | { readonly kind: 'start' | 'end'; readonly next: number }
  | { readonly kind: 'accept' };

interface StateSet {
  readonly members: readonly number[];
  readonly next: (StateSet | undefined)[];
  readonly accepts: boolean;
}

/** Compiles `source`, or says in words why it is not supported. */
export function compilePattern(source: string): LinearPattern | { readonly refused: string } {
  const parsed = parsePattern(source);
  if ('refused' in parsed) return parsed;
  const states: NfaState[] = [{ kind: 'accept' }];
  const first = addNode(states, parsed.node, 0);
  if (first === undefined) return { refused: `the pattern needs more than ${MAX_NFA_STATES} states` };
  const automaton = createAutomaton(states, first);
  const literals = requiredLiterals(parsed.node);
  return {
    source,
    test: (value) => literals.every((literal) => value.includes(literal)) && automaton(value),
  };
}

/** Adds the states of `node`, which continue at state `next`; answers its first state, or undefined past the limit. */
function addNode(states: NfaState[], node: PatternNode, next: number): number | undefined {
  if (states.length > MAX_NFA_STATES) return undefined;
  if (node.kind === 'sequence') return addSequence(states, node.items, next);
  if (node.kind === 'choice') return addChoice(states, node.options, next);
  if (node.kind === 'repeat') return addRepeat(states, node, next);
  const state =
    node.kind === 'character' ? { kind: node.kind, accepts: node.accepts, next } : { kind: node.kind, next };
  return states.push(state) - 1;
}

function addSequence(states: NfaState[], items: readonly PatternNode[], next: number): number | undefined {
  let first: number | undefined = next;
  for (const item of items.toReversed()) {
    if (first === undefined) return undefined;
    first = addNode(states, item, first);
  }
  return first;
}

function addChoice(states: NfaState[], options: readonly PatternNode[], next: number): number | undefined {
  const starts: number[] = [];
  for (const option of options) {
    const first = addNode(states, option, next);
    if (first === undefined) return undefined;
    starts.push(first);
  }
  return states.push({ kind: 'split', next: starts }) - 1;
}

function addRepeat(
  states: NfaState[],
  node: Extract<PatternNode, { kind: 'repeat' }>,
  next: number,
): number | undefined {
  const { item, minimum, maximum } = node;
  let first: number | undefined = next;
  if (maximum === undefined) {
    const back: number[] = [next];
    first = states.push({ kind: 'split', next: back }) - 1;
    const body = addNode(states, item, first);
    if (body === undefined) return undefined;
    back.push(body);
  }
  for (let count = minimum; count < (maximum ?? minimum) && first !== undefined; count += 1) {
    const body = addNode(states, item, first);
    first = body === undefined ? undefined : states.push({ kind: 'split', next: [body, next] }) - 1;
  }
  for (let count = 0; count < minimum && first !== undefined; count += 1) {
    const body = addNode(states, item, first);
    // An item without a character needs no copies, however often it is repeated.
    if (body === first) return first;
    first = body;
  }
  return first;
}

function createAutomaton(states: readonly NfaState[], first: number): (value: string) => boolean {
  const sets = new Map<string, StateSet>();
  const start = internSet(states, sets, closure(states, [first], 'start'));
  const acceptsEmpty = includesAccept(states, closure(states, [first], 'whole'));
  return (value) => {
    if (value === '') return acceptsEmpty;
    let current = start;
    for (let index = 0; index < value.length; index += 1) {
      const code = value.charCodeAt(index);
      if (code > 0xff || current.members.length === 0) return false;
      current = current.next[code] ??= internSet(states, sets, step(states, current, code));
    }
    return current.accepts;
  };
}

function internSet(states: readonly NfaState[], sets: Map<string, StateSet>, members: number[]): StateSet {
  const key = members.sort((a, b) => a - b).join();
  const known = sets.get(key);
  if (known !== undefined) return known;
  if (sets.size >= MAX_CACHED_SETS) forget(sets);
  const accepts = includesAccept(states, closure(states, members, 'end'));
  const made: StateSet = { members, next: [], accepts };
  sets.set(key, made);
  return made;
}

const includesAccept = (states: readonly NfaState[], members: readonly number[]): boolean =>
  members.some((member) => states[member]?.kind === 'accept');

/** Empties the cache, transitions included, so that a hostile value cannot make it grow. */
function forget(sets: Map<string, StateSet>): void {
  for (const set of sets.values()) set.next.length = 0;
  sets.clear();
}

function step(states: readonly NfaState[], from: StateSet, code: number): number[] {
  const reached: number[] = [];
  for (const member of from.members) {
    const state = states[member];
    if (state?.kind === 'character' && state.accepts[code] === 1) reached.push(state.next);
  }
  return closure(states, reached, 'middle');
}

/** A place in a value; the one place of an empty value is both its start and its end. */
type Place = 'start' | 'middle' | 'end' | 'whole';

/** Every state reachable from `from` without reading a character, at the given place of the value. */
function closure(states: readonly NfaState[], from: readonly number[], place: Place): number[] {
  const seen = new Set<number>();
  const pending = [...from];
  for (let member = pending.pop(); member !== undefined; member = pending.pop()) {
    if (seen.has(member)) continue;
    seen.add(member);
    pending.push(...freeMoves(states[member], place));
  }
  return [...seen];
}

/** Where a state leads without reading a character. */
function freeMoves(state: NfaState | undefined, place: Place): readonly number[] {
  if (state?.kind === 'split') return state.next;
  if (state?.kind !== 'start' && state?.kind !== 'end') return [];
  return place === state.kind || place === 'whole' ? [state.next] : [];
}

/**
 * Runs of single characters that every matching value contains: a cheap first test. The last comes first, because it is
 * the value of a member, which tells sessions apart, and not the key, which all of them share.
 */
function requiredLiterals(node: PatternNode): readonly string[] {
  const items = node.kind === 'sequence' ? node.items : [node];
  const runs = [''];
  for (const item of items) {
    const isLiteral = item.kind === 'character' && item.literal !== undefined;
    if (isLiteral) runs.push((runs.pop() ?? '') + item.literal);
    else runs.push('');
  }
  return runs.filter((run) => run !== '').reverse();
}
