import { render } from 'preact'
import { watchConnection } from './api/connection.ts'
import { followEvents } from './api/events.ts'
import { refreshShown } from './api/resource.ts'
import { FollowDrawer } from './mi-caja/follow-drawer.ts'
import { followPresses } from './presses/tills.ts'
import { screens } from './screens.ts'
import { followAccess } from './access/access.ts'
import { startSession } from './session/session.ts'
import { watchPath } from './shell/route.ts'
import { Shell } from './shell/shell.tsx'

startSession()
followAccess()
watchPath()
watchConnection()
window.addEventListener('online', () => void refreshShown())
followPresses()
followEvents()
// A page without https has no workers: it needs a connection to open.
if ('serviceWorker' in navigator) {
  navigator.serviceWorker.register('/tienda/sw.js', { scope: '/tienda' }).catch(() => undefined)
}
const root = document.getElementById('screen')
if (root !== null) {
  render(
    <>
      <Shell screens={screens} />
      <FollowDrawer />
    </>,
    root,
  )
}
