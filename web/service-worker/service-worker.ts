/**
 * The service worker: a page for those who are offline, and nothing else. It keeps that page, the style sheet, the page's
 * script and the icon; never a product, a price, or anything of a shopper's. Page loads go to the network first and meet
 * the kept page only where no answer comes. Whatever is sent (POST), and everything under /api, passes it by.
 *
 * KILL SWITCH: set `RETIRED` in local/build/service-worker.ts and deploy. Browsers look for a new /sw.js at every page load
 * (it is never cached) and get one that removes what was kept and unregisters itself.
 */

export {};
declare const self: ServiceWorkerGlobalScope;
/** Filled in by the build: differs whenever the kept files or this code do. */
declare const VERSION: string;
/** Filled in by the build: paths of the page's style sheet, script and icon. */
declare const KEPT_FILES: readonly string[];
/** Filled in by the build. */
declare const RETIRED: boolean;

const PREFIX = "holdfast-offline-";
const CACHE = PREFIX + VERSION;
const OFFLINE_PAGE = "/offline";

/** Not in the compiler's library yet: https://developer.mozilla.org/docs/Web/API/InstallEvent/addRoutes */
interface RoutingInstallEvent extends ExtendableEvent {
  addRoutes?(routes: readonly object[]): Promise<void>;
}

self.addEventListener("install", (event) => {
  event.waitUntil(RETIRED ? self.skipWaiting() : install(event));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(RETIRED ? retire() : activate());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (RETIRED || request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname.startsWith("/api/")) return;
  if (request.mode === "navigate") event.respondWith(pageOrOfflinePage(event));
  else if (KEPT_FILES.includes(pathname)) event.respondWith(fileOrKeptFile(request));
});

/** Fails, and leaves the former worker in place, unless every file could be had. */
async function install(event: RoutingInstallEvent): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(
    [OFFLINE_PAGE, ...KEPT_FILES].map((path) => new Request(path, { cache: "reload", credentials: "omit" })),
  );
  await passByWithoutWaking(event);
  // Nothing that an open page uses changes with the worker, so it need not wait for those pages to close.
  await self.skipWaiting();
}

/** Where the browser can route by itself, pictures, scripts and API calls do not wait for this worker to start. */
async function passByWithoutWaking(event: RoutingInstallEvent): Promise<void> {
  try {
    await event.addRoutes?.([
      ...KEPT_FILES.map((pathname) => ({ condition: { urlPattern: { pathname } }, source: "fetch-event" })),
      { condition: { not: { requestMode: "navigate" } }, source: "network" },
    ]);
  } catch {
    // A browser that knows other conditions: the listener above says the same, only later.
  }
}

async function activate(): Promise<void> {
  await removeCaches((name) => name !== CACHE);
  // The page is asked for while this worker starts, so that it delays nobody.
  await self.registration.navigationPreload.enable();
}

async function retire(): Promise<void> {
  await removeCaches(() => true);
  await self.registration.unregister();
}

async function removeCaches(isUnwanted: (name: string) => boolean): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && isUnwanted(name)).map((name) => caches.delete(name)),
  );
}

/** Any answer of the network's is passed on, errors too; only silence is answered from here. */
async function pageOrOfflinePage(event: FetchEvent): Promise<Response> {
  try {
    const preloaded = (await event.preloadResponse) as Response | undefined;
    return preloaded ?? (await fetch(event.request));
  } catch (silence) {
    const kept = await caches.match(OFFLINE_PAGE, { cacheName: CACHE });
    if (kept === undefined) throw silence;
    return kept;
  }
}

async function fileOrKeptFile(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (silence) {
    const kept = await caches.match(request, { cacheName: CACHE, ignoreSearch: true });
    if (kept === undefined) throw silence;
    return kept;
  }
}
