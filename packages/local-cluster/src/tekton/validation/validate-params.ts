/** Declared and passed params: names, types, duplicates. */

import type { FieldError } from '../../contracts/resource-definition.ts';
import { typeOfParamSpec, typeOfParamValue, type Param, type ParamSpec } from '../specs/param-value.ts';
import { duplicates, invalidValue, isParamName, missingField } from './field-problems.ts';

/** Params that a task or pipeline declares. */
export function validateParamSpecs(params: readonly ParamSpec[], field: string): FieldError[] {
  return [
    ...duplicates(
      params.map((param) => param.name),
      (index) => `${field}[${index}].name`,
    ),
    ...params.flatMap((param, index) => validateParamSpec(param, `${field}[${index}]`)),
  ];
}

function validateParamSpec(param: ParamSpec, field: string): FieldError[] {
  const type = typeOfParamSpec(param);
  const problems: FieldError[] = [];
  if (!isParamName(param.name)) {
    problems.push(
      invalidValue(
        `${field}.name`,
        `the param name "${param.name}" must consist of letters, digits, '-', '_' and '.' and must not start with a digit`,
      ),
    );
  }
  if (type === 'object' && param.properties === undefined) problems.push(missingField(`${field}.properties`));
  const given = param.default === undefined ? type : typeOfParamValue(param.default);
  if (given !== type) {
    problems.push({
      field: `${field}.type, ${field}.default`,
      message: `"${type}" type does not match default value's type: "${given}"`,
    });
  }
  return problems;
}

/** Params that a run or a pipeline task passes. */
export function validatePassedParams(params: readonly Param[], field: string): FieldError[] {
  return duplicates(
    params.map((param) => param.name),
    (index) => `${field}[${index}].name`,
  );
}
