import { effect } from '@preact/signals'
import { EventSourceParserStream } from 'eventsource-parser/stream'
import { isExpired, person } from '../session/session.ts'
import { client } from './client.ts'
import { noteFailure } from './connection.ts'
import { refreshSoon } from './resource.ts'

/** The gateway writes each ten seconds at least; a longer silence is a lost connection. */
const silenceMs = 25_000
const shortestPauseMs = 1_000
const longestPauseMs = 30_000

/**
 * Reads the screen again at each change of the shop while somebody is signed in. A gateway without a free stream leaves the
 * screen to its own polling.
 */
export const followEvents = (): void => {
  effect(() => {
    const token = isExpired.value ? undefined : person.value?.token
    if (token === undefined) return
    const ending = new AbortController()
    void listen(ending.signal)
    return () => ending.abort()
  })
}

const listen = async (ended: AbortSignal): Promise<void> => {
  const heard = { id: '' }
  const isOver = () => ended.aborted
  let pauseMs = shortestPauseMs
  while (!isOver()) {
    try {
      if (await readStream(heard, ended)) pauseMs = shortestPauseMs
    } catch (error) {
      if (!isOver()) noteFailure(error)
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
    pauseMs = Math.min(longestPauseMs, pauseMs * 2)
  }
}

/** @returns false where the gateway gave no stream */
const readStream = async (heard: { id: string }, ended: AbortSignal): Promise<boolean> => {
  const silence = new AbortController()
  ended.addEventListener('abort', () => silence.abort(), { once: true })
  const { response, data } = await client.api.GET('/eventos', {
    parseAs: 'stream',
    signal: silence.signal,
    headers: heard.id === '' ? {} : { 'Last-Event-ID': heard.id },
  })
  if (!response.ok || data === undefined || data === null) return false
  const watch = watchSilence(() => silence.abort())
  const reader = data
    .pipeThrough(new TransformStream<Uint8Array, Uint8Array>({ transform: watch.pass }))
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .pipeThrough(new EventSourceParserStream())
    .getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return true
      heard.id = value.id ?? heard.id
      if (value.event !== 'fin') refreshSoon()
    }
  } finally {
    watch.end()
  }
}

const watchSilence = (onSilence: () => void) => {
  let timer = setTimeout(onSilence, silenceMs)
  const end = () => clearTimeout(timer)
  return {
    end,
    pass: (chunk: Uint8Array, controller: TransformStreamDefaultController<Uint8Array>) => {
      end()
      timer = setTimeout(onSilence, silenceMs)
      controller.enqueue(chunk)
    },
  }
}
