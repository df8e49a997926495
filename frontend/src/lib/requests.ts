// htmx as we use it: no eval, no injected style, the CSRF token on each request, failures told where they happen.
import htmx from "htmx.org";
import { noticed, token } from "./http";
import { message } from "./messages";
import { toast } from "./toasts";

interface RequestDetail {
  verb: string;
  headers: Record<string, string>;
  elt: HTMLElement;
  target: HTMLElement;
  xhr: XMLHttpRequest;
  pathInfo: { requestPath: string };
  requestConfig: { verb: string };
}

const detailOf = (event: Event): RequestDetail => (event as CustomEvent<RequestDetail>).detail;

function showFailure(event: Event): void {
  const { elt, requestConfig, target, xhr, pathInfo } = detailOf(event);
  if (requestConfig.verb !== "get") {
    elt.closest("form")?.dispatchEvent(new CustomEvent("steward:unsent"));
    toast({ text: sentenceOf(xhr) || message(xhr.status ? "refused" : "unreachable"), tone: "bad" });
    return;
  }
  const template = document.querySelector<HTMLTemplateElement>("#failed-template");
  const banner = template?.content.firstElementChild?.cloneNode(true) as HTMLElement | undefined;
  if (!banner || target === document.body || target.querySelector(":scope > .banner[data-failed]")) return;
  banner.dataset.failed = "";
  banner.querySelector("button")?.addEventListener("click", () => {
    banner.remove();
    void htmx.ajax("get", pathInfo.requestPath, { target });
  });
  target.prepend(banner);
}

/** The server's own sentence, when it answered with a problem document or plain text. */
function sentenceOf(xhr: XMLHttpRequest): string {
  const type = xhr.getResponseHeader("Content-Type") ?? "";
  if (type.includes("json")) {
    try {
      const problem = JSON.parse(xhr.responseText) as { detail?: string };
      return problem.detail ?? "";
    } catch {
      return "";
    }
  }
  return type.startsWith("text/plain") ? xhr.responseText.slice(0, 300) : "";
}

export function start(): void {
  document.addEventListener("htmx:configRequest", (event) => {
    const { headers, verb } = detailOf(event);
    if (verb !== "get") headers["X-CSRFToken"] = token();
  });
  document.addEventListener("htmx:beforeRequest", (event) => detailOf(event).target?.setAttribute("aria-busy", "true"));
  document.addEventListener("htmx:afterRequest", (event) => detailOf(event).target?.removeAttribute("aria-busy"));
  document.addEventListener("htmx:responseError", showFailure);
  document.addEventListener("htmx:responseError", (event) => void noticed(detailOf(event).xhr));
  document.addEventListener("htmx:sendError", showFailure);
  document.addEventListener("htmx:afterSettle", (event) => {
    const summary = (event.target as Element).querySelector?.<HTMLElement>("[data-error-summary]");
    summary?.focus();
  });
  // A page that came back with errors starts at their summary.
  document.querySelector<HTMLElement>("[data-error-summary]")?.focus();
}

export { htmx };
