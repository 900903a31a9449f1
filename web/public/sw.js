/**
 * Keeps the screen's own files, so that it opens without a connection too. The network comes first: a new version is never held
 * up. Calls of the API are left alone, and nothing of them is kept here.
 */
const cacheName = 'recargas-screen'
const pagePath = '/tienda'

self.addEventListener('install', (event) => {
  self.skipWaiting()
  event.waitUntil(keepPage())
})
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('fetch', (event) => {
  const { pathname } = new URL(event.request.url)
  const isOwn = pathname === pagePath || pathname.startsWith(`${pagePath}/`)
  if (event.request.method === 'GET' && isOwn) event.respondWith(networkFirst(event.request))
})

/** The page that installs this file was loaded without it: its files are fetched once more, mostly from the browser's cache. */
async function keepPage() {
  const cache = await caches.open(cacheName)
  const page = await fetch(pagePath)
  const text = await page.clone().text()
  await cache.put(pagePath, page)
  await cache.addAll(
    [...text.matchAll(/(?:src|href)="(\/tienda\/[^"]+)"/g)].map(([, path]) => path),
  )
}

async function networkFirst(request) {
  const cache = await caches.open(cacheName)
  const key = request.mode === 'navigate' ? pagePath : request
  try {
    const response = await fetch(request)
    if (response.ok) await cache.put(key, response.clone())
    return response
  } catch (error) {
    const kept = await cache.match(key)
    if (kept === undefined) throw error
    return kept
  }
}
