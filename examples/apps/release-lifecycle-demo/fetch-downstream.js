/** Asks the next app of the chain for JSON. */

const TIMEOUT_MS = 5_000;

/** The answer as an object. Throws an Error that says who failed and how. */
export async function fetchDownstream(name, url, headers) {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((error) => {
    throw new Error(`${name} cannot be reached: ${error.cause?.code ?? error.name}`);
  });
  if (!response.ok) throw new Error(`${name} answered ${response.status}`);
  return response.json();
}
