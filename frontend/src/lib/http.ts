// fetch as our server expects it: same origin, with the token against forged requests.
const token = (): string => document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";

export async function get(url: string, accept = "text/html"): Promise<Response> {
  return noticed(await fetch(url, { headers: { Accept: accept, "HX-Request": "true" }, credentials: "same-origin" }));
}

export async function post(url: string, body?: BodyInit, keepalive = false): Promise<Response> {
  return noticed(
    await fetch(url, {
      method: "POST",
      body: body ?? null,
      headers: { "X-CSRFToken": token(), "HX-Request": "true" },
      credentials: "same-origin",
      keepalive,
    }),
  );
}

/** Tell the page when the server says that nobody is signed in any more. */
export function noticed<T extends { status: number }>(response: T): T {
  if (response.status === 401) document.dispatchEvent(new CustomEvent("steward:signed-out"));
  return response;
}

/** Signing in again made a new token against forged requests: the forms of this page take it over. */
export function renewToken(fresh: string): void {
  document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.setAttribute("content", fresh);
  for (const field of document.querySelectorAll<HTMLInputElement>("input[name=csrfmiddlewaretoken]")) field.value = fresh;
}

export { token };
