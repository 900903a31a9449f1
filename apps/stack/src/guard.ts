import { spawn } from 'node:child_process'

/** Ends this process's children when it dies in any way, SIGKILL and Ctrl-C in the terminal included. */
export type Guard = {
  readonly add: (pid: number) => void
  readonly drop: (pid: number) => void
  /** The guard itself goes away; whatever is still added is ended. */
  readonly close: () => Promise<void>
}

// Standard input closes when its owner is gone; only then are the groups that are left ended.
const script = `
pids=' '
while read -r verb pid; do
  case $verb in
    add) pids="$pids$pid " ;;
    drop) pids="\${pids%% $pid *} \${pids#* $pid }" ;;
  esac
done
alive() { for p in $pids; do kill -0 "-$p" 2>/dev/null && return 0; done; return 1; }
for p in $pids; do kill -TERM "-$p" 2>/dev/null; done
n=0
while alive && [ $n -lt 70 ]; do sleep 0.1; n=$((n+1)); done
for p in $pids; do kill -KILL "-$p" 2>/dev/null; done
exit 0
`

export const createGuard = (): Guard => {
  // In a group of its own, so that Ctrl-C in the terminal does not end the guard before its work is done.
  const shell = spawn('/bin/sh', ['-c', script, 'recargas-guard'], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  const exited = new Promise<void>((resolve) => {
    shell.once('exit', () => resolve())
    shell.once('error', () => resolve())
  })
  shell.stdin.on('error', () => undefined)
  shell.unref()
  // The pipe is a socket underneath, and must not keep its owner from ending.
  ;(shell.stdin as unknown as { unref?: () => void }).unref?.()
  let isClosed = false
  return {
    add: (pid) => {
      if (!isClosed) shell.stdin.write(`add ${pid}\n`)
      // A start that an interruption overtook must leave nothing behind.
      else process.kill(-pid, 'SIGKILL')
    },
    drop: (pid) => {
      if (!isClosed) shell.stdin.write(`drop ${pid}\n`)
    },
    close: () => {
      isClosed = true
      shell.stdin.end()
      shell.ref()
      return exited
    },
  }
}

/** Starts processes under a guard of their own, which ends them where the start fails; else whoever started them closes it. */
export const startOrClose = async <Started>(
  start: (guard: Guard) => Promise<Started>,
): Promise<Started> => {
  const guard = createGuard()
  try {
    return await start(guard)
  } catch (error) {
    await guard.close()
    throw error
  }
}
