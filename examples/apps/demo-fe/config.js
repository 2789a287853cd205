/** Reads the settings of the app from the environment. */

export function readConfig(env) {
  return {
    // A pod that knows its address listens on that one alone.
    host: env.HOST || env.POD_IP || '0.0.0.0',
    port: Number(env.PORT || 8080),
    sessionHeader: env.SESSION_HEADER || 'x-dev-session',
    baggageKey: env.BAGGAGE_KEY || 'dev-session',
    releasesUrl: env.DOWNSTREAM_RELEASE_LIFECYCLE_DEMO_URL,
  };
}
