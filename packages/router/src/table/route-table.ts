/** What the router knows at one moment: which Services it serves, their rules, and who answers. Never changed, only replaced. */
import type { LinearPattern } from './linear-pattern.ts';

/** The address of one pod. `pod` is '' when the EndpointSlice does not name it. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  readonly pod: string;
}

/** One backendRef: a Service with its share of the traffic and its ready endpoints. */
export interface Backend {
  readonly service: string;
  readonly weight: number;
  readonly endpoints: readonly Endpoint[];
}

export interface HeaderEdits {
  readonly set: readonly HeaderField[];
  readonly add: readonly HeaderField[];
  /** In lower case. */
  readonly remove: readonly string[];
}

export interface HeaderField {
  readonly name: string;
  readonly value: string;
}

/** What happens to a request that a rule matches: it is sent on, or refused with 500 because the rule cannot be kept. */
export type RuleAction =
  | {
      readonly kind: 'forward';
      readonly backends: readonly Backend[];
      readonly requestEdits: readonly HeaderEdits[];
      readonly responseEdits: readonly HeaderEdits[];
    }
  | { readonly kind: 'refuse'; readonly reason: string };

export interface RouteRule {
  /** Name of the HTTPRoute. */
  readonly route: string;
  /** True when every match asks for a header: the rule is for some traffic only, such as a session. */
  readonly isIntercept: boolean;
  readonly action: RuleAction;
}

export type ValueMatch =
  | { readonly kind: 'exact'; readonly name: string; readonly value: string }
  | { readonly kind: 'pattern'; readonly name: string; readonly pattern: LinearPattern };

export type PathMatch =
  | { readonly kind: 'exact'; readonly value: string }
  | { readonly kind: 'pattern'; readonly pattern: LinearPattern }
  | { readonly kind: 'prefix'; readonly value: string };

/** One `matches` entry of a rule. Header names are in lower case. */
export interface RouteMatch {
  readonly path: PathMatch;
  readonly method: string | undefined;
  readonly headers: readonly ValueMatch[];
  readonly queryParams: readonly ValueMatch[];
  readonly rule: RouteRule;
  /** Place in the order of precedence within the Service: 0 wins over 1. */
  readonly rank: number;
}

/** Matches grouped so that a request meets only those that it could satisfy; each list is in order of rank. */
export interface MatchIndex {
  /** Header name, then exact value. */
  readonly byHeaderValue: ReadonlyMap<string, ReadonlyMap<string, readonly RouteMatch[]>>;
  /** Name of a header that a pattern is asked of. */
  readonly byHeaderName: ReadonlyMap<string, readonly RouteMatch[]>;
  readonly withoutHeaders: readonly RouteMatch[];
}

/** One port of a Service that the router serves. */
export interface RoutedService {
  readonly namespace: string;
  readonly service: string;
  /** The number of the targetPort: connections to this local port are for this Service. */
  readonly port: number;
  /** Name of the header that carries the session, in lower case. */
  readonly sessionHeader: string;
  readonly baggageKey: string;
  readonly matches: readonly RouteMatch[];
  readonly index: MatchIndex;
}

/** Something in the objects that the router cannot keep, in words for the operator. */
export interface RouteProblem {
  readonly kind: 'Service' | 'HTTPRoute' | 'EndpointSlice';
  readonly name: string;
  readonly message: string;
}

export interface RouteTable {
  readonly byPort: ReadonlyMap<number, RoutedService>;
  readonly problems: readonly RouteProblem[];
}
