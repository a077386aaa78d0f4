// Makes the workbench installable and lets it open without the network: files
// that never change are kept, the page itself is asked for first. Nothing of the
// API is ever kept.
const KEPT = "huiyin-1";
const PAGE = "/index.html";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.add(PAGE)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const drop = (names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(drop).then(() => self.clients.claim()));
});

/** Keeps a file whose name changes with its content; old ones go when there are many. */
async function asset(request) {
  const cache = await caches.open(KEPT);
  const known = await cache.match(request);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) {
    const names = await cache.keys();
    await Promise.all(names.slice(0, Math.max(names.length - 300, 0)).map((name) => cache.delete(name)));
    await cache.put(request, answer.clone());
  }
  return answer;
}

async function page(request) {
  const cache = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    if (answer.ok && answer.headers.get("content-type")?.startsWith("text/html")) await cache.put(PAGE, answer.clone());
    return answer;
  } catch (error) {
    const known = await cache.match(PAGE);
    if (known) return known;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/assets/")) event.respondWith(asset(event.request));
  else if (event.request.mode === "navigate" && !/^\/(api|p|setup|reset)(\/|$)/.test(url.pathname)) event.respondWith(page(event.request));
});
