// fetch as our server expects it: same origin, with the token against forged requests.
const token = (): string => document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";

export function get(url: string, accept = "text/html"): Promise<Response> {
  return fetch(url, { headers: { Accept: accept, "HX-Request": "true" }, credentials: "same-origin" });
}

export function post(url: string, body?: BodyInit, keepalive = false): Promise<Response> {
  return fetch(url, {
    method: "POST",
    body: body ?? null,
    headers: { "X-CSRFToken": token(), "HX-Request": "true" },
    credentials: "same-origin",
    keepalive,
  });
}

export { token };
