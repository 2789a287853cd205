/** Who we are to server-side apply (KEP-555). */
export const FIELD_MANAGER = { fieldManager: 'tekton-dag', force: true } as const;
