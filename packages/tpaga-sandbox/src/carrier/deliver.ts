import type { ServerResponse } from 'node:http'
import type { CallEntry, CallLog } from './call-log.ts'
import type { Send } from '../scenarios/scenarios.ts'
import { type Activity, resetConnection } from './activity.ts'
import type { Answer } from '../scenarios/answer.ts'

/** One HTTP exchange of a carrier call and its entry in the log. */
export type Call = { readonly response: ServerResponse; readonly entry: CallEntry }

export type Deliver = (call: Call, answer: Answer, send?: Send, delayMs?: number) => void

const json = 'application/json; charset=utf-8'
const dropsOfASlowBody = 20

/** Sends an answer in the manner of a scenario and logs it. */
export function createDeliver(log: CallLog, activity: Activity): Deliver {
  return (call, answer, send = 'whole', delayMs = 0) => {
    const { response, entry } = call
    // The caller may have left while the carrier was busy; the log has it already.
    if (!entry.open || response.destroyed) return
    switch (send) {
      case 'whole':
        end(response, answer, bodyOf(answer))
        log.finish(entry, answer.status)
        return
      case 'half': {
        const whole = bodyOf(answer)
        end(response, answer, whole.subarray(0, Math.floor(whole.length / 2)))
        log.finish(entry, answer.status)
        return
      }
      case 'half-then-reset':
        halfThenReset(response, answer)
        log.finish(entry, 'reset')
        return
      case 'slowly':
        entry.status = answer.status
        dropByDrop(response, answer, delayMs, activity)
        return
      case 'never':
        entry.status = 'hung'
        activity.hold(response, delayMs)
        return
      case 'reset':
        log.finish(entry, 'reset')
        resetConnection(response)
        return
    }
  }
}

function end(response: ServerResponse, answer: Answer, body: Buffer): void {
  response.writeHead(answer.status, headersOf(answer, body.length))
  response.end(body)
}

function halfThenReset(response: ServerResponse, answer: Answer): void {
  const body = bodyOf(answer)
  response.writeHead(answer.status, headersOf(answer, body.length))
  // The reset waits for the write, else it would overtake the half body it is to cut.
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => resetConnection(response))
}

function dropByDrop(
  response: ServerResponse,
  answer: Answer,
  delayMs: number,
  activity: Activity,
): void {
  const body = bodyOf(answer)
  const dropBytes = Math.max(1, Math.ceil(body.length / dropsOfASlowBody))
  const pauseMs = Math.max(1, Math.floor(delayMs / dropsOfASlowBody))
  response.writeHead(answer.status, headersOf(answer, body.length))
  response.flushHeaders()
  const drop = (from: number) => {
    if (response.destroyed) return
    if (from >= body.length) {
      response.end()
      return
    }
    response.write(body.subarray(from, from + dropBytes))
    activity.after(pauseMs, response, () => drop(from + dropBytes))
  }
  activity.after(pauseMs, response, () => drop(0))
}

function bodyOf(answer: Answer): Buffer {
  return Buffer.from(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body))
}

function headersOf(answer: Answer, length: number): Record<string, string | number> {
  return {
    'content-type': answer.contentType ?? json,
    'content-length': length,
    ...answer.headers,
  }
}
