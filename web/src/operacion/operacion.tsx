import { isReachable } from '../api/connection.ts'
import { isOldValue, ReadState } from '../api/read-state.tsx'
import { time } from '../language/format.ts'
import { isExpired } from '../session/session.ts'
import { LiveMark } from '../shell/connection-state.tsx'
import { path } from '../shell/route.ts'
import { Panels } from './panels.tsx'
import { Quarantine } from './quarantine.tsx'
import { operation } from './reads.ts'
import { words } from './words.ts'

/** Address of the view for a display on a wall. */
const wallPath = 'operacion/pared'

/** The state of the installation of all shops, for its operator. The view for a wall has no buttons. */
export const Operacion = () => {
  const say = words.value
  const shown = operation.useShown()
  const isWall = path.value === wallPath
  const isOld = isExpired.value || !isReachable.value || isOldValue(shown)
  return (
    <div class={isWall ? 'wall' : 'panels-page'}>
      {isWall && <LiveMark isLive={!isOld} />}
      {shown.state !== 'shown' && <ReadState shown={shown} />}
      {shown.state === 'shown' && (
        <>
          {(isWall || isOld) && <p class={isOld ? 'old' : ''}>{say.asOf(time(shown.at))}</p>}
          <Panels operation={shown.value} isOld={isOld} />
          {!isWall && (
            <>
              <Quarantine operation={shown.value} />
              <p>
                <a href={`#/${wallPath}`}>{say.wall}</a>
              </p>
            </>
          )}
        </>
      )}
    </div>
  )
}
