/** The part of Turnstile's script that forms use, and how it is loaded. */

export interface TurnstileParameters {
  readonly sitekey: string;
  readonly action: string;
  readonly size: "flexible" | "compact";
  readonly callback: (token: string) => void;
  /** A true answer tells the script that it was dealt with. */
  readonly "error-callback": (code: string) => boolean;
  readonly "expired-callback": () => void;
  readonly "before-interactive-callback": () => void;
}

export interface Turnstile {
  render(container: HTMLElement, parameters: TurnstileParameters): string | undefined;
  reset(widget: string): void;
}

const LOAD_TIMEOUT_MS = 10_000;

/** @throws where it cannot be loaded in time */
export async function loadTurnstile(url: string): Promise<Turnstile> {
  const present = inPage();
  if (present !== null) return present;
  const script = document.createElement("script");
  // We say where and when a widget appears.
  script.src = `${url}?render=explicit`;
  script.async = true;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error("Turnstile did not load in time"));
    }, LOAD_TIMEOUT_MS);
    script.onload = () => {
      clearTimeout(timer);
      resolve();
    };
    script.onerror = () => {
      clearTimeout(timer);
      reject(new Error("Turnstile could not be loaded"));
    };
    document.head.append(script);
  });
  const loaded = inPage();
  if (loaded === null) throw new Error("Turnstile loaded without its functions");
  return loaded;
}

function inPage(): Turnstile | null {
  const { turnstile } = window as { turnstile?: Turnstile };
  return turnstile ?? null;
}
