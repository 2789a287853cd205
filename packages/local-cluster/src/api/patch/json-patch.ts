/** JSON Patch (RFC 6902): add, remove, replace, move, copy, test; all or nothing. */

import { isDeepStrictEqual } from 'node:util';
import { err, ok, type Result } from '@tekton-dag/model';
import { isRecord } from '../../objects/is-record.ts';

type Pointer = readonly string[];
type Edit = (target: unknown) => Result<unknown, string>;

const parsePointer = (text: unknown): Result<Pointer, string> => {
  if (typeof text !== 'string' || (text !== '' && !text.startsWith('/')))
    return err(`not a JSON pointer: ${JSON.stringify(text)}`);
  return ok(
    text
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')),
  );
};

const missing = (key: string): Result<never, string> => err(`the path has no member ${JSON.stringify(key)}`);

const indexOf = (key: string, end: number): number | undefined => {
  if (!/^(0|[1-9]\d*)$/.test(key)) return undefined;
  const index = Number(key);
  return index < end ? index : undefined;
};

const readAt = (target: unknown, pointer: Pointer): Result<unknown, string> => {
  let value = target;
  for (const key of pointer) {
    if (Array.isArray(value)) {
      const index = indexOf(key, value.length);
      if (index === undefined) return missing(key);
      value = value[index];
    } else if (isRecord(value) && Object.hasOwn(value, key)) value = value[key];
    else return missing(key);
  }
  return ok(value);
};

/** Rebuilds the containers along the pointer, with `edit` done on the last one. */
const editParent = (
  target: unknown,
  [key = '', ...rest]: Pointer,
  edit: (container: unknown, key: string) => Result<unknown, string>,
): Result<unknown, string> => {
  if (rest.length === 0) return edit(target, key);
  const child = readAt(target, [key]);
  if (!child.ok) return child;
  const changed = editParent(child.value, rest, edit);
  if (!changed.ok) return changed;
  if (Array.isArray(target)) return ok(target.with(Number(key), changed.value));
  return ok({ ...(isRecord(target) ? target : {}), [key]: changed.value });
};

const addMember = (container: unknown, key: string, value: unknown): Result<unknown, string> => {
  if (Array.isArray(container)) {
    const index = key === '-' ? container.length : indexOf(key, container.length + 1);
    return index === undefined ? missing(key) : ok(container.toSpliced(index, 0, value));
  }
  return isRecord(container) ? ok({ ...container, [key]: value }) : missing(key);
};

const removeMember = (container: unknown, key: string): Result<unknown, string> => {
  const found = readAt(container, [key]);
  if (!found.ok) return found;
  if (Array.isArray(container)) return ok(container.toSpliced(Number(key), 1));
  const { [key]: _removed, ...rest } = isRecord(container) ? container : {};
  return ok(rest);
};

const add =
  (pointer: Pointer, value: unknown): Edit =>
  (target) =>
    pointer.length === 0
      ? ok(value)
      : editParent(target, pointer, (container, key) => addMember(container, key, value));

const remove =
  (pointer: Pointer): Edit =>
  (target) =>
    pointer.length === 0 ? ok(null) : editParent(target, pointer, removeMember);

const replace =
  (pointer: Pointer, value: unknown): Edit =>
  (target) => {
    const found = readAt(target, pointer);
    if (!found.ok) return found;
    if (pointer.length === 0) return ok(value);
    return editParent(target, pointer, (container, key) =>
      Array.isArray(container) ? ok(container.with(Number(key), value)) : addMember(container, key, value),
    );
  };

const test =
  (pointer: Pointer, value: unknown): Edit =>
  (target) => {
    const found = readAt(target, pointer);
    if (found.ok && isDeepStrictEqual(found.value, value)) return ok(target);
    return err(`testing path /${pointer.join('/')} value failed`);
  };

const copy =
  (from: Pointer, to: Pointer): Edit =>
  (target) => {
    const found = readAt(target, from);
    return found.ok ? add(to, structuredClone(found.value))(target) : found;
  };

const move =
  (from: Pointer, to: Pointer): Edit =>
  (target) => {
    const found = readAt(target, from);
    if (!found.ok) return found;
    const without = remove(from)(target);
    return without.ok ? add(to, found.value)(without.value) : without;
  };

const twoPointers = (
  operation: Record<string, unknown>,
  path: Pointer,
  make: (from: Pointer, to: Pointer) => Edit,
): Result<Edit, string> => {
  const from = parsePointer(operation.from);
  return from.ok ? ok(make(from.value, path)) : from;
};

const parseOperation = (operation: unknown): Result<Edit, string> => {
  if (!isRecord(operation)) return err('an operation is not an object');
  const path = parsePointer(operation.path);
  if (!path.ok) return path;
  switch (operation.op) {
    case 'add':
      return ok(add(path.value, operation.value));
    case 'remove':
      return ok(remove(path.value));
    case 'replace':
      return ok(replace(path.value, operation.value));
    case 'test':
      return ok(test(path.value, operation.value));
    case 'move':
      return twoPointers(operation, path.value, move);
    case 'copy':
      return twoPointers(operation, path.value, copy);
    default:
      return err(`unexpected kind of operation: ${JSON.stringify(operation.op)}`);
  }
};

/** The patched value, or the reason of the first operation that failed; `target` is not changed. */
export const jsonPatch = (target: unknown, patch: unknown): Result<unknown, string> => {
  if (!Array.isArray(patch)) return err('a JSON patch is a list of operations');
  let value = target;
  for (const operation of patch) {
    const edit = parseOperation(operation);
    if (!edit.ok) return edit;
    const edited = edit.value(value);
    if (!edited.ok) return edited;
    value = edited.value;
  }
  return ok(value);
};
