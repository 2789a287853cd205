/**
 * renderEmptySwagger: the OpenAPI v2 document in the one form that Go clients ask for, protobuf, with nothing but its head.
 * Clients that insist on the document (Argo CD's cache of a cluster) go on with it; what they miss in it they know themselves.
 */

/** What clients ask for, and what it is called in answers: a media type has no `@` (kube-openapi answers so, too). */
export const SWAGGER_PROTOBUF = {
  accept: 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf',
  contentType: 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
} as const;

/** A field of a message: wire type 2. Texts are short and ASCII, so a length is one byte and the bytes are the characters. */
const field = (number: number, content: string): string =>
  String.fromCodePoint((number << 3) | 2, content.length) + content;

/** openapi.v2.Document (github.com/google/gnostic-models, OpenAPIv2.proto): swagger = 1, info = 2 { title = 1, version = 2 }. */
export const renderEmptySwagger = (): string =>
  field(1, '2.0') + field(2, field(1, 'tekton-dag local cluster') + field(2, 'v1'));
